/** Native sessions without FFmpegs around them: NUT goes in and comes out as bytes, through sockets the tests hold. */
import { Socket } from 'node:net';
import { compilePlan, type DeviceId, type FrameShape, type Pipeline, pipeline } from 'framelane';
import { addon } from '../../src/native/binding.ts';
import type { NativeSessionOutput, SessionHandle } from '../../src/native/media.ts';
import type { PlanHandle } from '../../src/native/plan.ts';
import { ffmpeg } from './programs.ts';

export interface OutputRequest extends Partial<Omit<NativeSessionOutput, 'descriptor' | 'plan'>> {
  readonly look?: Pick<Pipeline, 'stages'>;
  readonly format?: FrameShape['format'];
  /** Instead of one of the look. */
  readonly plan?: PlanHandle;
}

export interface SessionRequest {
  readonly shape: FrameShape;
  readonly outputs: readonly OutputRequest[];
  readonly device?: DeviceId;
}

/** A session with our ends of its sockets: what stands in for the decoder and the encoders. */
export interface Connected {
  readonly handle: SessionHandle;
  readonly decoder: Socket;
  readonly encoders: readonly Socket[];
}

function socketPair(): { native: number; socket: Socket } {
  const { local, remote } = addon().socketPair();
  const socket = new Socket({ fd: remote, allowHalfOpen: true });
  socket.on('error', () => {}); // the session went first
  return { native: local, socket };
}

export function planOf({ shape, device = 'cpu' }: SessionRequest, output: OutputRequest) {
  const { look = pipeline(), format = shape.format, plan } = output;
  return plan ?? compilePlan(look, shape, { device, output: { format } });
}

export function connect(request: SessionRequest): Connected {
  const input = socketPair();
  const ends = request.outputs.map(socketPair);
  const outputs = request.outputs.map((output, i): NativeSessionOutput => {
    const { frameRate = [25, 1], constantRate = null, start = 0, maxFrames = 0, ending } = output;
    const descriptor = ends[i]?.native ?? -1;
    const plan = planOf(request, output);
    return { descriptor, plan, frameRate, constantRate, start, ending, maxFrames };
  });
  const handle = new (addon().SessionHandle)(input.native, outputs);
  return { handle, decoder: input.socket, encoders: ends.map(({ socket }) => socket) };
}

/** Everything until the other side ends. */
export async function drain(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A whole session: what its outputs got. */
export async function runNative(nut: Buffer, request: SessionRequest) {
  const { handle, decoder, encoders } = connect(request);
  decoder.end(nut);
  const received = Promise.all(encoders.map(drain));
  try {
    const whole = await handle.run();
    const stats = handle.stats();
    // An output without frames is left waiting.
    for (const [i, encoder] of encoders.entries()) {
      if (stats.outputs[i]?.framesOut === 0) encoder.destroy();
    }
    return { whole, stats, outputs: await received.catch(() => []) };
  } finally {
    decoder.destroy();
    await handle.close();
  }
}

const passthrough = ['-vsync', 'passthrough', '-copyts'];

/** The frames of a file as a decoder of a session sends them. */
export function decoded(path: string): Buffer {
  const raw = ['-c:v', 'rawvideo', '-enc_time_base', '-1', '-write_index', '0'];
  return ffmpeg(['-copyts', '-i', path, '-an', ...passthrough, ...raw, '-f', 'nut', 'pipe:1']);
}

export interface Shown {
  readonly timeBase: string;
  /** Time in ticks and hash of each frame. */
  readonly frames: readonly string[];
}

/** What FFmpeg sees in NUT. */
export function shown(nut: Buffer): Shown {
  return listed(
    ['-copyts', '-f', 'nut', '-i', 'pipe:0', ...passthrough, '-enc_time_base', '-1'],
    nut,
  );
}

/** What FFmpeg's filter makes of a file. */
export function filtered(path: string, filter: string): Shown {
  return listed(['-copyts', '-i', path, '-an', '-vf', filter, ...passthrough]);
}

function listed(args: readonly string[], input?: Uint8Array): Shown {
  const lines = ffmpeg([...args, '-c:v', 'rawvideo', '-f', 'framemd5', '-'], input).toString();
  const fields = lines
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split(',').map((field) => field.trim()));
  return {
    timeBase: /^#tb 0: (.*)$/m.exec(lines)?.[1] ?? '',
    frames: fields.map(([, , pts, , , hash]) => `${pts} ${hash}`),
  };
}

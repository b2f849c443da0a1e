/**
 * Repairs recordings whose clock jumps, because two were joined or the receiver lost its signal. Everything after this reads a
 * copy with continuous times, so that picture, sound, sections and seeking agree in every FFmpeg.
 */
import { type FileHandle, open as openFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { FramelaneError } from '../../errors/errors.ts';
import { abortError } from '../../system/abort.ts';
import type { ClockJump } from '../format/clock-jumps.ts';
import type { VideoInfo } from '../format/video-info.ts';
import { type ClockScan, scanClock } from './clock-scan.ts';
import { ClockShift } from './clock-shift.ts';
import { openNameless } from './kept-stream.ts';
import type { PacketRowsOptions } from './packet-rows.ts';
import { ProgramStream } from './program-stream.ts';
import { TransportStream } from './transport-stream.ts';

export interface RepairedClock {
  readonly jumps: readonly ClockJump[];
  readonly duration: number;
  /** The warning for the user. */
  readonly warning: string;
  /** The copy, as FFmpeg opens it. */
  readonly url: string;
  close(): Promise<void>;
}

/** MPEG allows the clock to jump; in other containers a jump looks the same as a pause in the recording. */
const jumping = /^mpeg(ts)?$/;

/** A copy with a continuous clock, in an unlinked temporary file; undefined where the clock does not jump. */
export async function repairClock(
  info: VideoInfo,
  options: PacketRowsOptions,
): Promise<RepairedClock | undefined> {
  if (!canJump(info)) return undefined;
  const scan = await scanClock(info, options);
  if (options.signal?.aborted) throw abortError(`opening ${info.path}`, options.signal);
  if (scan === undefined || scan.jumps.length === 0) return undefined;
  const copy = await openNameless(info.path);
  try {
    await copyRepaired(info, scan, copy, options.signal);
  } catch (error) {
    await copy.close();
    throw error;
  }
  return {
    jumps: scan.jumps,
    duration: scan.duration,
    warning: `${info.path}: ${describe(scan.jumps)}`,
    url: `file:/proc/${process.pid}/fd/${copy.fd}`,
    close: () => copy.close(),
  };
}

/** Whether it is a file in a container whose clock may jump. */
export function canJump({ container, source }: VideoInfo): boolean {
  return source.kind === undefined && jumping.test(container);
}

const listed = 3;

function describe(jumps: readonly ClockJump[]): string {
  const places = jumps.slice(0, listed).map(({ at, by }) => {
    return `${by < 0 ? 'back' : 'ahead'} by ${Math.abs(by).toFixed(3)} s at ${at.toFixed(3)} s`;
  });
  const more = jumps.length > listed ? `, and ${jumps.length} times in all` : '';
  return `its clock jumps ${places.join(', ')}${more}; the output continues there without a gap, as in players`;
}

const chunk = 1 << 20;
/** Zeros after the end, because the parsers look ahead. */
const margin = 512;

async function copyRepaired(
  { path, source, container }: VideoInfo,
  { changes }: ClockScan,
  copy: FileHandle,
  signal: AbortSignal | undefined,
): Promise<void> {
  const transport = container === 'mpegts';
  const shift = new ClockShift(changes, transport ? 16 : 0);
  const stream = transport ? new TransportStream(shift) : new ProgramStream(shift);
  await using input = await openFile(source.url.replace(/^file:/, ''), 'r');
  const buffer = new Uint8Array(2 * chunk + margin);
  let [kept, position, ended] = [0, 0, false];
  while (!ended) {
    if (signal?.aborted) throw abortError(`opening ${path}`, signal);
    const { bytesRead } = await input.read(buffer, kept, chunk, position + kept);
    ended = bytesRead === 0;
    const filled = kept + bytesRead;
    if (ended) buffer.fill(0, filled, filled + margin);
    const whole = stream.rewrite(buffer.subarray(0, ended ? filled + margin : filled), position);
    const done = ended || filled - whole > chunk ? filled : Math.min(whole, filled);
    await write(copy, buffer.subarray(0, done), position, path);
    for (const patch of stream.takePatches()) {
      await write(copy, Uint8Array.of(patch.byte), patch.position, path);
    }
    buffer.copyWithin(0, done, filled);
    kept = filled - done;
    position += done;
  }
}

async function write(
  copy: FileHandle,
  bytes: Uint8Array,
  position: number,
  path: string,
): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    try {
      const rest = bytes.subarray(done);
      done += (await copy.write(rest, 0, rest.length, position + done)).bytesWritten;
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      throw new FramelaneError(
        'ERR_INPUT_INVALID',
        `${path}: its clock jumps, and a repaired copy cannot be written to ${tmpdir()} (${code}); set TMPDIR to another folder`,
        { cause },
      );
    }
  }
}

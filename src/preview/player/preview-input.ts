/** The sources of a player: video inputs, generated frames and running sessions. */
import { type DeviceId, type DeviceOption, resolveDevice } from '../../device.ts';
import { describeValue, FramelaneError } from '../../errors/errors.ts';
import type { Frame } from '../../image/frame.ts';
import type { NativeShape } from '../../native/plan.ts';
import { isPlainObject } from '../../schema/declaration.ts';
import type { VideoInfo } from '../../video/format/video-info.ts';
import { frameShape } from '../../video/input/decoder.ts';
import { type OpenInputOptions, VideoInput } from '../../video/input/input.ts';
import { Session, type WatchedOutput } from '../../video/session/session.ts';
import { DecodedStream } from './decoded-stream.ts';
import type { FrameStream } from './frame-stream.ts';
import {
  type GeneratedInput,
  GeneratedStream,
  generatedInfo,
  parseGenerated,
} from './generated.ts';
import { WatchedStream } from './watched-stream.ts';

/** A name, generated frames, or a session whose first output is watched while it runs. */
export type PlayerInput = string | GeneratedInput | Session;

/** By default a session's frames stay on its device. */
export function deviceFor(input: PlayerInput, device: DeviceOption | undefined): DeviceId {
  return device === undefined && input instanceof Session ? input.device : resolveDevice(device);
}

export interface PreviewInput extends AsyncDisposable {
  readonly info: VideoInfo;
  readonly shape: NativeShape;
  /** The decoded input; undefined for generated frames and sessions. */
  readonly video: VideoInput | undefined;
  /** Frames from the one on display at a time, in seconds from the start. */
  start(from: number): FrameStream;
}

/**
 * Opens a file, an image sequence, a camera, a screen, a URL, a pattern, or blank frames: `clip.mp4`, `/dev/video0`,
 * `x11:`, `rtsp://host/live`, `lavfi:testsrc2`, `generate:1280x720@60`. Nothing is decoded before `start`.
 */
export async function openPreviewInput(
  input: PlayerInput,
  device: DeviceId,
  options: OpenInputOptions,
): Promise<PreviewInput> {
  if (input instanceof Session) return sessionInput(await input.frames());
  if (typeof input !== 'string' && !isPlainObject(input)) {
    const expected =
      'expected a path, a URL, the name of a device, { width, height }, or a session';
    const message = `input: ${expected}, received ${describeValue(input)}`;
    throw new FramelaneError('ERR_INVALID_ARGUMENT', message, { path: 'input' });
  }
  const generated = typeof input === 'string' ? parseGenerated(input) : input;
  if (generated !== undefined) return generatedInput(generated);
  const video = await VideoInput.open(input as string, options);
  const { info, shape } = video;
  return {
    info,
    shape,
    video,
    start: (from) => new DecodedStream(video, device, from),
    [Symbol.asyncDispose]: () => video[Symbol.asyncDispose](),
  };
}

function sessionInput({ info, shape, watch }: WatchedOutput): PreviewInput {
  return {
    info,
    shape,
    video: undefined,
    start: () => new WatchedStream(watch()),
    [Symbol.asyncDispose]: async () => {},
  };
}

function generatedInput(input: GeneratedInput): PreviewInput {
  const info = generatedInfo(input);
  const shape = frameShape(info);
  const cleared = new WeakSet<Frame>();
  return {
    info,
    shape,
    video: undefined,
    start: (from) => new GeneratedStream(info, shape, from, cleared),
    [Symbol.asyncDispose]: async () => {},
  };
}

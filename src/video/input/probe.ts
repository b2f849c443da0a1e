/** Describes a video by ffprobe. */
import { stat } from 'node:fs/promises';
import { FramelaneError } from '../../errors/errors.ts';
import { checkNames, namesOf } from '../../errors/option-names.ts';
import { findTool } from '../../ffmpeg/ffmpeg.ts';
import { patientLimits, probeLimits } from '../../ffmpeg/limits.ts';
import { type Child, capture } from '../../ffmpeg/process.ts';
import { untilAborted } from '../../system/abort.ts';
import { type Fields, list, parseAnswer } from '../format/ffprobe-fields.ts';
import { interlacedOrder, mayHaveFields, mayTurnInterlaced } from '../format/interlace.ts';
import { frameRateOf, toNumber } from '../format/rational.ts';
import { type InputSource, sourceArgs } from '../format/source.ts';
import { hasPackets } from '../format/stream-info.ts';
import { elementary, type VideoInfo } from '../format/video-info.ts';
import { canJump, repairClock } from './clock-repair.ts';
import { describeVideo } from './describe-video.ts';
import { guardFailure } from './guard.ts';
import { defaultFrameRate, openSource } from './open-source.ts';
import { checkInput, type InputOptions } from './options.ts';
import { seconds } from './section.ts';
import type { StreamChoice } from './stream-choice.ts';

export type {
  AudioStream,
  CopiedStream,
  Program,
  StreamInfo,
  VideoInfo,
} from '../format/video-info.ts';

export interface ProbeOptions
  extends StreamChoice,
    Pick<InputOptions, 'inputFrameRate' | 'inputTimeout' | 'allowPlaylists'> {
  readonly ffprobe?: string | undefined;
  /** Ends ffprobe; the promise rejects with ERR_ABORTED. */
  readonly signal?: AbortSignal | undefined;
}

const optionNames = namesOf<ProbeOptions>({
  inputFrameRate: true,
  inputTimeout: true,
  videoStream: true,
  program: true,
  audioStreams: true,
  allowPlaylists: true,
  ffprobe: true,
  signal: true,
});

/**
 * Size, formats, rates, colours and streams of a video file, an image sequence (`frames/%04d.png`), stdin (`-`), a URL, a
 * camera (`/dev/video0`), a screen (`x11:`) or a pattern (`lavfi:testsrc2`); ERR_INPUT_UNREACHABLE where nothing answers.
 *
 * @example
 * const { width, height, frameRate } = await probe('in.mp4')
 */
export async function probe(path: string, options: ProbeOptions = {}): Promise<VideoInfo> {
  checkNames(options, optionNames);
  const { ffprobe: _, signal: __, ...input } = options;
  checkInput(input);
  await using open = await openSource(path, options);
  const info = await probeSource(open.source, options);
  if (!canJump(info) || (await sizeOf(open.source)) > readWhole) return info;
  await using repaired = await withRepairedClock(info, options);
  return { ...repaired.info, source: open.source };
}

/** The description of a file whose streams are copied, readable until it is disposed of. */
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

/** The largest recording, in bytes, that is read to its end just to determine its duration. */
const readWhole = 256 << 20;

async function sizeOf({ url }: InputSource): Promise<number> {
  return (await stat(url.replace(/^file:/, ''))).size;
}

/** The description of a file, or of a repaired copy where its clock jumps, which lives until it is disposed of. */
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

/** The description of an open source, with `inputFrameRate` where it has no timestamps. */
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
    `inputFrameRate: expected an image sequence or a raw video stream, but ${source.path} (${info.container}) has timestamps`,
    { path: 'inputFrameRate' },
  );
}

/** A broadcast has no header that lists its streams, and FFmpeg would analyse it for 5 s. */
const quick = ['-analyzeduration', '1500000'];

/** Milliseconds: connecting and the first answer may each take `timeout`, then FFmpeg analyses the stream. */
function openingTimeout(timeout: number): number {
  return Math.ceil((2 * timeout + 5) * 1000);
}

function probeFailure(source: InputSource, run: Child, late: boolean): FramelaneError {
  const { path, url, kind, timeout } = source;
  if (late) {
    const message = `${path}: no video within ${openingTimeout(timeout ?? 0) / 1000} s`;
    return new FramelaneError('ERR_INPUT_UNREACHABLE', message);
  }
  // FFmpeg's messages repeat the URL, which may contain a password.
  const said = kind === 'network' ? run.messages.last.replaceAll(url, path) : run.messages.last;
  const guarded = guardFailure(path, run.messages.summary() ?? '');
  if (guarded !== undefined) return guarded;
  const reason = said || `ffprobe ended with ${run.exit?.signal ?? run.exit?.code}`;
  if (run.exit?.signal === 'SIGSEGV' && kind !== undefined) {
    const cause =
      kind === 'network'
        ? 'cannot resolve host names: use a numeric address, or'
        : 'may crash when they open a device or a display: check that it exists, or';
    const remedy = 'set FRAMELANE_FFMPEG and FRAMELANE_FFPROBE to other builds';
    const message = `${path}: ${reason}; the builds that npm installs ${cause} ${remedy}`;
    return new FramelaneError('ERR_INPUT_UNREACHABLE', message);
  }
  if (/Protocol not found|Unknown input format/.test(reason)) {
    const remedy = 'set the option ffprobe or FRAMELANE_FFPROBE to another ffprobe';
    return new FramelaneError('ERR_FFMPEG_CAPABILITY', `${path}: ${reason}\n${remedy}`);
  }
  const reached = kind === undefined || kind === 'pattern' || /Invalid data found/.test(reason);
  return reached
    ? new FramelaneError('ERR_INPUT_INVALID', `${path}: not a readable video: ${reason}`)
    : new FramelaneError('ERR_INPUT_UNREACHABLE', `${path}: cannot be opened: ${reason}`);
}

/** The first packets of a seekable file, which show which streams are encrypted, and which have packets at all. */
const firstPackets = [
  ...['-show_packets', '-read_intervals', '%+#32'],
  ...['-show_entries', 'packet=stream_index:packet_side_data=side_data_type'],
];

async function describeSource(source: InputSource, options: ProbeOptions): Promise<VideoInfo> {
  const tool = await findTool('ffprobe', options.ffprobe);
  const ask = async (what: readonly string[]): Promise<Fields> => {
    const args = ['-v', 'error', '-print_format', 'json', ...what];
    const late = source.timeout && openingTimeout(source.timeout);
    const patience = late === undefined ? undefined : AbortSignal.timeout(late);
    const signals = [options.signal, patience].filter((signal) => signal !== undefined);
    const run = await capture(tool, [...args, ...sourceArgs(source)], AbortSignal.any(signals), {
      limits: patientLimits(probeLimits, (late ?? 0) / 1000),
      about: source.path,
    });
    if (run.exit?.code !== 0) throw probeFailure(source, run, patience?.aborted ?? false);
    return parseAnswer(tool, source.path, run.stdout);
  };
  const isFile = source.kind === undefined && source.options.length === 0;
  const streams = ['-show_format', '-show_streams', '-show_programs'];
  const all = isFile ? [...streams, ...firstPackets] : streams;
  let described = await ask(source.kind === 'network' ? [...quick, ...all] : all);
  if (!list(described['streams']).some((stream) => stream['width'])) described = await ask(all);
  const empty = isFile ? await emptyStreams(described, ask) : new Set<number>();
  const describe = (frames: readonly Fields[] = []) =>
    describeVideo(source, described, options, { frames, empty });
  const info = describe();
  const look = async (...args: string[]): Promise<Fields[]> => {
    const asked = ask(['-select_streams', `${info.index}`, ...args, '-show_frames']);
    // Damage is reported when the video is decoded.
    return list((await asked.catch(() => ({}) as Fields))['frames']);
  };
  const count = framesWorthALook(info);
  if (count === 0) return info;
  const frames = await look('-read_intervals', `%+#${count}`);
  const seen = describe(frames);
  if (interlacedOrder(seen) !== undefined || !mayTurnInterlaced(seen)) return seen;
  const later = await look('-skip_frame', 'nokey', '-read_intervals', laterPlaces(seen).join(','));
  return describe([...frames, ...later]);
}

/** The streams of a file without a packet; looks for the first packet where nothing else proves that there is one. */
async function emptyStreams(
  described: Fields,
  ask: (what: readonly string[]) => Promise<Fields>,
): Promise<ReadonlySet<number>> {
  const met = new Set(list(described['packets']).map((packet) => packet['stream_index']));
  const inQuestion = list(described['streams']).filter((stream) => {
    const usable = (stream['channels'] || stream['width']) && stream['codec_name'];
    return usable && !met.has(stream['index']) && !hasPackets(stream);
  });
  const empty = new Set<number>();
  for (const { index } of inQuestion) {
    const first = ['-select_streams', `${index}`, '-read_intervals', '%+#1', '-show_packets'];
    const { packets } = await ask([...first, '-show_entries', 'packet=stream_index']);
    if (list(packets).length === 0) empty.add(Number(index));
  }
  return empty;
}

/** How many frames to read for fields, captions and light levels, which only frames may tell. None of a live source, to save time. */
function framesWorthALook(info: VideoInfo): number {
  const { kind, options } = info.source;
  if (info.live || kind !== undefined || options.length > 0) return 0;
  if (mayHaveFields(info.codec)) return 8;
  const known = info.masteringDisplay !== undefined && info.contentLight !== undefined;
  return !known && /^(smpte2084|arib-std-b67)$/.test(info.transfer ?? '') ? 1 : 0;
}

/** Three later intervals of the file, of which only key frames are decoded. */
function laterPlaces({ startTime, duration = 0 }: VideoInfo): string[] {
  return [0.25, 0.5, 0.75].map((part) => `${seconds(startTime + part * duration)}%+#60`);
}

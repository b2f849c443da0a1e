/** An opened input: its description, and how to decode it. */
import { FramelaneError } from '../../errors/errors.ts';
import { capabilities } from '../../ffmpeg/capabilities.ts';
import { type Ffmpeg, openFfmpeg } from '../../ffmpeg/ffmpeg.ts';
import type { NativeShape } from '../../native/plan.ts';
import { type Pipeline, pipeline } from '../../pipeline/pipeline.ts';
import { abortError, untilAborted } from '../../system/abort.ts';
import { squarePixelSize } from '../format/geometry.ts';
import {
  deinterlacing,
  doubledRate,
  type InterlacedOrder,
  interlacedOrder,
} from '../format/interlace.ts';
import type { InputSource } from '../format/source.ts';
import type { VideoInfo } from '../format/video-info.ts';
import { deviceOf } from './capture-source.ts';
import { Decoder, type Decoding, frameShape } from './decoder.ts';
import { liesOnGrid } from './frame-grid.ts';
import { chooseHwaccel } from './hwaccel.ts';
import { seekTarget } from './key-frame.ts';
import { protocolOf } from './network-source.ts';
import { openSource } from './open-source.ts';
import type { InputOptions, SectionOptions } from './options.ts';
import { probeSource, withRepairedClock } from './probe.ts';

export interface OpenInputOptions extends InputOptions {
  readonly ffmpeg?: string | undefined;
  readonly ffprobe?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether `constantRate` must be verified, because the time base of an encoder depends on it. */
  readonly sureOfRate?: boolean | undefined;
}

/** Owns what the source needs; no FFmpeg may read the source after this is disposed of. */
export class VideoInput implements AsyncDisposable {
  readonly info: VideoInfo;
  readonly shape: NativeShape;
  readonly warnings: readonly string[];
  /** Which field comes first, where frames stay interlaced. */
  readonly fieldOrder: InterlacedOrder | undefined;
  readonly #ffmpeg: Ffmpeg;
  readonly #decoding: Decoding;
  /** The opened sources, a repaired copy before its original. */
  readonly #held: readonly AsyncDisposable[];

  private constructor(
    info: VideoInfo,
    warnings: readonly string[],
    ffmpeg: Ffmpeg,
    decoding: Decoding,
    held: readonly AsyncDisposable[],
  ) {
    this.info = info;
    this.shape = frameShape(info);
    this.warnings = warnings;
    this.#ffmpeg = ffmpeg;
    this.#decoding = decoding;
    this.#held = held;
    this.fieldOrder = decoding.deinterlace === undefined ? interlacedOrder(info) : undefined;
  }

  /** Probes the input and decides how to decode it; ERR_INPUT_… or ERR_UNSUPPORTED_FORMAT where it cannot be decoded. */
  static async open(path: string, options: OpenInputOptions): Promise<VideoInput> {
    const open = await openSource(path, options);
    const held: AsyncDisposable[] = [open];
    try {
      const asked = Promise.all([probeSource(open.source, options), openFfmpeg(options.ffmpeg)]);
      const [probed, ffmpeg] = await untilAborted(asked, `opening ${path}`, options.signal);
      const repaired = await withRepairedClock(probed, options);
      held.unshift(repaired);
      requireWithin(repaired.info, options);
      await requireReadable(open.source, ffmpeg);
      const whole = await withSureRate(await withDecoder(repaired.info, ffmpeg), options);
      const { format } = frameShape(whole);
      const { deinterlace = 'auto', hwaccel = 'none' } = options;
      const [filters, otherDecoders] = await Promise.all([
        capabilities(ffmpeg, 'filters'),
        capabilities(ffmpeg, 'otherDecoders'),
      ]);
      const fields = deinterlacing(whole, format, deinterlace, filters);
      const info = fields.doubled ? doubledRate(whole) : whole;
      const decoding = {
        section: options,
        // The decoder is named (libvpx) for the alpha, which hardware does not decode.
        hwaccel: info.decoder ? undefined : await chooseHwaccel(ffmpeg, info, hwaccel),
        deinterlace: fields.filter,
        otherDecoders,
        ticks: fields.doubled ? `${info.timeBase.num}:${info.timeBase.den}` : undefined,
        seek: await seekTarget(info, options.from ?? 0, options),
      };
      // The abort may have come while nothing here listened for it.
      if (options.signal?.aborted) throw abortError(`opening ${path}`, options.signal);
      const warnings = [...info.warnings, ...(fields.warning ? [fields.warning] : [])];
      return new VideoInput(info, warnings, ffmpeg, decoding, held);
    } catch (error) {
      for (const one of held) await one[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts the FFmpeg that decodes it into a socket; `section` replaces that of the options. */
  start(descriptor: number, section?: SectionOptions): Decoder {
    const other = section && { section, seek: undefined };
    return new Decoder(this.#ffmpeg, this.info, { ...this.#decoding, ...other }, descriptor);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const one of this.#held) await one[Symbol.asyncDispose]();
  }
}

async function withSureRate(info: VideoInfo, options: OpenInputOptions): Promise<VideoInfo> {
  if (!options.sureOfRate) return info;
  const looked = liesOnGrid(info, options);
  const constantRate = await untilAborted(looked, `opening ${info.path}`, options.signal);
  return { ...info, constantRate };
}

/** The stages that make the pixels of an input square, if requested. */
export function squaringStages(
  info: VideoInfo,
  { squarePixels }: InputOptions,
): Pipeline['stages'] {
  const size = squarePixels ? squarePixelSize(info) : undefined;
  return size === undefined ? [] : pipeline().resize(size).stages;
}

/** ffprobe may know a protocol or a device that this FFmpeg lacks. */
async function requireReadable(source: InputSource, ffmpeg: Ffmpeg): Promise<void> {
  const device = deviceOf(source);
  const protocol = source.kind === 'network' ? protocolOf(source.url) : undefined;
  const lacks = async (kind: 'protocols' | 'captures', name: string) =>
    !(await capabilities(ffmpeg, kind)).has(name);
  // For FFmpeg RTSP is not a protocol but a format, which every build has.
  const lacking =
    (device !== undefined && (await lacks('captures', device))) ||
    (protocol !== undefined && protocol !== 'rtsp' && (await lacks('protocols', protocol)));
  if (!lacking) return;
  const remedy = 'set the option ffmpeg or FRAMELANE_FFMPEG to another FFmpeg';
  throw new FramelaneError(
    'ERR_FFMPEG_CAPABILITY',
    `${source.path}: FFmpeg ${ffmpeg.version} at ${ffmpeg.path} has no ${device ?? protocol}; ${remedy}`,
  );
}

/** Falls back to decoding without alpha if FFmpeg lacks the decoder that supports it. */
async function withDecoder(info: VideoInfo, ffmpeg: Ffmpeg): Promise<VideoInfo> {
  if (info.decoder === undefined) return info;
  if ((await capabilities(ffmpeg, 'decoders')).has(info.decoder)) return info;
  const warning = `${info.path}: its alpha is left out, because FFmpeg ${ffmpeg.version} at ${ffmpeg.path} has no decoder ${info.decoder}`;
  return {
    ...info,
    decoder: undefined,
    pixelFormat: 'yuv420p',
    frameFormat: 'yuv420p',
    lossless: false,
    warnings: [...info.warnings, warning],
  };
}

/** ERR_INVALID_OPTION for a section that begins after the end. */
export function requireWithin(info: VideoInfo, { from = 0 }: SectionOptions): void {
  const { duration, path } = info;
  if (duration === undefined || from < duration + info.videoStart - info.startTime) return;
  throw new FramelaneError(
    'ERR_INVALID_OPTION',
    `from: expected a time within ${path}, which ends at ${(duration + info.videoStart - info.startTime).toFixed(3)} s, received ${from}`,
    { path: 'from' },
  );
}

/** An input on its way to frames: what it is, how it will be decoded, what it holds. */
import { FramelaneError } from '../errors.ts';
import { type Ffmpeg, openFfmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Child } from '../ffmpeg/process.ts';
import type { NativeShape } from '../native.ts';
import { type Pipeline, pipeline } from '../pipeline.ts';
import { untilAborted } from './abort.ts';
import { capabilities } from './capabilities.ts';
import { deviceOf } from './capture-source.ts';
import { type Decoding, frameShape, startDecoder } from './decoder.ts';
import { squarePixelSize } from './geometry.ts';
import { chooseHwaccel } from './hwaccel.ts';
import type { InputOptions, SectionOptions } from './input-options.ts';
import { type InputSource, type OpenSource, openSource } from './input-source.ts';
import { deinterlacing } from './interlace.ts';
import { seekTarget } from './key-frame.ts';
import { protocolOf } from './network-source.ts';
import { probeSource } from './probe.ts';
import type { VideoInfo } from './video-info.ts';

export interface OpenInputOptions extends InputOptions {
  readonly ffmpeg?: string | undefined;
  readonly ffprobe?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Keeps what the source needs until it is disposed of: no FFmpeg may read it after that. */
export class VideoInput implements AsyncDisposable {
  readonly info: VideoInfo;
  readonly shape: NativeShape;
  readonly warnings: readonly string[];
  readonly #ffmpeg: Ffmpeg;
  readonly #decoding: Decoding;
  readonly #open: OpenSource;

  private constructor(
    info: VideoInfo,
    warnings: readonly string[],
    ffmpeg: Ffmpeg,
    decoding: Decoding,
    open: OpenSource,
  ) {
    this.info = info;
    this.shape = frameShape(info);
    this.warnings = warnings;
    this.#ffmpeg = ffmpeg;
    this.#decoding = decoding;
    this.#open = open;
  }

  /** Looks at the input and decides how to decode it; ERR_INPUT_… or ERR_UNSUPPORTED_FORMAT where that cannot be done. */
  static async open(path: string, options: OpenInputOptions): Promise<VideoInput> {
    const open = await openSource(path, options);
    try {
      const asked = Promise.all([probeSource(open.source, options), openFfmpeg(options.ffmpeg)]);
      const [probed, ffmpeg] = await untilAborted(asked, `opening ${path}`, options.signal);
      requireWithin(probed, options);
      await requireReadable(open.source, ffmpeg);
      const info = await withDecoder(probed, ffmpeg);
      const { format } = frameShape(info);
      const { deinterlace = 'auto', hwaccel = 'none' } = options;
      const filters = await capabilities(ffmpeg, 'filters');
      const fields = deinterlacing(info, format, deinterlace, filters);
      const decoding = {
        section: options,
        // libvpx is chosen for the alpha, which hardware leaves out.
        hwaccel: info.decoder ? undefined : await chooseHwaccel(ffmpeg, info, hwaccel),
        deinterlace: fields.filter,
        seek: await seekTarget(info, options.from ?? 0, options),
      };
      const warnings = [...info.warnings, ...(fields.warning ? [fields.warning] : [])];
      return new VideoInput(info, warnings, ffmpeg, decoding, open);
    } catch (error) {
      await open[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts the FFmpeg that decodes it into a socket, a section of its own where one is given. */
  start(descriptor: number, section?: SectionOptions): Child {
    const other = section && { section, seek: undefined };
    return startDecoder(this.#ffmpeg, this.info, { ...this.#decoding, ...other }, descriptor);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open[Symbol.asyncDispose]();
  }
}

/** What makes the pixels of an input square, where that is asked for. */
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
  // RTSP is no protocol to FFmpeg but a format that every build has.
  const lacking =
    (device !== undefined && (await lacks('captures', device))) ||
    (protocol !== undefined && protocol !== 'rtsp' && (await lacks('protocols', protocol)));
  if (!lacking) return;
  const remedy = 'another FFmpeg can be named with the option or FRAMELANE_FFMPEG';
  throw new FramelaneError(
    'ERR_FFMPEG_CAPABILITY',
    `${source.path}: FFmpeg ${ffmpeg.version} at ${ffmpeg.path} has no ${device ?? protocol}; ${remedy}`,
  );
}

/** Without the decoder that knows the alpha, the picture is had without it. */
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

function requireWithin(info: VideoInfo, { from = 0 }: InputOptions): void {
  const { duration, path } = info;
  if (duration === undefined || from < duration + info.videoStart - info.startTime) return;
  throw new FramelaneError(
    'ERR_INVALID_OPTION',
    `from: expected a time within ${path}, which ends at ${(duration + info.videoStart - info.startTime).toFixed(3)} s, received ${from}`,
    { path: 'from' },
  );
}

/** A source of blank frames for pipelines that draw; it needs no FFmpeg. */
import { describeValue, FramelaneError } from '../../errors/errors.ts';
import type { Frame } from '../../image/frame.ts';
import { largestSide } from '../../image/pixels.ts';
import type { NativeShape, SourceCounts } from '../../native/native.ts';
import {
  type FrameRate,
  frameRateOf,
  type Rational,
  toNumber,
} from '../../video/format/rational.ts';
import type { VideoInfo } from '../../video/format/video-info.ts';
import type { FrameStream } from './frame-stream.ts';

/** Frames of transparent black; 30 per second by default. */
export interface GeneratedInput {
  readonly width: number;
  readonly height: number;
  readonly frameRate?: FrameRate | undefined;
}

const prefix = 'generate:';

/** `generate:1280x720@60`; undefined for names of another kind. */
export function parseGenerated(name: string): GeneratedInput | undefined {
  if (!name.startsWith(prefix)) return undefined;
  const [, width, height, num, den = 1] =
    /^(\d+)x(\d+)(?:@(\d+(?:\.\d+)?)(?:\/(\d+))?)?$/.exec(name.slice(prefix.length)) ?? [];
  if (width === undefined || height === undefined) {
    const expected = 'expected generate:WIDTHxHEIGHT or generate:WIDTHxHEIGHT@RATE';
    throw new FramelaneError('ERR_INPUT_INVALID', `${name}: ${expected}`);
  }
  const rate = num === undefined ? 30 : rateOf(num, Number(den));
  return { width: Number(width), height: Number(height), frameRate: rate };
}

function rateOf(num: string, den: number): FrameRate {
  return den === 1 ? Number(num) : { num: Number(num), den };
}

/** Describes the frames as a probe describes a file. */
export function generatedInfo({ width, height, frameRate = 30 }: GeneratedInput): VideoInfo {
  for (const [path, side] of Object.entries({ width, height })) {
    if (Number.isInteger(side) && side >= 1 && side <= largestSide) continue;
    const message = `${path}: expected an integer from 1 to ${largestSide}, received ${describeValue(side)}`;
    throw new FramelaneError('ERR_INVALID_SIZE', message, { path });
  }
  const rate = frameRateOf(frameRate);
  const path = `${prefix}${width}x${height}`;
  return {
    path,
    source: { path, url: path, options: [], warnings: [] },
    index: 0,
    codec: 'rawvideo',
    decoder: undefined,
    width,
    height,
    rotation: 0,
    mirrored: false,
    sampleAspectRatio: { num: 1, den: 1 },
    fieldOrder: 'progressive',
    fieldSource: 'stream',
    captions: false,
    timecode: undefined,
    pixelFormat: 'rgba',
    frameFormat: 'rgba8',
    converted: false,
    lossless: true,
    colorSpace: undefined,
    matrix: 'bt709',
    range: 'full',
    primaries: 'bt709',
    transfer: 'bt709',
    chromaLocation: 'left',
    masteringDisplay: undefined,
    contentLight: undefined,
    frameRate: rate,
    constantRate: true,
    counted: true,
    timeBase: { num: rate.den, den: rate.num },
    duration: undefined,
    frameCount: undefined,
    startTime: 0,
    videoStart: 0,
    clockJumps: [],
    live: false,
    container: 'none',
    streams: [],
    programs: [],
    dolbyVision: undefined,
    audio: [],
    subtitles: [],
    data: [],
    covers: [],
    attachments: [],
    language: undefined,
    title: undefined,
    warnings: [],
  };
}

export class GeneratedStream implements FrameStream {
  readonly #rate: Rational;
  readonly #blank: Uint8Array;
  readonly #cleared: WeakSet<Frame>;
  #index: number;

  /** `cleared` records across streams which frames are blank already; the player only reads them. */
  constructor(info: VideoInfo, shape: NativeShape, from: number, cleared: WeakSet<Frame>) {
    this.#rate = info.frameRate;
    this.#blank = new Uint8Array(shape.width * shape.height * 4);
    this.#cleared = cleared;
    this.#index = Math.max(0, Math.floor(from * toNumber(info.frameRate) + 1e-6));
  }

  async next(into: Frame): Promise<number> {
    if (!this.#cleared.has(into)) into.upload(this.#blank);
    this.#cleared.add(into);
    return (this.#index++ * this.#rate.den) / this.#rate.num;
  }

  counts(): SourceCounts {
    return { frames: this.#index, dropped: 0, waiting: 0 };
  }

  async close(): Promise<void> {}
}

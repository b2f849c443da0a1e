/** Options of readers, writers and sessions, checked before anything is started. */
import type { DeviceOption } from '../device.ts';
import { describeValue, FramelaneError } from '../errors.ts';

/** What to read of the input, in seconds from its start. */
export interface SectionOptions {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface EncoderOptions {
  /** FFmpeg's name of the encoder; libx264 by default. */
  readonly codec?: string | undefined;
  /** Constant quality: 0 is best; what the encoder takes. */
  readonly crf?: number | undefined;
  /** Speed against size, as the encoder names it: ultrafast … veryslow for libx264. */
  readonly preset?: string | undefined;
  /** The pixel format of the file; that of the input where the encoder takes it, else yuv420p. */
  readonly pixelFormat?: OutputFormat | undefined;
  /** More of FFmpeg's output options, as they are: ['-tune', 'film']. */
  readonly encoderArgs?: readonly string[] | undefined;
  /** Replace a file that exists; false by default. */
  readonly overwrite?: boolean | undefined;
}

export interface SessionOptions extends EncoderOptions, SectionOptions {
  /** Where the pipeline runs; `auto` by default. */
  readonly device?: DeviceOption | undefined;
  /** Aborts the session; `finished` rejects with its reason as the cause. */
  readonly signal?: AbortSignal | undefined;
  readonly ffmpeg?: string | undefined;
  readonly ffprobe?: string | undefined;
}

export const outputFormats = ['yuv420p', 'yuv422p', 'yuv444p', 'gray8'] as const;
export type OutputFormat = (typeof outputFormats)[number];

function invalid(path: string, expected: string, value: unknown): FramelaneError {
  return new FramelaneError(
    'ERR_INVALID_OPTION',
    `${path}: expected ${expected}, received ${describeValue(value)}`,
    { path },
  );
}

export function checkSection({ from, to }: SectionOptions): void {
  for (const [path, value] of Object.entries({ from, to })) {
    if (value === undefined) continue;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
      throw invalid(path, 'seconds of at least 0', value);
    }
  }
  if (to !== undefined && to <= (from ?? 0)) {
    throw invalid('to', `seconds after from (${from ?? 0})`, to);
  }
}

export function checkEncoder(options: EncoderOptions): void {
  const { codec, crf, preset, pixelFormat, encoderArgs, overwrite } = options;
  for (const [path, value] of Object.entries({ codec, preset })) {
    if (value !== undefined && !/^\w[\w.-]*$/.test(value)) throw invalid(path, 'a name', value);
  }
  if (codec === 'copy') throw invalid('codec', 'an encoder', codec);
  if (crf !== undefined && !(typeof crf === 'number' && crf >= 0 && crf <= 63)) {
    throw invalid('crf', 'a number from 0 to 63', crf);
  }
  if (pixelFormat !== undefined && !outputFormats.includes(pixelFormat)) {
    throw invalid('pixelFormat', `one of ${outputFormats.join(', ')}`, pixelFormat);
  }
  if (
    encoderArgs !== undefined &&
    !(Array.isArray(encoderArgs) && encoderArgs.every((arg) => typeof arg === 'string'))
  ) {
    throw invalid('encoderArgs', 'an array of strings', encoderArgs);
  }
  if (overwrite !== undefined && typeof overwrite !== 'boolean') {
    throw invalid('overwrite', 'a boolean', overwrite);
  }
}

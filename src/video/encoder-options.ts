/** How an output is encoded, checked before anything is started. */
import { invalidOption } from '../invalid-option.ts';

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

export const outputFormats = ['yuv420p', 'yuv422p', 'yuv444p', 'gray8'] as const;
export type OutputFormat = (typeof outputFormats)[number];

export function checkEncoder(options: EncoderOptions): void {
  const { codec, crf, preset, pixelFormat, encoderArgs, overwrite } = options;
  for (const [path, value] of Object.entries({ codec, preset })) {
    if (value !== undefined && !/^\w[\w.-]*$/.test(value))
      throw invalidOption(path, 'a name', value);
  }
  if (codec === 'copy') throw invalidOption('codec', 'an encoder', codec);
  if (crf !== undefined && !(typeof crf === 'number' && crf >= 0 && crf <= 63)) {
    throw invalidOption('crf', 'a number from 0 to 63', crf);
  }
  if (pixelFormat !== undefined && !outputFormats.includes(pixelFormat)) {
    throw invalidOption('pixelFormat', `one of ${outputFormats.join(', ')}`, pixelFormat);
  }
  if (
    encoderArgs !== undefined &&
    !(Array.isArray(encoderArgs) && encoderArgs.every((arg) => typeof arg === 'string'))
  ) {
    throw invalidOption('encoderArgs', 'an array of strings', encoderArgs);
  }
  if (overwrite !== undefined && typeof overwrite !== 'boolean') {
    throw invalidOption('overwrite', 'a boolean', overwrite);
  }
}

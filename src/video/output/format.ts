/** Chooses the format and colours of the frames for an encoder, and reports what that loses. */
import { FramelaneError } from '../../errors/errors.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { ffmpegName, pixelFormatOf } from '../../image/pixel-formats.ts';
import type {
  NativeChromaLocation,
  NativeMatrix,
  NativePixelFormat,
  NativeRange,
} from '../../native/plan.ts';
import {
  type Choice,
  chromaOf,
  encodedAs,
  outputPixelFormats,
  rankFormats,
} from '../format/frame-format.ts';
import { encoderFormats } from './encoder-support.ts';
import type { Encoding } from './encoding.ts';

/** The frames after the pipeline. */
export interface FrameSource {
  readonly format: NativePixelFormat;
  readonly matrix: NativeMatrix;
  readonly range: NativeRange;
  readonly chromaLocation?: NativeChromaLocation | undefined;
  /** Whether the frames have alpha to keep; by default, whether the format has an alpha plane. */
  readonly alpha?: boolean | undefined;
}

export interface OutputFormat {
  /** The format of the plan's output. */
  readonly format: NativePixelFormat;
  readonly matrix: NativeMatrix;
  readonly range: NativeRange;
  readonly chromaLocation: NativeChromaLocation;
  /** FFmpeg's name of the format that it repacks the frames to for the encoder. */
  readonly pixelFormat: string;
  /** What the conversion loses. */
  readonly warnings: readonly string[];
}

/**
 * The format for an encoder: `pixelFormat` if given, else that of the frames if the encoder takes it, else the one that loses
 * least. ERR_FFMPEG_CAPABILITY where this FFmpeg lacks the encoder, or the encoder takes no such format.
 */
export async function outputFormat(
  ffmpeg: Ffmpeg,
  encoding: Encoding,
  source: FrameSource,
): Promise<OutputFormat> {
  const { codec, encoder, output } = encoding;
  const taken = await takenFormats(ffmpeg, encoding);
  const { layout, alpha: hasAlpha } = pixelFormatOf(source.format);
  const alpha = source.alpha ?? (hasAlpha && layout === 'planar');
  const wish = { format: source.format, alpha, family: encoder?.family };
  const choice =
    output.pixelFormat === undefined
      ? rankFormats(wish, taken)[0]
      : asWanted(output.pixelFormat, taken, alpha);
  if (choice === undefined) {
    const names = outputPixelFormats.filter((format) => encodedAs(format, taken, false));
    throw new FramelaneError(
      'ERR_FFMPEG_CAPABILITY',
      `pixelFormat: ${codec} of FFmpeg ${ffmpeg.version} takes ${names.join(', ') || 'none that framelane makes'}${inContainer(encoding)}, received ${output.pixelFormat ?? source.format}`,
      { path: 'pixelFormat' },
    );
  }
  const { matrix, range, chromaLocation = 'left' } = encoder?.color ?? source;
  const warnings = losses(source, alpha, choice, encoding);
  return { ...choice, matrix, range, chromaLocation, warnings };
}

/** FFmpeg's names of the formats that both encoder and container take. */
async function takenFormats(ffmpeg: Ffmpeg, encoding: Encoding): Promise<ReadonlySet<string>> {
  const { codec, encoder, parameters, container } = encoding;
  const listed = await encoderFormats(ffmpeg, codec);
  const own = encoder?.pixelFormats?.(parameters);
  const said = own ?? (listed.size > 0 ? [...listed] : rawFormats);
  const keepsAlpha = encoder?.alphaIn?.includes(container.name) ?? true;
  return new Set(
    said.filter((name) => {
      const held = container.pixelFormats?.includes(name) ?? true;
      return held && (keepsAlpha || !pixelFormatOf(name).alpha);
    }),
  );
}

/** An encoder that lists no formats takes any of ours. */
const rawFormats = outputPixelFormats.map(ffmpegName);

function asWanted(
  format: NativePixelFormat,
  taken: ReadonlySet<string>,
  alpha: boolean,
): Choice | undefined {
  const pixelFormat =
    (alpha ? encodedAs(format, taken, true) : undefined) ?? encodedAs(format, taken, false);
  return pixelFormat === undefined
    ? undefined
    : { format: format as Choice['format'], pixelFormat };
}

function inContainer({ container }: Encoding): string {
  return container.pixelFormats === undefined ? '' : ` in ${container.name}`;
}

function losses(
  source: FrameSource,
  alpha: boolean,
  choice: Choice,
  { codec, container }: Encoding,
): string[] {
  const from = pixelFormatOf(source.format);
  const to = pixelFormatOf(choice.format);
  const where = `${codec} in ${container.name}`;
  return [
    ...(alpha && !pixelFormatOf(choice.pixelFormat).alpha
      ? [`alpha is left out: ${where} has none, ${choice.format} is written`]
      : []),
    ...(from.bits > to.bits
      ? [`${from.bits} bits become ${to.bits}: ${where} is written as ${choice.format}`]
      : []),
    ...(from.family === 'yuv' && to.family === 'yuv' && chromaOf(from) > chromaOf(to)
      ? [`chroma loses resolution: ${where} is written as ${choice.format}`]
      : []),
    ...(from.family !== 'gray' && to.family === 'gray'
      ? [`colour is left out: ${where} is written as ${choice.format}`]
      : []),
  ];
}

/** The format and colours that frames go to an encoder in, and what is lost by it. */
import { FramelaneError } from '../../errors/errors.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { ffmpegName, pixelFormatOf } from '../../image/pixel-formats.ts';
import type {
  NativeChromaLocation,
  NativeMatrix,
  NativePixelFormat,
  NativeRange,
} from '../../native/native.ts';
import {
  type Choice,
  chromaOf,
  encodedAs,
  outputPixelFormats,
  rankFormats,
} from '../format/frame-format.ts';
import { encoderFormats } from './encoder-support.ts';
import type { Encoding } from './encoding.ts';

/** Frames as a pipeline leaves them. */
export interface FrameSource {
  readonly format: NativePixelFormat;
  readonly matrix: NativeMatrix;
  readonly range: NativeRange;
  readonly chromaLocation?: NativeChromaLocation | undefined;
  /** Whether there is alpha to keep; where nothing is said, what has a plane of it has. */
  readonly alpha?: boolean | undefined;
}

export interface OutputFormat {
  /** What the plan makes. */
  readonly format: NativePixelFormat;
  readonly matrix: NativeMatrix;
  readonly range: NativeRange;
  readonly chromaLocation: NativeChromaLocation;
  /** What the encoder's FFmpeg repacks it to, by its own name. */
  readonly pixelFormat: string;
  /** What is lost. */
  readonly warnings: readonly string[];
}

/**
 * The format for an encoder: that of the frames where it takes it, else the one that loses least; `pixelFormat` decides
 * where it is given. ERR_FFMPEG_CAPABILITY where this FFmpeg has no such encoder, or where that takes no such format.
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

/** What encoder and container both take, as FFmpeg names it. */
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

/** An encoder that lists none takes any, each as it is. */
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

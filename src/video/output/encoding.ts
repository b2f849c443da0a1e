/** The options of an output, and the encoding that they mean. */
import type { ContainerAlias, ContainerName, NamedContainer } from '../format/container.ts';
import type { OutputPixelFormat } from '../format/frame-format.ts';
import type { FrameRate, Rational } from '../format/rational.ts';
import type { CodecOptions, EncoderDeclaration } from './encoders/index.ts';

/** The options of every output, whatever its encoder. */
export interface OutputOptions {
  /** The format of the file; by default from the output's extension, or mkv for stdout. */
  readonly container?: ContainerName | ContainerAlias | undefined;
  /** The pixel format of the video; by default the one nearest to that of the frames that encoder and container take. */
  readonly pixelFormat?: OutputPixelFormat | undefined;
  /** A constant frame rate to convert to; without it every frame keeps its own time. */
  readonly fps?: FrameRate | undefined;
  /** `copy` (converted where the container does not take it), `none`, or FFmpeg's name of an audio encoder. */
  readonly audio?: string | undefined;
  /** Bits per second of converted audio. */
  readonly audioBitrate?: number | undefined;
  /** `copy` (text is converted if the container needs another format), or `none`. */
  readonly subtitles?: 'copy' | 'none' | undefined;
  /** Maximum frames between key frames, by x264's name: the same as `gop` of encoders. */
  readonly keyint?: number | undefined;
  /** `text` converts closed captions to a subtitle track, decoding the input twice; by default a warning reports them. */
  readonly captions?: 'text' | 'none' | undefined;
  /** Put the index of MP4 and MOV at the front, for streaming; true by default. */
  readonly faststart?: boolean | undefined;
  /** The number of the first picture of a sequence; 1 by default. */
  readonly startNumber?: number | undefined;
  /** Further output options of FFmpeg, passed unchanged: ['-x264-params', 'aq-mode=3']. */
  readonly encoderArgs?: readonly string[] | undefined;
  /** Replace an existing file, or the pictures of an existing sequence; false by default. */
  readonly overwrite?: boolean | undefined;
}

/**
 * The encoder with its options, and the options of the output. Each encoder has its own options: `crf` for ffv1 is an error.
 *
 * @example
 * const options: EncoderOptions = { codec: 'libx265', crf: 20, preset: 'slow', audio: 'libopus', audioBitrate: 128_000 }
 */
export type EncoderOptions = OutputOptions & CodecOptions;

/** A file, an image sequence, one picture, or stdout. */
export type OutputKind = 'file' | 'sequence' | 'picture' | 'stdout';

/** How an output will be encoded, with defaults applied. */
export interface Encoding {
  readonly kind: OutputKind;
  readonly container: NamedContainer;
  /** FFmpeg's name of the encoder. */
  readonly codec: string;
  /** Undefined for encoders outside of our table. */
  readonly encoder: EncoderDeclaration | undefined;
  /** The options of the encoder, with defaults. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly output: OutputOptions;
  readonly fps: Rational | undefined;
}

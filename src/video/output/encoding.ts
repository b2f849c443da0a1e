/** How an output is encoded. */
import type { ContainerAlias, ContainerName, NamedContainer } from '../format/container.ts';
import type { OutputPixelFormat } from '../format/frame-format.ts';
import type { FrameRate, Rational } from '../format/rational.ts';
import type { CodecOptions, EncoderDeclaration } from './encoders/index.ts';

/** What every output has, whatever its encoder. */
export interface OutputOptions {
  /** The format of the file; by the output's extension, and mkv for stdout. */
  readonly container?: ContainerName | ContainerAlias | undefined;
  /** The pixel format of the video; the nearest to that of the frames which encoder and container take. */
  readonly pixelFormat?: OutputPixelFormat | undefined;
  /** A constant rate to convert to; every frame keeps its own time without it. */
  readonly fps?: FrameRate | undefined;
  /** `copy` (converted where the container does not take it), `none`, or FFmpeg's name of an audio encoder. */
  readonly audio?: string | undefined;
  /** Bits a second of audio that is converted. */
  readonly audioBitrate?: number | undefined;
  /** `copy` (text is converted where the container wants it), or `none`. */
  readonly subtitles?: 'copy' | 'none' | undefined;
  /** Most frames between key frames, as x264 calls it: the same as `gop` of encoders. */
  readonly keyint?: number | undefined;
  /** `text` makes a track of subtitles of closed captions, for which the input is decoded twice; without it a note tells of them. */
  readonly captions?: 'text' | 'none' | undefined;
  /** The index of MP4 and MOV at their front, for players that stream; true by default. */
  readonly faststart?: boolean | undefined;
  /** The number of the first picture of a sequence; 1 by default. */
  readonly startNumber?: number | undefined;
  /** More of FFmpeg's output options, as they are: ['-x264-params', 'aq-mode=3']. */
  readonly encoderArgs?: readonly string[] | undefined;
  /** Replace a file, or the pictures of a sequence, that exist; false by default. */
  readonly overwrite?: boolean | undefined;
}

/**
 * The encoder and its options, and those of the output. Each encoder has its own: `crf` for ffv1 is an error.
 *
 * @example
 * const options: EncoderOptions = { codec: 'libx265', crf: 20, preset: 'slow', audio: 'libopus', audioBitrate: 128_000 }
 */
export type EncoderOptions = OutputOptions & CodecOptions;

/** A file, the numbered pictures of a sequence, one picture, or whatever reads our stdout. */
export type OutputKind = 'file' | 'sequence' | 'picture' | 'stdout';

/** An output as it will be encoded, every option decided. */
export interface Encoding {
  readonly kind: OutputKind;
  readonly container: NamedContainer;
  /** FFmpeg's name of the encoder. */
  readonly codec: string;
  /** Undefined for encoders that are not in the table. */
  readonly encoder: EncoderDeclaration | undefined;
  /** Options of the encoder, complete. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly output: OutputOptions;
  readonly fps: Rational | undefined;
}

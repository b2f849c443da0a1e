/** How an output is encoded, checked before anything is started. */
import { describeValue, FramelaneError } from '../errors.ts';
import { checkPath } from '../invalid-argument.ts';
import { invalidOption } from '../invalid-option.ts';
import { validateOptions } from '../schema.ts';
import type { ContainerAlias } from './container.ts';
import { type ContainerName, containerOf, type NamedContainer } from './container.ts';
import {
  type CodecOptions,
  type EncoderDeclaration,
  encoderName,
  encoderNamed,
  encoderOptionNames,
} from './encoders/index.ts';
import { type OutputPixelFormat, outputPixelFormats } from './frame-format.ts';
import { checkParams } from './private-params.ts';
import { type FrameRate, frameRateOf, type Rational } from './rational.ts';

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

export const outputOptionNames = [
  ...['codec', 'container', 'pixelFormat', 'fps', 'keyint', 'audio', 'audioBitrate', 'subtitles'],
  ...['captions', 'faststart', 'startNumber', 'encoderArgs', 'overwrite'],
] as const;

/** `frame_%04d.png`, as FFmpeg writes numbers; not `%%`. */
export const sequencePattern = /%(0?\d*)d/;

/**
 * What an output and its options mean; ERR_INVALID_OPTION and ERR_OUTPUT_INVALID where they cannot. Options that belong to
 * neither output nor encoders are others' business.
 */
export function resolveEncoding(output: string, options: EncoderOptions): Encoding {
  const given = options as Readonly<Record<string, unknown>>;
  checkPath(output, 'path');
  checkOutput(given);
  const container = containerOf(output, given['container']);
  const codec = encoderName((given['codec'] as string | undefined) ?? container.encoder);
  const encoder = encoderNamed(codec);
  const { video } = container;
  if (encoder !== undefined && video !== undefined && !video.includes(encoder.codec)) {
    const takes = `${container.name} takes ${video.join(', ')}`;
    throw new FramelaneError(
      'ERR_INVALID_OPTION',
      `codec: ${codec} produces ${encoder.codec}, and ${takes}`,
      { path: 'codec' },
    );
  }
  const kind = kindOf(output, container, codec);
  const fps = given['fps'] === undefined ? undefined : frameRateOf(given['fps'], 'fps');
  const parameters = codecParameters(codec, encoder, given);
  return { kind, container, codec, encoder, parameters, output: options, fps };
}

function kindOf(output: string, { picture }: NamedContainer, codec: string): OutputKind {
  if (output === '-') return 'stdout';
  if (!picture || codec === 'libwebp_anim') return 'file';
  return sequencePattern.test(output) ? 'sequence' : 'picture';
}

function checkOutput(given: Readonly<Record<string, unknown>>): void {
  const rules: Record<string, [expected: string, takes: (value: unknown) => boolean]> = {
    codec: ["FFmpeg's name of an encoder", (value) => isName(value) && value !== 'copy'],
    pixelFormat: [
      `one of ${outputPixelFormats.join(', ')}`,
      (value) => outputPixelFormats.some((format) => format === value),
    ],
    audio: ["copy, none or FFmpeg's name of an audio encoder", isName],
    audioBitrate: ['bits a second from 6000 to 10000000', integerFrom(6000, 10_000_000)],
    subtitles: ['copy or none', (value) => value === 'copy' || value === 'none'],
    captions: ['text or none', (value) => value === 'text' || value === 'none'],
    faststart: ['a boolean', (value) => typeof value === 'boolean'],
    startNumber: ['an integer from 0 to 1000000000', integerFrom(0, 1e9)],
    encoderArgs: [
      'an array of strings',
      (value) => Array.isArray(value) && value.every((arg) => typeof arg === 'string'),
    ],
    overwrite: ['a boolean', (value) => typeof value === 'boolean'],
  };
  for (const [name, [expected, takes]] of Object.entries(rules)) {
    const value = given[name];
    if (value !== undefined && !takes(value)) throw invalidOption(name, expected, value);
  }
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && /^\w[\w.-]*$/.test(value);
}

function integerFrom(min: number, max: number): (value: unknown) => boolean {
  return (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

function codecParameters(
  codec: string,
  encoder: EncoderDeclaration | undefined,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { keyint, gop } = given;
  if (keyint !== undefined && gop !== undefined) {
    throw invalidOption('keyint', 'either keyint or gop, which are the same', keyint);
  }
  const options = Object.fromEntries(
    Object.entries({ ...given, keyint: undefined, gop: gop ?? keyint }).filter(([name, value]) => {
      return value !== undefined && encoderOptionNames.has(name);
    }),
  );
  if (encoder === undefined) {
    const name = Object.keys(options)[0];
    if (name === undefined) return {};
    const message = `${name}: expected encoderArgs, because framelane knows no options of ${codec}`;
    throw new FramelaneError('ERR_INVALID_OPTION', message, { path: name });
  }
  const complete = validateOptions({ name: codec, parameters: encoder.parameters }, options);
  checkCombinations(codec, encoder, options);
  const { params } = encoder;
  if (params !== undefined && options[params.option] !== undefined) {
    checkParams(params, options[params.option]);
  }
  return withBuffer(complete);
}

/** Two seconds' worth, as services that stream ask for; without a buffer encoders take no notice of the rate. */
function withBuffer(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { bitrate, maxrate, bufsize } = options;
  if (Number(maxrate) < Number(bitrate)) {
    throw invalidOption('maxrate', `bits a second from bitrate (${bitrate}) up`, maxrate);
  }
  if (maxrate === undefined || bufsize !== undefined) return options;
  return { ...options, bufsize: Math.min(2 * (maxrate as number), 2_000_000_000) };
}

function checkCombinations(
  codec: string,
  { exclusive = [], needs = {} }: EncoderDeclaration,
  options: Readonly<Record<string, unknown>>,
): void {
  const has = (name: string) => options[name] !== undefined && options[name] !== false;
  for (const group of exclusive) {
    const [first, second] = group.filter(has);
    if (second === undefined) continue;
    throw invalidOption(
      second,
      `one of ${group.join(', ')} for ${codec}, not ${first} too`,
      options[second],
    );
  }
  for (const [name, needed] of Object.entries(needs)) {
    if (!has(name) || has(needed)) continue;
    const message = `${name}: ${codec} needs ${needed} with it, received ${describeValue(options[needed])}`;
    throw new FramelaneError('ERR_INVALID_OPTION', message, { path: name });
  }
}

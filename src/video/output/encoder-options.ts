/** The options of an output, checked before anything starts. */
import { describeValue, FramelaneError } from '../../errors/errors.ts';
import { checkPath, invalidOption } from '../../errors/invalid.ts';
import { validateOptions } from '../../schema/declaration.ts';
import { containerOf, type NamedContainer } from '../format/container.ts';
import { outputPixelFormats } from '../format/frame-format.ts';
import { frameRateOf } from '../format/rational.ts';
import {
  type EncoderDeclaration,
  encoderName,
  encoderNamed,
  encoderOptionNames,
} from './encoders/index.ts';
import type { EncoderOptions, Encoding, OutputKind } from './encoding.ts';
import { checkParams } from './private-params.ts';

export const outputOptionNames = [
  ...['codec', 'container', 'pixelFormat', 'fps', 'keyint', 'audio', 'audioBitrate', 'subtitles'],
  ...['captions', 'faststart', 'startNumber', 'encoderArgs', 'overwrite'],
] as const;

/** The options of an encoder and of the file it writes. */
export const encodingOptionNames = [...outputOptionNames, ...encoderOptionNames];

/** `frame_%04d.png`, as FFmpeg writes numbers; not `%%`. */
export const sequencePattern = /%(0?\d*)d/;

/**
 * The encoding for an output and its options; ERR_INVALID_OPTION or ERR_OUTPUT_INVALID where they contradict each other.
 * Ignores options that belong to neither outputs nor encoders.
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
    audioBitrate: ['bits per second from 6000 to 10000000', integerFrom(6000, 10_000_000)],
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
    throw invalidOption('keyint', 'either keyint or gop, which mean the same', keyint);
  }
  const options = Object.fromEntries(
    Object.entries({ ...given, keyint: undefined, gop: gop ?? keyint }).filter(([name, value]) => {
      return value !== undefined && encoderOptionNames.has(name);
    }),
  );
  if (encoder === undefined) {
    const name = Object.keys(options)[0];
    if (name === undefined) return {};
    const message = `${name}: expected encoderArgs, because framelane has no options for ${codec}`;
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

/** Adds a buffer of 2 s, usual for streaming services; without one encoders ignore `maxrate`. */
function withBuffer(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { bitrate, maxrate, bufsize } = options;
  if (Number(maxrate) < Number(bitrate)) {
    throw invalidOption('maxrate', `bits per second, at least bitrate (${bitrate})`, maxrate);
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

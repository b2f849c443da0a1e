/** `-o full.mp4,crf=20,audio=none`: an output with its own options. */

import { didYouMean } from '../errors/suggest.ts';
import type { Kind } from '../schema/kind.ts';
import { type KindName, kinds } from '../schema/kinds.ts';
import { containerOf } from '../video/format/container.ts';
import type { FrameRate } from '../video/format/rational.ts';
import { outputOptionNames } from '../video/output/encoder-options.ts';
import { encoderName, encoderNamed, encoderOptionNames } from '../video/output/encoders/index.ts';
import type { OutputOptions } from '../video/output/encoding.ts';
import { usageError } from './failure.ts';
import { timeOption } from './time.ts';

/** An output of the command line. */
export interface OutputArgument {
  readonly path: string;
  /** A pipeline file whose stages run after those of the first. */
  readonly pipeline: string | undefined;
  readonly options: Readonly<Record<string, unknown>>;
}

const ownNames = ['pipeline', 'at'] as const;
const names: readonly string[] = [...ownNames, ...outputOptionNames, ...encoderOptionNames];

/** `shared` are the options of all video outputs, as text. */
export function parseOutput(
  text: string,
  shared: Readonly<Record<string, string>> = {},
): OutputArgument {
  const { path, given } = splitOutput(text, names);
  const { pipeline, at, ...rest }: Readonly<Record<string, string | undefined>> = {
    ...(isStill(path) ? {} : shared),
    ...given,
  };
  const options = Object.entries(rest).map(
    ([name, value]) => [name, parseValue(path, rest, name, value)] as const,
  );
  const moment = at === undefined ? [] : [['at', timeOption('at', at)] as const];
  return { path, pipeline, options: Object.fromEntries([...options, ...moment]) };
}

/** The path and its options: a comma starts an option only before a name and `=`, so that paths may contain commas. */
export function splitOutput(text: string, known: readonly string[]) {
  const [path = '', ...assignments] = text.split(/,(?=[A-Za-z][\w-]*=)/);
  const given = Object.fromEntries(assignments.map((one) => splitAssignment(one, known)));
  return { path, given };
}

/** Whether the path is a single picture or `null:`, which have no use for the options of a video. */
function isStill(path: string): boolean {
  return path === 'null:' || (/\.(png|jpe?g|webp|tiff?|bmp)$/i.test(path) && !/%0?\d*d/.test(path));
}

export function splitAssignment(
  assignment: string,
  known: readonly string[] = names,
): [name: string, value: string] {
  const at = assignment.indexOf('=');
  const written = assignment.slice(0, Math.max(0, at));
  const name = camelCase(written);
  if (known.includes(name)) return [name, assignment.slice(at + 1)];
  const hint = didYouMean(written, known);
  throw usageError(`expected an output option as name=value, received "${assignment}"${hint}`);
}

/** `x264-params` is `x264Params`, `audio-bitrate` is `audioBitrate`. */
function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function parseValue(
  path: string,
  given: Readonly<Record<string, string | undefined>>,
  name: string,
  text: string | undefined = '',
): unknown {
  if (name === 'encoderArgs') return text.split(' ').filter((arg) => arg !== '');
  if (name === 'fps') return parseRate(text);
  const kind = kindNamed(path, given, name);
  return fromText(kind === undefined ? undefined : kinds[kind], name, text);
}

const outputKinds: Partial<Record<keyof OutputOptions, KindName>> = {
  audioBitrate: 'integer',
  startNumber: 'integer',
  keyint: 'integer',
  faststart: 'boolean',
  overwrite: 'boolean',
};

/** The kind of an encoder's own option, from its declaration. */
function kindNamed(
  path: string,
  { codec, container }: Readonly<Record<string, string | undefined>>,
  name: string,
): KindName | undefined {
  if (Object.hasOwn(outputKinds, name)) return outputKinds[name as keyof OutputOptions];
  if (!encoderOptionNames.has(name)) return undefined;
  const encoder = codec ?? (path === 'null:' ? 'libx264' : containerOf(path, container).encoder);
  return encoderNamed(encoderName(encoder))?.parameters[name]?.kind;
}

/** A text as a value of the kind; unchanged where there is no kind, or the kind does not parse text. */
function fromText(kind: Kind | undefined, name: string, text: string): unknown {
  if (kind?.fromText === undefined) return text;
  const value = kind.fromText.parse(text);
  if (value !== undefined) return value;
  throw usageError(`${name}: expected ${kind.fromText.expected}, received "${text}"`);
}

/** `4M` is 4000000. */
export function toNumber(name: string, text: string): number {
  return fromText(kinds.number, name, text) as number;
}

export function toBoolean(name: string, text: string): boolean {
  return fromText(kinds.boolean, name, text) as boolean;
}

/** `29.97`, `30000/1001`. */
export function parseRate(text: string): FrameRate {
  const [num, den] = text.split('/').map(Number);
  if (num !== undefined && den !== undefined) return { num, den };
  return toNumber('fps', text);
}

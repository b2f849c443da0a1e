/** What an FFmpeg can encode and write, and the errors that say what it cannot. */
import { stat } from 'node:fs/promises';
import { FramelaneError } from '../../errors/errors.ts';
import { didYouMean } from '../../errors/suggest.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { type Child, capture } from '../../ffmpeg/process.ts';
import type { Output } from '../../output-file.ts';
import { aliases, encoders } from './encoders/index.ts';
import type { Encoding } from './encoding.ts';

/** How to give another FFmpeg. */
const remedy =
  'name another FFmpeg with the option ffmpeg (--ffmpeg on the command line) or the variable FRAMELANE_FFMPEG';

/** ERR_FFMPEG_CAPABILITY where this build of FFmpeg lacks the encoder or the muxer, or has one that cannot do what is asked. */
export function requireCapabilities(
  ffmpeg: Ffmpeg,
  { codec, encoder, parameters: options, container }: Encoding,
  { width, height }: { readonly width: number; readonly height: number },
): void {
  requireEncoder(ffmpeg, codec, 'codec');
  if (!ffmpeg.muxers.has(container.muxer)) {
    throw lacking(ffmpeg, `muxer "${container.muxer}" for ${container.name}`, 'container');
  }
  const { libavcodec } = ffmpeg;
  const reason = encoder?.lacks?.({ options, libavcodec, width, height });
  if (reason === undefined) return;
  const path = reason.split(':')[0];
  throw new FramelaneError('ERR_FFMPEG_CAPABILITY', reason, { path });
}

export function requireEncoder(ffmpeg: Ffmpeg, name: string, path: string): void {
  if (ffmpeg.encoders.has(name)) return;
  const ours = path === 'codec' ? [...Object.keys(aliases), ...Object.keys(encoders)] : [];
  // What the table has is spelt right: this FFmpeg lacks it.
  const hint = ours.includes(name) ? '' : didYouMean(name, [...ours, ...ffmpeg.encoders]);
  throw lacking(ffmpeg, `encoder "${name}"${hint}`, path);
}

function lacking({ version, path: program }: Ffmpeg, what: string, path: string): FramelaneError {
  return new FramelaneError(
    'ERR_FFMPEG_CAPABILITY',
    `${path}: FFmpeg ${version} at ${program} has no ${what}; ${remedy}`,
    { path },
  );
}

const formats = new Map<string, Promise<ReadonlySet<string>>>();

/** The pixel formats an encoder takes, asked once; empty where FFmpeg does not say. */
export function encoderFormats(ffmpeg: Ffmpeg, codec: string): Promise<ReadonlySet<string>> {
  const key = `${ffmpeg.path} ${codec}`;
  const asked = formats.get(key) ?? askFormats(ffmpeg, codec);
  formats.set(key, asked);
  asked.catch(() => formats.delete(key)); // it may be repaired
  return asked;
}

async function askFormats(ffmpeg: Ffmpeg, codec: string): Promise<ReadonlySet<string>> {
  requireEncoder(ffmpeg, codec, 'codec');
  const { stdout } = await capture(ffmpeg.path, ['-hide_banner', '-h', `encoder=${codec}`]);
  const list = /Supported pixel formats: (.*)/.exec(stdout)?.[1] ?? '';
  return new Set(list.split(' ').filter((name) => name !== ''));
}

/** Why an encoder ended badly: FFmpeg's last lines, and what can be done about those that are known. */
export function encoderFailure(
  child: Child,
  { codec, encoder, kind }: Encoding,
  path: string,
  cause?: unknown,
): FramelaneError {
  const failure = child.failure(`encoding ${kind === 'stdout' ? 'to stdout' : path}`, cause);
  const said = child.messages.last;
  if (kind === 'stdout' && /Broken pipe/.test(said)) {
    const message = 'stdout: whoever read it has stopped before the end';
    return new FramelaneError('ERR_OUTPUT_INVALID', message, { cause: failure });
  }
  if (encoder?.remedy === undefined || !startFailures.test(said)) return failure;
  const message = `codec: ${codec} does not start here; ${encoder.remedy}\n${failure.message}`;
  return new FramelaneError('ERR_FFMPEG_CAPABILITY', message, { path: 'codec', cause });
}

/** FFmpeg ends with exit code 0 where it could not write the end of a file. */
export async function requireWritten(
  child: Child,
  encoding: Encoding,
  { path, writePath }: Output,
): Promise<void> {
  const lost = /Error writing trailer|Error closing file|Unable to re-open|No space left/;
  if (lost.test(child.messages.last)) throw encoderFailure(child, encoding, path);
  if (encoding.kind !== 'file' && encoding.kind !== 'picture') return;
  await stat(writePath).catch((cause) => {
    const message = `encoding ${path}: FFmpeg ended well, but there is no file`;
    throw new FramelaneError('ERR_FFMPEG_FAILED', message, { cause });
  });
}

/** What FFmpeg says of devices, drivers and encoders that cannot be opened. */
const startFailures =
  /Cannot load|No capable devices|No device available|Device creation failed|Failed to set value .* for option '(?:vaapi|init_hw)_?device'|OpenEncodeSession|Error while opening encoder|Error initializing output stream|No VA display|Unsupported device/i;

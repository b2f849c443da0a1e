/** Whether an FFmpeg has the encoder and the muxer that an output needs, checked before it starts. */
import { FramelaneError } from '../../errors/errors.ts';
import { didYouMean } from '../../errors/suggest.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { capture } from '../../ffmpeg/process.ts';
import { aliases, encoders } from './encoders/index.ts';
import type { Encoding } from './encoding.ts';

const remedy =
  'name another FFmpeg with the option ffmpeg (--ffmpeg on the command line) or the variable FRAMELANE_FFMPEG';

/** ERR_FFMPEG_CAPABILITY where this FFmpeg lacks the encoder or the muxer, or its encoder lacks a requested feature. */
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
  // A name in our table is spelt right, so the encoder itself is missing.
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
  asked.catch(() => formats.delete(key)); // the program may be repaired meanwhile
  return asked;
}

async function askFormats(ffmpeg: Ffmpeg, codec: string): Promise<ReadonlySet<string>> {
  requireEncoder(ffmpeg, codec, 'codec');
  const { stdout } = await capture(ffmpeg.path, ['-hide_banner', '-h', `encoder=${codec}`]);
  const list = /Supported pixel formats: (.*)/.exec(stdout)?.[1] ?? '';
  return new Set(list.split(' ').filter((name) => name !== ''));
}

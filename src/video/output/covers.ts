/** Cover pictures, copied to containers that hold them. */
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { Child, exitWithin } from '../../ffmpeg/process.ts';
import { sourceArgs } from '../format/source.ts';
import type { PictureStream } from '../format/stream-info.ts';
import type { VideoInfo } from '../format/video-info.ts';
import { openNameless } from '../input/kept-stream.ts';
import type { Encoding } from './encoding.ts';

export interface Covers extends AsyncDisposable {
  readonly inputArgs: readonly string[];
  readonly outputArgs: readonly string[];
  /** The number of inputs. */
  readonly inputs: number;
}

const kinds: Readonly<Record<string, { extension: string; mimeType: string; demuxer: string }>> = {
  mjpeg: { extension: 'jpg', mimeType: 'image/jpeg', demuxer: 'jpeg_pipe' },
  png: { extension: 'png', mimeType: 'image/png', demuxer: 'png_pipe' },
  bmp: { extension: 'bmp', mimeType: 'image/bmp', demuxer: 'bmp_pipe' },
  gif: { extension: 'gif', mimeType: 'image/gif', demuxer: 'gif_pipe' },
  tiff: { extension: 'tif', mimeType: 'image/tiff', demuxer: 'tiff_pipe' },
  webp: { extension: 'webp', mimeType: 'image/webp', demuxer: 'webp_pipe' },
};

/**
 * Extracts the covers of the input to unnamed files, because a section of the input lacks them, and Matroska attaches only
 * files. `input` is the number of the next input, `attached` the number of files already attached.
 */
export async function openCovers(
  ffmpeg: Ffmpeg,
  info: VideoInfo,
  { container, kind }: Encoding,
  numbers: { readonly input: number; readonly attached: number },
  warn: (warning: string) => void,
): Promise<Covers> {
  const { covers: place } = container;
  const files: Awaited<ReturnType<typeof openNameless>>[] = [];
  const close = async () => {
    await Promise.all(files.map((file) => file.close()));
  };
  const inputArgs: string[] = [];
  const outputArgs: string[] = [];
  // On stdout the header, where covers belong, is written before any cover is read.
  const fragmented = kind === 'stdout' && place?.as === 'streams';
  try {
    for (const cover of info.covers) {
      const found = kinds[cover.codec];
      const what = `${info.path}: cover picture ${cover.index} (${cover.codec}) is left out`;
      if (place === undefined || fragmented || !found || !place.codecs.includes(cover.codec)) {
        const why = fragmented ? 'on stdout ' : '';
        warn(`${what}, ${why}${container.name} takes none${place && !fragmented ? ' such' : ''}`);
        continue;
      }
      const file = await openNameless(info.path);
      files.push(file);
      const path = `/proc/${process.pid}/fd/${file.fd}`;
      const reason = await extract(ffmpeg, info, cover, file.fd);
      if (reason !== undefined) {
        warn(`${what}: ${reason}`);
        continue;
      }
      const at = files.length - 1;
      if (place.as === 'streams') {
        inputArgs.push('-f', found.demuxer, '-i', path);
        const specifier = `v:${at + 1}`;
        outputArgs.push('-map', `${numbers.input + at}:v`, `-c:${specifier}`, 'copy');
        outputArgs.push(`-disposition:${specifier}`, 'attached_pic');
      } else {
        const name = cover.fileName ?? `cover${at === 0 ? '' : `-${at + 1}`}.${found.extension}`;
        const tags = { mimetype: cover.mimeType ?? found.mimeType, filename: name };
        outputArgs.push('-attach', path);
        for (const [tag, value] of Object.entries(tags)) {
          outputArgs.push(`-metadata:s:t:${numbers.attached + at}`, `${tag}=${value}`);
        }
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  const inputs = inputArgs.filter((arg) => arg === '-i').length;
  return { inputArgs, outputArgs, inputs, [Symbol.asyncDispose]: close };
}

/** Milliseconds; covers are near the start or the end of a file. */
const patience = 20_000;

/** The error, or undefined. */
async function extract(
  ffmpeg: Ffmpeg,
  { source }: VideoInfo,
  { index }: PictureStream,
  descriptor: number,
): Promise<string | undefined> {
  const child = new Child(
    ffmpeg.path,
    [
      ...['-hide_banner', '-nostdin', '-loglevel', 'error', ...sourceArgs(source)],
      ...['-map', `0:${index}`, '-c', 'copy', '-frames:v', '1', '-f', 'image2pipe', 'pipe:3'],
    ],
    { descriptor },
  );
  const exit = await exitWithin(child, patience);
  if (exit === undefined) child.kill();
  await child.exited;
  return exit?.code === 0 ? undefined : child.failure('reading it').message;
}

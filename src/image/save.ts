/** Saving images to files and streams. */
import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describeValue, FramelaneError, reasonOf } from '../errors/errors.ts';
import { invalidArgument, invalidOption } from '../errors/invalid.ts';
import { checkNames } from '../errors/option-names.ts';
import { OutputFile } from '../output-file.ts';
import { encodeFrames, framesOf } from './encode.ts';
import { checkOptions, type EncodeOptions, encodeNames } from './encode-options.ts';
import {
  formatOfPath,
  isWritable,
  type WritableFormat,
  writableExtensions,
  writableFormats,
} from './formats.ts';
import type { AnyImage } from './image.ts';

export interface SaveOptions extends EncodeOptions {
  /** The format; by default that of the path's extension. Required for a stream. */
  readonly format?: WritableFormat | undefined;
  /** Replace an existing file; true by default. */
  readonly overwrite?: boolean | undefined;
}

/**
 * Writes an image as JPEG, PNG, WebP, AVIF, HEIC, TIFF, GIF or BMP, or several of one size as an animated GIF or WebP. A file
 * appears complete or not at all; a stream is ended. JPEG has no alpha: the image is composited over `background`.
 *
 * @throws FramelaneError ERR_UNSUPPORTED_FORMAT, ERR_INVALID_OPTION, ERR_OUTPUT_EXISTS, ERR_OUTPUT_INVALID.
 * @example
 * await save(image, 'out.webp', { quality: 80 })
 */
export async function save(
  image: AnyImage | readonly AnyImage[],
  target: string | Writable,
  options: SaveOptions = {},
): Promise<void> {
  checkNames(options, [...encodeNames, 'format', 'overwrite']);
  const { overwrite = true, format: wanted, ...encoding } = options;
  if (typeof overwrite !== 'boolean') throw invalidOption('overwrite', 'a boolean', overwrite);
  if (typeof target !== 'string' && !isStream(target)) {
    throw invalidArgument('target', 'a path or a stream', target);
  }
  const format = formatFor(target, wanted);
  const checked = checkOptions(format, encoding);
  const frames = framesOf(image, format, checked);
  if (typeof target !== 'string') {
    const bytes = await encodeFrames(frames, format, checked);
    return await written('stream', () => pipeline(Readable.from([bytes]), target));
  }
  await writeWhole(target, { overwrite }, () => encodeFrames(frames, format, checked));
}

function isStream(target: unknown): target is Writable {
  if (typeof target !== 'object' || target === null) return false;
  if (target instanceof WritableStream) return true;
  return ['write', 'end'].every((name) => name in target);
}

/** Writes the bytes once they are encoded; the file appears complete or not at all. */
export async function writeWhole(
  path: string,
  options: { readonly overwrite: boolean },
  bytes: () => Promise<Buffer>,
): Promise<void> {
  const file = await OutputFile.create(path, options);
  try {
    const content = await bytes();
    await written(path, () => writeFile(file.writePath, content, { flag: 'wx' }));
    await written(path, () => file.commit());
  } catch (error) {
    await file.discard();
    throw error;
  }
}

async function written(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new FramelaneError('ERR_OUTPUT_INVALID', `${name}: cannot be written: ${reason}`, {
      cause,
    });
  }
}

/** The given format, or that of the path's extension. */
export function formatFor(target: string | Writable, given: unknown): WritableFormat {
  if (given !== undefined) {
    const known = writableFormats.find((format) => format === given);
    if (known) return known;
    const message = `format: expected one of ${writableFormats.join(', ')}, received ${describeValue(given)}`;
    throw new FramelaneError('ERR_UNSUPPORTED_FORMAT', message, { path: 'format' });
  }
  if (typeof target !== 'string') {
    const message =
      'format: expected a format, because a stream has no file extension; received nothing';
    throw new FramelaneError('ERR_INVALID_ARGUMENT', message, { path: 'format' });
  }
  const format = formatOfPath(target);
  if (format !== undefined && isWritable(format)) return format;
  throw new FramelaneError(
    'ERR_UNSUPPORTED_FORMAT',
    `${target}: expected an extension of ${writableExtensions.join(', ')}, received "${extname(target)}"`,
  );
}

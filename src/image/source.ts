/** The source of an image file: its bytes, and its name for messages. */
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describeValue, FramelaneError, reasonOf } from '../errors/errors.ts';
import { invalidArgument } from '../errors/invalid.ts';
import { readPiped } from '../system/read-file.ts';

/** A path, a `file:` URL, the bytes of a file, or a stream of them. */
export type FileSource =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | AsyncIterable<Uint8Array>
  | ReadableStream<Uint8Array>;

/** An existing, non-empty image file. */
export interface OpenSource {
  /** For messages: the path, or the kind of source. */
  readonly name: string;
  readonly path: string | undefined;
  /** The first 4096 bytes. */
  readonly head: Uint8Array;
  /** The whole file; read once, at the first call. */
  bytes(): Promise<Buffer>;
}

export async function openSource(source: FileSource): Promise<OpenSource> {
  if (typeof source === 'string') return openFile(source);
  if (source instanceof URL) return openFile(pathOf(source));
  if (source instanceof Uint8Array) return inMemory('buffer', viewOf(source));
  if (source instanceof ArrayBuffer) return inMemory('buffer', Buffer.from(source));
  if (isStream(source)) return inMemory('stream', await collect(source));
  throw invalidArgument('source', 'a path, a file: URL, a Buffer or a readable stream', source);
}

const viewOf = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function pathOf(url: URL): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    const message = `source: expected a file: URL, received ${describeValue(url.href)}`;
    throw new FramelaneError('ERR_INVALID_ARGUMENT', message, { path: 'source', cause });
  }
}

async function openFile(path: string): Promise<OpenSource> {
  let file: FileHandle;
  try {
    const piped = await readPiped(path, { what: 'a picture', most: 1 << 30 });
    if (piped !== undefined) return inMemory(path, piped);
    file = await open(path);
  } catch (cause) {
    if (cause instanceof FramelaneError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new FramelaneError('ERR_INPUT_NOT_FOUND', `${path}: there is no such file`, { cause });
    }
    throw unreadable(path, cause);
  }
  try {
    if ((await file.stat()).isDirectory()) {
      throw new FramelaneError('ERR_INPUT_INVALID', `${path}: is a folder, expected an image`);
    }
    const head = Buffer.alloc(4096);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    let all: Promise<Buffer> | undefined;
    const bytes = () => {
      all ??= readFile(path).catch((cause) => {
        throw unreadable(path, cause);
      });
      return all;
    };
    return notEmpty({ name: path, path, head: head.subarray(0, bytesRead), bytes });
  } finally {
    await file.close();
  }
}

function unreadable(path: string, cause: unknown): FramelaneError {
  const { code } = cause as NodeJS.ErrnoException;
  return new FramelaneError('ERR_INPUT_INVALID', `${path}: cannot be read (${code})`, { cause });
}

function inMemory(name: string, bytes: Buffer): OpenSource {
  const head = bytes.subarray(0, 4096);
  return notEmpty({ name, path: undefined, head, bytes: () => Promise.resolve(bytes) });
}

function notEmpty(source: OpenSource): OpenSource {
  if (source.head.length > 0) return source;
  throw new FramelaneError('ERR_INPUT_EMPTY', `${source.name}: has 0 bytes, expected an image`);
}

function isStream(source: unknown): source is AsyncIterable<Uint8Array> {
  return typeof source === 'object' && source !== null && Symbol.asyncIterator in source;
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of stream) {
      if (!(chunk instanceof Uint8Array)) {
        throw new TypeError(`expected chunks of bytes, received ${describeValue(chunk)}`);
      }
      chunks.push(chunk);
    }
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new FramelaneError('ERR_INPUT_INVALID', `stream: cannot be read: ${reason}`, { cause });
  }
  return Buffer.concat(chunks);
}

/** Opens an input by name: a file, an image sequence, a URL, a device, or `-` for stdin. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { FramelaneError } from '../../errors/errors.ts';
import { checkPath } from '../../errors/invalid.ts';
import { findTool } from '../../ffmpeg/ffmpeg.ts';
import { untilAborted } from '../../system/abort.ts';
import { descriptorOf, kindOf } from '../../system/input-stream.ts';
import { frameRateOf, type Rational } from '../format/rational.ts';
import type { InputSource } from '../format/source.ts';
import { findCaptureSource } from './capture-source.ts';
import { guardArgs } from './guard.ts';
import { type KeptFile, keepDescriptor, keepFifo } from './kept-stream.ts';
import { findNetworkSource } from './network-source.ts';
import type { InputOptions } from './options.ts';
import { findSequenceSource } from './sequence-source.ts';

/** The input name of stdin. */
export const stdinName = '-';

/** A source, and the resources it needs while it is read. */
export interface OpenSource extends AsyncDisposable {
  readonly source: InputSource;
}

export interface SourceOptions
  extends Pick<InputOptions, 'inputFrameRate' | 'inputTimeout' | 'allowPlaylists'> {
  readonly ffprobe?: string | undefined;
  /** Ends the wait for the end of stdin, a pipe or a FIFO. */
  readonly signal?: AbortSignal | undefined;
}

export const defaultFrameRate: Rational = { num: 25, den: 1 };

/** Resolves a name to a source and restricts what FFmpeg may open for it; rejects sources that cannot be read. */
export async function openSource(path: string, options: SourceOptions = {}): Promise<OpenSource> {
  const open = await findSource(path, options);
  try {
    const program = await findTool('ffprobe', options.ffprobe);
    const asked = guardArgs(open.source, program, options.allowPlaylists ?? false);
    const guard = await untilAborted(asked, `opening ${path}`, options.signal);
    const close = () => open[Symbol.asyncDispose]();
    return { source: { ...open.source, guard }, [Symbol.asyncDispose]: close };
  } catch (error) {
    await open[Symbol.asyncDispose]();
    throw error;
  }
}

/** Resolves a name to a source; rejects sources that cannot be read. */
async function findSource(path: string, options: SourceOptions): Promise<OpenSource> {
  checkPath(path, 'input', 'a path, a URL or the name of a device');
  const { inputFrameRate, inputTimeout = 10, signal } = options;
  const rate =
    inputFrameRate === undefined ? undefined : frameRateOf(inputFrameRate, 'inputFrameRate');
  const nothing = async () => {};
  const elsewhere = findNetworkSource(path, inputTimeout) ?? findCaptureSource(path, inputTimeout);
  if (elsewhere !== undefined) {
    await requireDeviceFile(elsewhere);
    return { source: elsewhere, [Symbol.asyncDispose]: nothing };
  }
  if (path === stdinName) return kept('stdin', await keepDescriptor(0, 'stdin', signal));
  const descriptor = descriptorOf(path);
  if (descriptor !== undefined) return kept(path, await keepDescriptor(descriptor, path, signal));
  const info = await stat(path).catch((cause: NodeJS.ErrnoException) => cause);
  if (info instanceof Error) {
    const sequence = await findSequenceSource(path, rate ?? defaultFrameRate);
    if (sequence !== undefined) return { source: sequence, [Symbol.asyncDispose]: nothing };
    throw new FramelaneError(
      'ERR_INPUT_NOT_FOUND',
      `${path}: there is no such file (${info.code})`,
      {
        cause: info,
      },
    );
  }
  const invalid = (reason: string, cause?: unknown) =>
    new FramelaneError('ERR_INPUT_INVALID', `${path}: ${reason}`, { cause });
  if (info.isDirectory()) throw invalid('expected a video file, received a folder');
  if (info.isSocket() || info.isCharacterDevice()) {
    throw invalid(`expected a video file, received ${kindOf(info)}`);
  }
  if (info.isFile() && info.size === 0)
    throw invalid('expected a video file, received an empty file');
  await access(path, constants.R_OK).catch((cause: NodeJS.ErrnoException) => {
    throw invalid(`cannot be read (${cause.code})`, cause);
  });
  if (info.isFIFO()) return kept(path, await keepFifo(path, signal));
  const source = { path, url: `file:${path}`, options: [], warnings: [] };
  return { source, [Symbol.asyncDispose]: nothing };
}

function kept(path: string, { file, close }: KeptFile): OpenSource {
  const source = { path, url: `file:${file}`, options: [], warnings: [] };
  return { source, [Symbol.asyncDispose]: close };
}

/** Checks for the camera here, because FFmpeg's message for a missing one is unclear. */
async function requireDeviceFile({ path, url }: InputSource): Promise<void> {
  if (!url.startsWith('/dev/')) return;
  await access(url, constants.R_OK).catch((cause: NodeJS.ErrnoException) => {
    const code = cause.code === 'ENOENT' ? 'ERR_INPUT_NOT_FOUND' : 'ERR_INPUT_UNREACHABLE';
    throw new FramelaneError(code, `${path}: no camera can be read there (${cause.code})`, {
      cause,
    });
  });
}

/** Opens an output by its kind, and completes it when it is encoded. */
import { isatty } from 'node:tty';
import type { Child } from '../../ffmpeg/process.ts';
import { addon } from '../../native/binding.ts';
import {
  invalidOutput,
  type Output,
  OutputFile,
  type OutputFileOptions,
} from '../../output-file.ts';
import type { Rational } from '../format/rational.ts';
import { requireWritten } from './encoder-failure.ts';
import type { Encoding } from './encoding.ts';
import { endMatroskaAt } from './matroska-end.ts';
import { endMovieAt, lengthenLastFrame } from './mp4-end.ts';
import { OutputSequence } from './output-sequence.ts';

/** Opens an output; rejects one that cannot be written before any work is done. */
export async function openOutput(
  path: string,
  { kind }: Encoding,
  options: OutputFileOptions = {},
): Promise<Output> {
  if (kind === 'stdout') return standardOutput();
  if (kind === 'sequence') return await OutputSequence.create(path, options);
  return await OutputFile.create(path, options);
}

/**
 * Completes the file of an encoder that has ended. `end` is when the last frame ends, in seconds, where its length is not the
 * usual one; `alone` if the video is the only stream. ERR_FFMPEG_FAILED if the file is not whole.
 */
export async function completeOutput(
  output: Output,
  encoding: Encoding,
  frameRate: Rational,
  encoder: Child,
  end?: number,
  alone = true,
): Promise<void> {
  const { kind, container } = encoding;
  await requireWritten(encoder, encoding, output);
  const path = output.writePath;
  if (kind === 'file' && container.faststart) {
    if (end !== undefined) await endMovieAt(path, end);
    await lengthenLastFrame(path, frameRate);
  } else if (kind === 'file' && end !== undefined && /^(mkv|webm)$/.test(container.name)) {
    await endMatroskaAt(path, end, alone);
  }
}

/** Nothing to commit or to remove: the reader has the bytes already. */
function standardOutput(): Output {
  if (isatty(1)) {
    throw invalidOutput('-', 'stdout is a terminal; redirect it to a file or a program');
  }
  return {
    path: '-',
    writePath: '-',
    progress: () => (addon().takesMore(1) ? 0 : undefined),
    async commit() {},
    revert: async () => false,
    async discard() {},
  };
}

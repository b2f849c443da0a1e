/** Opens an output by its kind. */
import { isatty } from 'node:tty';
import { addon } from '../binding.ts';
import type { Child } from '../ffmpeg/process.ts';
import { invalidOutput, type Output, OutputFile, type OutputFileOptions } from '../output-file.ts';
import { requireWritten } from './capability.ts';
import type { Encoding } from './encoder-options.ts';
import { lengthenLastFrame } from './mp4-end.ts';
import { OutputSequence } from './output-sequence.ts';
import type { Rational } from './rational.ts';

/** Refuses what cannot be written, before any work is done. */
export async function openOutput(
  path: string,
  { kind }: Encoding,
  options: OutputFileOptions = {},
): Promise<Output> {
  if (kind === 'stdout') return standardOutput();
  if (kind === 'sequence') return await OutputSequence.create(path, options);
  return await OutputFile.create(path, options);
}

/** Whether what the encoder, which has ended, wrote is complete; ERR_FFMPEG_FAILED where its end is missing. */
export async function completeOutput(
  output: Output,
  encoding: Encoding,
  frameRate: Rational,
  encoder: Child,
): Promise<void> {
  const { kind, container } = encoding;
  await requireWritten(encoder, encoding, output);
  if (kind === 'file' && container.faststart) await lengthenLastFrame(output.writePath, frameRate);
}

/** Whoever reads it has it already. */
function standardOutput(): Output {
  if (isatty(1)) {
    throw invalidOutput('-', 'stdout is a terminal; send it into a file or a program');
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

import { runBatch as startBatch } from '../batch/batch.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { print, printJson, printNote } from './output.ts';
import { batchDisplay } from './progress.ts';
import { round } from './result.ts';
import type { PictureFlags } from './run-flags.ts';
import { stopOnSignals } from './signals.ts';

/** Many pictures; failures are listed at the end, and make the exit code 1. */
export async function runBatch(
  pipeline: Pipeline,
  inputs: readonly string[],
  { output, encoding, device, overwrite, assets, json, quiet }: PictureFlags,
): Promise<void> {
  const batch = startBatch(pipeline, inputs, output, {
    ...encoding,
    device,
    overwrite,
    assets,
  });
  const display = batchDisplay({ json, quiet });
  const release = stopOnSignals(batch, () => {
    display.stop();
    if (!json && !quiet)
      printNote('framelane: finishing the pictures in progress; press Ctrl-C again to abort');
  });
  batch.on('progress', (progress) => display.update(progress));
  if (json) {
    batch.on('start', (start) => printJson({ event: 'start', ...start }));
    batch.on('file', ({ input, output: file, size, error }) => {
      const failure = error && { code: error.code, message: error.message };
      printJson({ event: 'file', input, output: file, ...size, ...failure });
    });
  }
  try {
    const { done, failed, total, seconds, files, stopped } = await batch.finished;
    display.stop();
    if (failed > 0) process.exitCode ??= 1;
    if (json) {
      const rounded = round(seconds);
      printJson({
        event: 'done',
        done,
        failed,
        total,
        seconds: rounded,
        device: batch.device,
        stopped,
      });
      return;
    }
    for (const { error } of files) if (error) printNote(`framelane: ${error.message}`);
    if (quiet) return;
    const outcome = `${done} of ${total} pictures in ${seconds.toFixed(1)} s on ${batch.device}`;
    const pace = ` (${(done / seconds).toFixed(1)} a second)`;
    print(
      `${output}: ${outcome}${pace}${failed ? `, ${failed} failed` : ''}${stopped ? ', stopped early' : ''}`,
    );
  } finally {
    display.stop();
    release();
  }
}

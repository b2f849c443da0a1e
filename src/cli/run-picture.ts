import { existsSync } from 'node:fs';
import { resolveDevice } from '../device.ts';
import { FramelaneError } from '../errors.ts';
import { run } from '../image/apply.ts';
import { loadU8 } from '../image/load.ts';
import { save } from '../image/save.ts';
import type { Pipeline } from '../pipeline.ts';
import { prepareStages } from '../plan.ts';
import type { Result } from './result.ts';
import type { RunFlags } from './run.ts';

type PictureFlags = Omit<RunFlags, 'output'> & { readonly output: string };

/** Load, apply, save: a picture is one frame. */
export async function runPicture(pipeline: Pipeline, flags: PictureFlags): Promise<Result> {
  refuseClobbering(flags);
  const start = performance.now();
  const device = resolveDevice(flags.device);
  using prepared = await prepareStages(pipeline, device);
  using picture = await loadU8(flags.input, { device });
  using result = run(prepared.stages, picture, {});
  await save(result, flags.output, { overwrite: flags.overwrite ?? false });
  const seconds = (performance.now() - start) / 1000;
  return { output: flags.output, frames: 1, seconds, device };
}

/** Said before the work, not after it. */
function refuseClobbering({ output, overwrite }: PictureFlags): void {
  if (overwrite || !existsSync(output)) return;
  throw new FramelaneError('ERR_OUTPUT_EXISTS', `${output} exists: --overwrite replaces it`);
}

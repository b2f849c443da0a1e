import { existsSync } from 'node:fs';
import { PictureBuffers, Workspace } from '../batch/buffers.ts';
import { processPicture } from '../batch/picture.ts';
import { resolveDevice } from '../device.ts';
import { FramelaneError } from '../errors.ts';
import { formatFor } from '../image/save.ts';
import type { Pipeline } from '../pipeline.ts';
import { prepareStages } from '../plan.ts';
import type { Result } from './result.ts';
import type { PictureFlags } from './run.ts';

/** A batch of one, whose failure is the failure of the run. */
export async function runPicture(
  pipeline: Pipeline,
  input: string,
  flags: PictureFlags,
): Promise<Result> {
  const { output, encoding } = flags;
  const overwrite = refuseClobbering(flags);
  const start = performance.now();
  const device = resolveDevice(flags.device);
  using prepared = await prepareStages(pipeline, device);
  using workspace = new Workspace(device);
  using buffers = new PictureBuffers(device, workspace);
  const task = { input, output, format: formatFor(output, undefined) };
  await processPicture(prepared.stages, task, { reading: {}, encoding, overwrite }, buffers);
  const seconds = (performance.now() - start) / 1000;
  return { output, frames: 1, seconds, device };
}

/** Said before the work, not after it; returns whether a file may be replaced. */
function refuseClobbering({ output, overwrite }: PictureFlags): boolean {
  if (overwrite || !existsSync(output)) return overwrite ?? false;
  throw new FramelaneError('ERR_OUTPUT_EXISTS', `${output} exists: --overwrite replaces it`);
}

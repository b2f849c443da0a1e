import { PictureBuffers, Workspace } from '../batch/buffers.ts';
import { planJobs } from '../batch/jobs.ts';
import { processPicture } from '../batch/process-picture.ts';
import { resolveDevice } from '../device.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { prepareStages } from '../plan.ts';
import type { Result } from './result.ts';
import type { PictureFlags } from './run-flags.ts';

/** One picture; unlike in a batch, its failure is the failure of the run. */
export async function runPicture(
  pipeline: Pipeline,
  input: string,
  flags: PictureFlags,
): Promise<Result> {
  const { output, encoding, overwrite = false, assets } = flags;
  const options = { reading: {}, encoding, overwrite };
  const start = performance.now();
  const jobs = await planJobs([input], output, options);
  const device = resolveDevice(flags.device);
  using prepared = await prepareStages(pipeline, device, {}, { assets });
  using workspace = new Workspace(device);
  using buffers = new PictureBuffers(device, workspace);
  for (const job of jobs) await processPicture(prepared.stages, job, options, buffers);
  const seconds = (performance.now() - start) / 1000;
  return { output, frames: 1, seconds, device };
}

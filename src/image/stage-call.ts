/** Calls with a mask, a region or a branch. They run at once, as a stage of a pipeline. */
import { completeStage } from '../pipeline/pipeline.ts';
import type { OpDeclaration } from '../schema/declaration.ts';
import { run } from './apply.ts';
import { type AnyImage, deviceOf } from './image.ts';
import type { OnStream } from './on-stream.ts';
import { nativeStages } from './stages.ts';

/** Runs the call as a stage; `options` may have `dst` and `temp` if the operation makes an image. */
export function callStage(
  op: OpDeclaration,
  options: Readonly<Record<string, unknown>>,
  image: AnyImage,
): AnyImage {
  const isMaking = op.pattern === 'dst';
  const { stream, ...given } = options as OnStream & Readonly<Record<string, unknown>>;
  const { dst, temp, ...own } = given;
  const stage = completeStage(op, isMaking ? own : given, '');
  const buffers = isMaking
    ? { dst: dst as AnyImage | undefined, temp: temp as AnyImage | undefined, stream }
    : { dst: image, stream };
  return run(nativeStages([stage], deviceOf(image)), image, buffers);
}

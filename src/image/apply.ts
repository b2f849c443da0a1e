/** Running stages on an image, for the groups and `apply`. */

import { checkNames, namesOf } from '../errors/option-names.ts';
import { addon } from '../native/binding.ts';
import type { NativeStage } from '../native/plan.ts';
import { opOf } from '../ops/registry.ts';
import { type Pipeline, pipelineOf } from '../pipeline/pipeline.ts';
import { type AnyImage, deviceOf, handleOf, imageLike } from './image.ts';
import { numberOf, type OnStream } from './on-stream.ts';
import { nativeStages } from './stages.ts';

export interface Buffers<T extends AnyImage = AnyImage> extends OnStream {
  /** Receives the result and takes its size; without it a new image is made. */
  readonly dst?: T | undefined;
  /** Lends its memory for intermediate images; if absent or too small, the device's pool is used. */
  readonly temp?: AnyImage | undefined;
}

const bufferNames = namesOf<Buffers>({ dst: true, temp: true, stream: true });

/** Runs native stages into `dst` or a new image. */
export function run<T extends AnyImage>(
  stages: readonly NativeStage[],
  image: T,
  { dst, temp, stream }: Buffers<T>,
): T {
  const source = handleOf(image);
  const borrowed = temp === undefined ? null : handleOf(temp, 'temp');
  const on = numberOf(stream);
  if (dst !== undefined) {
    addon().apply(stages, source, handleOf(dst, 'dst'), borrowed, on);
    return dst;
  }
  const size = addon().outputSize(stages, image.width, image.height);
  const result = imageLike(image, size.width, size.height) as T;
  addon().apply(stages, source, handleOf(result), borrowed, on);
  return result;
}

/**
 * Runs a whole pipeline on an image, in as few passes as possible; returns `dst` or a new image. With
 * `dst: image` it works in place. Images and LUTs of the pipeline must be in memory. Measuring operations are skipped: use
 * `Measure`.
 *
 * @example
 * using graded = apply(pipeline().contrast(1.1).vignette(), image)
 */
export function apply<T extends AnyImage>(
  pipeline: Pick<Pipeline, 'stages'>,
  image: T,
  buffers: Buffers<T> = {},
): T {
  checkNames(buffers, bufferNames, 'buffers');
  const stages = pipelineOf(pipeline).stages.filter((stage) => opOf(stage).pattern !== 'result');
  return run(nativeStages(stages, deviceOf(image)), image, buffers);
}

/** The immediate API of measuring operations. */
import { addon } from '../native/binding.ts';
import type { FrameResult } from '../native/results.ts';
import { optionsFromCall } from '../ops/call.ts';
import { type OpDeclaration, validateOptions } from '../schema/declaration.ts';
import { type AnyImage, handleOf } from './image.ts';
import { numberOf } from './on-stream.ts';

/** Measures an image, after waiting for it; options as in a stage. */
export function measured(
  op: OpDeclaration,
  image: AnyImage,
  args: readonly unknown[],
): FrameResult {
  const { stream, ...given } = optionsFromCall(op, args);
  const options = validateOptions(op, given);
  return addon().measure({ op: op.name, ...options }, handleOf(image), numberOf(stream));
}

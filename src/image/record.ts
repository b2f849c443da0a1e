/** Passes one operation to the addon as numbers: the operation, the images, and the options in shared slots. */

import type { DeviceId } from '../device.ts';
import { addon } from '../native/binding.ts';
import type { Stage } from '../ops/index.ts';
import { resolveToneMaps } from '../pipeline/tone-mapping.ts';
import type { OpDeclaration } from '../schema/declaration.ts';
import type { EnumParameter } from '../schema/enum.ts';
import { fileKindOf, type Parameter } from '../schema/parameter.ts';
import { customSlots } from './custom-stage.ts';
import { type AnyImage, idOf, imageLike } from './image.ts';
import { numberOf } from './on-stream.ts';
import { stageValues } from './stage-values.ts';
import { loaded } from './stages.ts';

/** An operation and its number in the addon. */
export interface RecordedOp {
  readonly id: number;
  readonly op: OpDeclaration;
  readonly names: readonly string[];
  readonly parameters: readonly Parameter[];
  /** Slots before those of the values. */
  readonly head: readonly number[];
  /** Whether all values are plain data: no images, no LUTs, nothing that depends on a video. */
  readonly isPlain: boolean;
}

export function recordedOp(op: OpDeclaration): RecordedOp {
  const parameters = Object.values(op.parameters);
  const isPlain = !op.asksSource && !parameters.some(isPlaced);
  const { id, head } =
    op.group === 'Custom' ? customSlots(op) : { id: addon().opId(op.name), head: [] };
  return { id, op, names: Object.keys(op.parameters), parameters, head, isPlain };
}

let shared: Float64Array | undefined;

/**
 * Runs an operation on `image` into `dst`, or into a new image; returns it. `values` are complete, in the order of the
 * parameters.
 */
export function record(
  op: RecordedOp,
  values: readonly unknown[],
  image: AnyImage,
  dst: AnyImage | undefined,
  temp: AnyImage | undefined,
  stream?: unknown,
): AnyImage {
  const native = addon();
  shared ??= native.slots();
  const source = idOf(image);
  const placed = op.isPlain ? values : placedValues(op, values, image.device);
  const borrowed = temp === undefined ? 0 : idOf(temp, 'temp');
  const on = stream === undefined ? 0 : numberOf(stream);
  let result = dst;
  if (result === undefined) {
    fillSlots(shared, op, placed);
    const size = native.recordedSize(op.id, source);
    result = imageLike(image, Math.floor(size / 65536), size % 65536);
  }
  const target = idOf(result, 'dst');
  fillSlots(shared, op, placed);
  native.record(op.id, source, target, borrowed, on, image, temp, values, stream);
  return result;
}

const isPlaced = (parameter: Parameter) => fileKindOf(parameter) !== undefined;

/** The values with handles of images and LUT tables in place of the objects. */
function placedValues(
  { op, names, parameters }: RecordedOp,
  values: readonly unknown[],
  device: DeviceId,
): unknown[] {
  if (op.asksSource) {
    const options = Object.fromEntries(names.map((name, i) => [name, values[i]]));
    resolveToneMaps([{ op: op.name, ...options } as unknown as Stage], {}); // rejects "auto": an image has no tag
  }
  return parameters.map((parameter, i) => {
    const kind = fileKindOf(parameter);
    if (kind === undefined) return values[i];
    const path = `stages[0].${names[i]}`;
    return stageValues[kind].slots(loaded(kind, values[i], path), device, path);
  });
}

/** Numbers only, so that no code of the caller runs between this and the call that reads the slots. */
function fillSlots(
  slots: Float64Array,
  { head, parameters }: RecordedOp,
  values: readonly unknown[],
): void {
  let at = 0;
  for (const number of head) slots[at++] = number;
  for (let i = 0; i < parameters.length; i++) {
    const value = values[i];
    if (typeof value === 'number') slots[at++] = value;
    else if (value === undefined) slots[at++] = Number.NaN;
    else if (typeof value === 'boolean') slots[at++] = value ? 1 : 0;
    else if (typeof value === 'string') {
      slots[at++] = (parameters[i] as EnumParameter).values.indexOf(value);
    } else {
      for (const number of value as readonly number[]) slots[at++] = number;
    }
  }
}

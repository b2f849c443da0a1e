/** Calls of operations on images: recorded as numbers where nothing in them is more than a value. */
import type { FrameResult } from '../native/results.ts';
import { optionsFromCall } from '../ops/call.ts';
import { checkedValues, methodOf, quickValues } from '../ops/call-values.ts';
import { isScoped } from '../ops/scope.ts';
import type { OpDeclaration } from '../schema/declaration.ts';
import { kindOf } from '../schema/parameter.ts';
import type { AnyImage } from './image.ts';
import { measured } from './measure.ts';
import { type RecordedOp, record, recordedOp } from './record.ts';
import { callStage } from './stage-call.ts';

export type Call = (image: AnyImage, first?: unknown, second?: unknown) => AnyImage | FrameResult;

/** The function of an operation whose options are not numbers alone. It runs at once. */
export function stageCallOf(op: OpDeclaration): Call {
  return (image, first, second) => callStage(op, optionsFromCall(op, [first, second]), image);
}

/** The function of an operation; `preset` holds the options that the method sets. */
export function callOf(op: OpDeclaration, preset: Readonly<Record<string, unknown>>): Call {
  if (op.pattern === 'result') return (image, ...args) => measured(op, image, args);
  const method = methodOf(op, preset);
  const isMaking = op.pattern === 'dst';
  const count = method.parameters.length;
  const branches = method.parameters.flatMap((parameter, place) => {
    const { branch } = kindOf(parameter);
    return branch === undefined ? [] : [{ branch, place }];
  });
  let recorded: RecordedOp | undefined; // at the first call, because it loads the addon
  return (image, first, second) => {
    let values = quickValues(method, first, second);
    if (values === undefined) {
      const options = optionsFromCall(op, [first, second], preset);
      if (isScoped(options)) return callStage(op, options, image);
      values = checkedValues(method, options);
    }
    for (const { branch, place } of branches) {
      if (branch.of(values[place]) === undefined) continue;
      return callStage(op, optionsFromCall(op, [first, second], preset), image);
    }
    recorded ??= recordedOp(op);
    const dst = isMaking ? (values[count] as AnyImage | undefined) : image;
    const temp = values[count + 1] as AnyImage | undefined;
    return record(recorded, values, image, dst, temp, values[count + 2]);
  };
}

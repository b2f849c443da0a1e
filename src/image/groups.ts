/** The immediate API: one object per group of operations, with methods made from the table. */

import type { FrameResult } from '../native/results.ts';
import { optionsFromCall } from '../ops/call.ts';
import { checkedValues, methodOf, quickValues } from '../ops/call-values.ts';
import { ops } from '../ops/index.ts';
import { isScoped } from '../ops/scope.ts';
import type { GroupName, OpDeclaration } from '../schema/declaration.ts';
import { kindOf } from '../schema/parameter.ts';
import type { Groups } from './help/index.ts';
import type { AnyImage } from './image.ts';
import { measured } from './measure.ts';
import { type RecordedOp, record, recordedOp } from './record.ts';
import { callStage } from './stage-call.ts';

type Call = (image: AnyImage, first?: unknown, second?: unknown) => AnyImage | FrameResult;

function callOf(op: OpDeclaration, preset: Readonly<Record<string, unknown>>): Call {
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

/** The only cast: the methods are those of the table. */
function group<G extends keyof Groups & GroupName>(name: G): Groups[G] {
  const methods: Record<string, unknown> = {};
  for (const op of Object.values<OpDeclaration>(ops)) {
    if (op.group !== name) continue;
    for (const [methodName, preset] of Object.entries(op.methods)) {
      methods[methodName] = callOf(op, preset);
    }
  }
  return Object.freeze(methods) as unknown as Groups[G];
}

/** Fills a whole image. */
export const Fill: Groups['Fill'] = group('Fill');
/** Colour adjustments, in place. */
export const Adjust: Groups['Adjust'] = group('Adjust');
/** Blurs (making an image) and looks (in place). */
export const Filter: Groups['Filter'] = group('Filter');
/** Composites a second image over the first, in place. */
export const Blend: Groups['Blend'] = group('Blend');
/** Effects, in place. */
export const Effect: Groups['Effect'] = group('Effect');
/** Geometry without resampling. */
export const Transform: Groups['Transform'] = group('Transform');
/** Resampling. */
export const Resize: Groups['Resize'] = group('Resize');
/** Measurements of an image, as data. */
export const Measure: Groups['Measure'] = group('Measure');

/** The immediate API: one object per group of operations, its methods made from the table. */
import { optionsFromCall } from '../call.ts';
import { checkedValues, methodOf, quickValues } from '../call-values.ts';
import type { FrameResult, ResultOf, Results } from '../native-results.ts';
import { type OpArguments, type OpName, type Ops, ops } from '../ops/index.ts';
import { isScoped, type Scope } from '../ops/scope.ts';
import { kindOf } from '../schema/parameter.ts';
import type { GroupName, OpDeclaration } from '../schema.ts';
import type { Buffers } from './apply.ts';
import type { AnyImage } from './image.ts';
import { measured } from './measure.ts';
import { type RecordedOp, record, recordedOp } from './record.ts';
import { callStage } from './stage-call.ts';

/** In place: changes the image and returns it. */
type InPlace<N extends OpName, M> = <T extends AnyImage>(
  image: T,
  ...args: OpArguments<N, M, Scope>
) => T;
/** Makes an image, or fills `dst`; returns it. */
type Making<N extends OpName, M> = <T extends AnyImage>(
  image: T,
  ...args: OpArguments<N, M, Buffers<T> & Scope>
) => T;

/** Waits for the image and returns what it is found to be. */
type Measuring<N extends keyof Results, M> = (
  image: AnyImage,
  ...args: OpArguments<N, M>
) => ResultOf<N>;

type Method<N extends OpName, M> = N extends keyof Results
  ? Measuring<N, M>
  : Ops[N]['pattern'] extends 'dst'
    ? Making<N, M>
    : InPlace<N, M>;
type OpsOf<G extends GroupName> = {
  [N in OpName]: Ops[N]['group'] extends G ? N : never;
}[OpName];
type UnionToIntersection<U> = (U extends unknown ? (u: U) => void : never) extends (
  i: infer I,
) => void
  ? I
  : never;
type Group<G extends GroupName> = UnionToIntersection<
  { [N in OpsOf<G>]: { readonly [M in keyof Ops[N]['methods']]: Method<N, M> } }[OpsOf<G>]
>;

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
  let recorded: RecordedOp | undefined; // at the first call, as it loads the addon
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
    return record(recorded, values, image, dst, values[count + 1] as AnyImage | undefined);
  };
}

/** The one cast that types the groups; the table holds what it says. */
function group<G extends GroupName>(name: G): Group<G> {
  const methods: Record<string, unknown> = {};
  for (const op of Object.values<OpDeclaration>(ops)) {
    if (op.group !== name) continue;
    for (const [methodName, preset] of Object.entries(op.methods)) {
      methods[methodName] = callOf(op, preset);
    }
  }
  return Object.freeze(methods) as Group<G>;
}

/** Fills a whole image. */
export const Fill: Group<'Fill'> = group('Fill');
/** Colour adjustments, in place. */
export const Adjust: Group<'Adjust'> = group('Adjust');
/** Blurs (making an image) and looks (in place). */
export const Filter: Group<'Filter'> = group('Filter');
/** Composites a second image over the first, in place. */
export const Blend: Group<'Blend'> = group('Blend');
/** Effects, in place. */
export const Effect: Group<'Effect'> = group('Effect');
/** Geometry without resampling. */
export const Transform: Group<'Transform'> = group('Transform');
/** Resampling. */
export const Resize: Group<'Resize'> = group('Resize');
/** What an image is found to be, as data. */
export const Measure: Group<'Measure'> = group('Measure');

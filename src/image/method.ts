/** The types of the immediate API's methods. */
import type { ResultOf, Results } from '../native/results.ts';
import type { OpArguments, OpName, Ops, Scope } from '../ops/index.ts';
import type { Buffers } from './apply.ts';
import type { AnyImage } from './image.ts';
import type { OnStream } from './on-stream.ts';

/** In place: changes the image and returns it. */
type InPlace<N extends OpName, M> = <T extends AnyImage>(
  image: T,
  ...args: OpArguments<N, M, Scope & OnStream>
) => T;
/** Makes an image, or fills `dst`; returns it. */
type Making<N extends OpName, M> = <T extends AnyImage>(
  image: T,
  ...args: OpArguments<N, M, Buffers<T> & Scope>
) => T;

/** Waits for the image and returns its measurement. */
type Measuring<N extends keyof Results, M> = (
  image: AnyImage,
  ...args: OpArguments<N, M, OnStream>
) => ResultOf<N>;

/** The method `M` of an operation; `never` if the table no longer has it. */
export type Method<N, M> = N extends keyof Results
  ? Measuring<N, M>
  : N extends OpName
    ? Ops[N]['pattern'] extends 'dst'
      ? Making<N, M>
      : InPlace<N, M>
    : never;

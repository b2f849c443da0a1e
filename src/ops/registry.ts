/** Operations by name: those of the table, and those that the program has defined. */
import { describeValue, FramelaneError } from '../errors/errors.ts';
import { didYouMean } from '../errors/suggest.ts';
import { type OpDeclaration, ownValue } from '../schema/declaration.ts';
import { ops } from './index.ts';

/** An operation that the program has defined, as the builder takes it: a function with its declaration. */
export interface DefinedOp<Arguments extends readonly unknown[] = readonly unknown[]> {
  readonly declaration: OpDeclaration;
  /** Only for type inference; never set. */
  readonly stageArguments?: Arguments;
}

const registered = new Map<string, OpDeclaration>();

/** All operations, those of the table first. */
export function allOps(): readonly OpDeclaration[] {
  return [...Object.values<OpDeclaration>(ops), ...registered.values()];
}

/** The declaration of an operation; undefined if there is none of that name. */
export function opNamed(name: string): OpDeclaration | undefined {
  return (ownValue(ops, name) as OpDeclaration | undefined) ?? registered.get(name);
}

/** The declaration of an operation by its name; ERR_UNKNOWN_OP with the closest name otherwise. */
export function findOp(name: unknown, path: string): OpDeclaration {
  const op = typeof name === 'string' ? opNamed(name) : undefined;
  if (op !== undefined) return op;
  const names = allOps().map((known) => known.name);
  const message = `${path}: expected the name of an operation, received ${describeValue(name)}${didYouMean(name, names)}`;
  throw new FramelaneError('ERR_UNKNOWN_OP', message, { path });
}

/** The declaration of the operation of a validated stage. */
export function opOf(stage: { readonly op: string }): OpDeclaration {
  return findOp(stage.op, 'op');
}

/** Adds an operation; the caller has checked that its name is free. */
export function registerOp(op: OpDeclaration): void {
  registered.set(op.name, op);
}

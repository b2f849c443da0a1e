import { describeValue, FramelaneError } from '../errors/errors.ts';
import { didYouMean } from '../errors/suggest.ts';
import { type OpDeclaration, ownValue } from '../schema/declaration.ts';
import { ops } from './index.ts';

/** The declaration of an operation by its name; ERR_UNKNOWN_OP with the closest name otherwise. */
export function findOp(name: unknown, path: string): OpDeclaration {
  const op = typeof name === 'string' ? ownValue(ops, name) : undefined;
  if (op !== undefined) return op as OpDeclaration;
  const hint = didYouMean(name, Object.keys(ops));
  const message = `${path}: expected the name of an operation, received ${describeValue(name)}${hint}`;
  throw new FramelaneError('ERR_UNKNOWN_OP', message, { path });
}

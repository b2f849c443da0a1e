/** OpenGL objects in arguments: a name, or an object that holds one. */
import { describeValue, FramelaneError } from '../errors/errors.ts';

/** A name, or an object of `gl` (from webgl-raub or a framelane window), which keeps its name in `_`. */
export type GLReference = number | { readonly _: number };

/** The name; ERR_INVALID_ARGUMENT for anything else. */
export function glName(object: unknown, what: string): number {
  const name = typeof object === 'object' && object !== null && '_' in object ? object._ : object;
  if (typeof name === 'number' && Number.isInteger(name) && name >= 1 && name < 2 ** 32) {
    return name;
  }
  throw new FramelaneError(
    'ERR_INVALID_ARGUMENT',
    `${what}: expected an OpenGL name (an integer above 0) or an object that gl.create${what[0]?.toUpperCase()}${what.slice(1)}() made, received ${describeValue(object)}`,
    { path: what },
  );
}

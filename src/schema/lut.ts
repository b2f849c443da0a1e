/** A colour table, or a .cube file by its path. */
import { someText } from './json.ts';
import { type Described, kind, type Types } from './kind.ts';
import { isPath } from './path.ts';
import { isPlainObject } from './plain-object.ts';

export interface LutParameter extends Described {
  readonly kind: 'lut';
}

/** A Lut, or the path of a .cube file; relative like that of an image, and loaded by the layers above. */
export type LutSource = string | { readonly dimensions: 1 | 3; readonly size: number };

export interface LutTypes extends Types {
  readonly parameter: LutParameter;
  readonly input: LutSource;
  readonly value: LutSource;
}

export const lut = (doc: string) => ({ kind: 'lut' as const, doc });

export const lutKind = kind<LutTypes>()({
  accept(_, value) {
    if (typeof value === 'string') return isPath(value) ? value : undefined;
    // Lut objects are not inspected here, like images.
    const isInstance = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isInstance && !isPlainObject(value) ? (value as LutSource) : undefined;
  },
  takes: (object) => !isPlainObject(object),
  describe: () => 'a Lut or the path of a .cube file',
  inFile: 'the path of a .cube file',
  example: () => 'film.cube',
  inMemory: { value: 'a Lut', example: 'lut' },
  schema: () => someText,
  file: {
    at: '',
    of: (value) => (isPath(value) ? value : undefined),
    with: (_, file) => file,
    written: 'a path',
  },
  variable: {
    type: 'lut',
    expected: 'the path of a .cube file',
    accepts: isPath,
    schema: someText,
    isText: true,
    asParameter: (doc) => ({ kind: 'lut', doc }),
  },
});

/** A second image, or a picture by its path. */
import { someText, variable } from './json.ts';
import { type Described, kind, type Types } from './kind.ts';
import { isPath } from './path.ts';
import { isPlainObject, ownValue } from './plain-object.ts';

export interface ImageParameter extends Described {
  readonly kind: 'image';
}

/** A picture by its path; relative to the working directory, or to the pipeline file it stands in. */
export interface ImageReference {
  readonly image: string;
}

/** An Image or ImageU8, or the path of a picture; the layers above load and check it. */
export type ImageSource = ImageReference | { readonly width: number; readonly height: number };

export interface ImageTypes extends Types {
  readonly parameter: ImageParameter;
  readonly input: ImageSource;
  readonly value: ImageSource;
}

export const image = (doc: string) => ({ kind: 'image' as const, doc });

export const imageKind = kind<ImageTypes>()({
  accept(_, value) {
    // An image object is opaque here; a plain object must be `{ image: path }`.
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    if (!isPlainObject(value)) return value as ImageSource;
    const path = pathOf(value);
    return path !== undefined && Object.keys(value).length === 1 ? { image: path } : undefined;
  },
  takes: (object) => !isPlainObject(object) || Object.hasOwn(object, 'image'),
  describe: () => 'an Image, an ImageU8 or { image: path }',
  schema: () => ({ $ref: '#/$defs/image' }),
  definitions: {
    image: {
      description: 'An image file, relative to the pipeline file.',
      anyOf: [
        {
          type: 'object',
          required: ['image'],
          additionalProperties: false,
          properties: { image: someText },
        },
        variable,
      ],
    },
  },
  file: {
    at: '.image',
    of: pathOf,
    with: (value, file) => ({ ...(value as ImageReference), image: file }),
    written: '{ image: path }',
  },
  variable: {
    type: 'image',
    expected: 'the path of an image',
    accepts: isPath,
    schema: someText,
    isText: true,
    asParameter: (doc) => ({ kind: 'image', doc }),
  },
});

function pathOf(value: unknown): string | undefined {
  const path = isPlainObject(value) ? ownValue(value, 'image') : undefined;
  return isPath(path) ? path : undefined;
}

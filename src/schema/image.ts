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

/**
 * What the stages make of the frame that the operation gets: a branch. Only a pipeline has frames to branch from. A pipeline is
 * one, too.
 */
export interface ImageBranch {
  readonly stages: readonly object[];
}

/** An Image or ImageU8, the path of a picture, or a branch; the layers above load and check it. */
export type ImageSource =
  | ImageReference
  | ImageBranch
  | { readonly width: number; readonly height: number };

export interface ImageTypes extends Types {
  readonly parameter: ImageParameter;
  readonly input: ImageSource;
  readonly value: ImageSource;
}

export const image = (doc: string) => ({ kind: 'image' as const, doc });

export const imageKind = kind<ImageTypes>()({
  accept(_, value) {
    // An image object is opaque here; a plain object must be `{ image: path }` or have stages, as a pipeline does.
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const stages = stagesOf(value);
    if (stages !== undefined) return { stages } as ImageBranch;
    if (!isPlainObject(value)) return value as ImageSource;
    const path = pathOf(value);
    return path !== undefined && Object.keys(value).length === 1 ? { image: path } : undefined;
  },
  takes: (object) =>
    !isPlainObject(object) || Object.hasOwn(object, 'image') || stagesOf(object) !== undefined,
  describe: () => 'an Image, an ImageU8, { image: path } or { stages: […] }',
  schema: () => ({ $ref: '#/$defs/image' }),
  definitions: {
    image: {
      description: 'An image file, relative to the pipeline file, or a branch of the pipeline.',
      anyOf: [
        {
          type: 'object',
          required: ['image'],
          additionalProperties: false,
          properties: { image: someText },
        },
        {
          description: 'What these stages make of the frame.',
          type: 'object',
          required: ['stages'],
          additionalProperties: false,
          properties: { stages: { $ref: '#/$defs/stages' } },
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
  branch: {
    at: '.stages',
    of: stagesOf,
    with: (_, stages) => ({ stages }),
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

/** Of a plain `{ stages }`, or of a pipeline. */
function stagesOf(value: unknown): readonly object[] | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'stages'))
    return undefined;
  const { stages } = value as { readonly stages: unknown };
  const isAlone = !isPlainObject(value) || Object.keys(value).length === 1;
  return isAlone && Array.isArray(stages) ? stages : undefined;
}

function pathOf(value: unknown): string | undefined {
  const path = isPlainObject(value) ? ownValue(value, 'image') : undefined;
  return isPath(path) ? path : undefined;
}

/** A second image: in memory, by path, or computed by a branch. */
import { someText, variable } from './json.ts';
import { type Described, type FrameReference, kind, type Types } from './kind.ts';
import { isPath } from './path.ts';
import { isPlainObject, ownValue } from './plain-object.ts';

/** Bounds device memory: each keeps one frame. */
const mostPrevious = 16;

export interface ImageParameter extends Described {
  readonly kind: 'image';
}

/** An image file by its path, relative to the working directory or to the pipeline file. */
export interface ImageReference {
  readonly image: string;
}

/** A branch: stages applied to the input of the operation. A Pipeline is one, too. */
export interface ImageBranch {
  readonly stages: readonly object[];
}

/** A frame of another input of the plan, with optional stages applied to it. */
export interface InputFrame {
  readonly input: string;
  readonly stages?: readonly object[];
}

/** The plan's input 1 to 16 frames ago, with optional stages; near the beginning, the first frame. */
export interface PreviousFrame {
  readonly previous: number;
  readonly stages?: readonly object[];
}

/** An Image or ImageU8, the path of an image, a branch, or another frame; the layers above load and check it. */
export type ImageSource =
  | ImageReference
  | ImageBranch
  | InputFrame
  | PreviousFrame
  | { readonly width: number; readonly height: number };

export interface ImageTypes extends Types {
  readonly parameter: ImageParameter;
  readonly input: ImageSource;
  readonly value: ImageSource;
}

export const image = (doc: string) => ({ kind: 'image' as const, doc });

export const imageKind = kind<ImageTypes>()({
  accept(_, value) {
    // Image objects are not inspected here; a plain object must be `{ image: path }`, name a frame, or have stages like a pipeline.
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const stages = stagesOf(value);
    if (stages !== undefined) return { ...referenceOf(value), stages } as ImageBranch;
    if (!isPlainObject(value)) return value as ImageSource;
    const path = pathOf(value);
    return path !== undefined && Object.keys(value).length === 1 ? { image: path } : undefined;
  },
  takes: (object) =>
    !isPlainObject(object) || Object.hasOwn(object, 'image') || stagesOf(object) !== undefined,
  describe: () =>
    'an Image, an ImageU8, { image: path }, { stages: […] }, { input: name } or { previous: frames }',
  inFile:
    'an image file { image: path }, relative to the pipeline file, a branch { stages: […] }, or another frame, { input: name } or ' +
    '{ previous: frames }',
  example: () => ({ image: 'logo.png' }),
  inMemory: { value: 'an Image, an ImageU8 or { stages: […] }', example: 'overlay' },
  schema: () => ({ $ref: '#/$defs/image' }),
  definitions: {
    image: {
      $comment:
        'An image file, relative to the pipeline file, a branch of the pipeline, or another frame.',
      anyOf: [
        {
          type: 'object',
          required: ['image'],
          additionalProperties: false,
          properties: { image: someText },
        },
        {
          $comment: 'The frame with these stages applied.',
          type: 'object',
          required: ['stages'],
          additionalProperties: false,
          properties: { stages: { $ref: '#/$defs/stages' } },
        },
        {
          type: 'object',
          required: ['input'],
          additionalProperties: false,
          properties: {
            input: { description: 'A frame of another input, by its name.', ...someText },
            stages: { $ref: '#/$defs/stages' },
          },
        },
        {
          type: 'object',
          required: ['previous'],
          additionalProperties: false,
          properties: {
            previous: {
              description: `The input so many frames ago, from 1 to ${mostPrevious}; near the beginning, the first frame.`,
              type: 'integer',
              minimum: 1,
              maximum: mostPrevious,
            },
            stages: { $ref: '#/$defs/stages' },
          },
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
    with: (value, stages) => ({ ...referenceOf(value), stages }),
    reference: referenceOf,
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

/** The stages of a plain `{ stages }`, of a pipeline, or of a named frame, which may omit them. */
function stagesOf(value: unknown): readonly object[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const reference = referenceOf(value);
  const hasStages = Object.hasOwn(value, 'stages');
  if (reference === undefined && !hasStages) return undefined;
  const { stages = [] } = value as { readonly stages?: unknown };
  const known = Number(reference !== undefined) + Number(hasStages);
  const isAlone = !isPlainObject(value) || Object.keys(value).length === known;
  return isAlone && Array.isArray(stages) ? stages : undefined;
}

function referenceOf(value: unknown): FrameReference | undefined {
  if (!isPlainObject(value)) return undefined;
  const input = ownValue(value, 'input');
  const previous = ownValue(value, 'previous');
  if (typeof input === 'string' && input !== '' && previous === undefined) return { input };
  const isCount =
    Number.isInteger(previous) && Number(previous) >= 1 && Number(previous) <= mostPrevious;
  return isCount && input === undefined ? { previous: Number(previous) } : undefined;
}

function pathOf(value: unknown): string | undefined {
  const path = isPlainObject(value) ? ownValue(value, 'image') : undefined;
  return isPath(path) ? path : undefined;
}

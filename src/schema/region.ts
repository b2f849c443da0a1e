/** A rectangle of a frame, in pixels from its top-left corner. */
import { variable } from './json.ts';
import { type Described, kind, type Types } from './kind.ts';
import { isPlainObject, ownValue } from './plain-object.ts';

export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface RegionParameter extends Described {
  readonly kind: 'region';
}

export interface RegionTypes extends Types {
  readonly parameter: RegionParameter;
  readonly input: Region;
  readonly value: Region;
}

export const region = (doc: string) => ({ kind: 'region' as const, doc });

/** The range of a crop. */
const farthest = 65536;
const sides = { x: -farthest, y: -farthest, width: 1, height: 1 };
const names = Object.keys(sides) as (keyof Region)[];

const integer = (minimum: number) => ({
  anyOf: [{ type: 'integer', minimum, maximum: farthest }, variable],
});

export const regionKind = kind<RegionTypes>()({
  accept(_, value) {
    if (!isPlainObject(value) || Object.keys(value).length !== names.length) return undefined;
    const isSide = (name: keyof Region) => {
      const side = ownValue(value, name);
      return Number.isInteger(side) && sides[name] <= Number(side) && Number(side) <= farthest;
    };
    if (!names.every(isSide)) return undefined;
    const { x, y, width, height } = value as unknown as Region;
    return { x, y, width, height };
  },
  describe: () => 'a rectangle { x, y, width, height } of whole pixels',
  example: () => ({ x: 0, y: 0, width: 640, height: 360 }),
  schema: () => ({ $ref: '#/$defs/region' }),
  definitions: {
    region: {
      $comment: 'In pixels, from the top-left corner.',
      type: 'object',
      required: names,
      additionalProperties: false,
      properties: Object.fromEntries(names.map((name) => [name, integer(sides[name])])),
    },
  },
});

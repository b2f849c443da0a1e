/** A kind that the table does not have, in the one file that a new kind is. */
import { isFloat } from '../../src/schema/color-value.ts';
import { variable } from '../../src/schema/json.ts';
import { type Described, kind, type Types } from '../../src/schema/kind.ts';
import type { Step } from '../../src/schema/steps.ts';

export type Point = readonly [x: number, y: number];

export interface PointParameter extends Described {
  readonly kind: 'point';
  readonly default?: Point;
}

export interface PointTypes extends Types {
  readonly parameter: PointParameter;
  readonly input: Point;
  readonly value: Point;
}

const isPoint = (value: unknown): value is Point =>
  Array.isArray(value) && value.length === 2 && value.every(isFloat);

const coordinates = ['x', 'y'].map(
  (name, index): Step => ({
    name,
    scale: { kind: 'number' },
    read: (value) => (isPoint(value) ? value[index] : undefined),
    write: (value, part) => (value as number[]).with(index, Number(part)),
  }),
);

export const pointKind = kind<PointTypes>()({
  accept: (_, value) => (isPoint(value) ? value : undefined),
  example: () => [1, 2],
  describe: () => 'a point [x, y]',
  schema: () => ({ $ref: '#/$defs/point' }),
  definitions: {
    point: {
      anyOf: [
        {
          type: 'array',
          minItems: 2,
          maxItems: 2,
          items: { anyOf: [{ type: 'number' }, variable] },
        },
        variable,
      ],
    },
  },
  variable: {
    type: 'point',
    expected: 'a point [x, y]',
    accepts: isPoint,
    schema: { $ref: '#/$defs/point' },
    asParameter: (doc) => ({ kind: 'point', doc }),
  },
  steps: () => coordinates,
});

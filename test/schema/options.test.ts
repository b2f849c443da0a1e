/** Every parameter at its limits, at its default and just outside; all of it made from the table. */
import { apply, type DeviceId, type Image, ImageU8, Lut, type OpName, ops } from 'framelane';
import { describe, expect, it } from 'vitest';
import type { KindName } from '../../src/schema/kinds.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import { makeImage } from '../helpers/image.ts';
import { imageFrom, optionsText, pipelineOf, samplesIn } from '../helpers/run.ts';

type Options = Readonly<Record<string, unknown>>;

/** What a parameter of any kind may say of itself. */
interface Parameter {
  readonly kind: KindName;
  readonly min?: number;
  readonly exclusiveMin?: number;
  readonly max?: number;
  readonly values?: readonly string[];
  readonly default?: unknown;
  readonly optional?: boolean;
}

interface Values {
  readonly allowed: readonly unknown[];
  readonly refused: readonly unknown[];
}

const largest = 3.4028234663852886e38; // of 32-bit floats

function numbersOf({ kind, min, exclusiveMin, max }: Parameter): Values {
  const whole = kind === 'integer';
  const below = whole ? 1 : 1e-6;
  const outside = [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    '1',
    null,
    [1],
    true,
  ];
  return {
    allowed: [
      ...(min === undefined ? [] : [min]),
      ...(exclusiveMin === undefined ? [] : [exclusiveMin * 1.001]),
      max ?? largest,
      ...(min === undefined && exclusiveMin === undefined ? [-largest, 0] : []),
    ],
    refused: [
      ...outside,
      ...(min === undefined ? [] : [min - below]),
      ...(exclusiveMin === undefined ? [] : [exclusiveMin]),
      max === undefined ? largest * 1.01 : max * 1.001 + below,
      ...(whole ? [1.5] : []),
    ],
  };
}

const invert = new Lut({ dimensions: 1, size: 2, entries: [1, 1, 1, 0, 0, 0] });

const valuesOf: Readonly<Record<KindName, (parameter: Parameter) => Values>> = {
  number: numbersOf,
  integer: numbersOf,
  boolean: () => ({ allowed: [true, false], refused: [0, 1, 'true', null] }),
  enum: ({ values = [] }) => ({
    allowed: values,
    refused: ['', 'nope', 0, null, values[0]?.toUpperCase()],
  }),
  color: () => ({
    allowed: [[0, 0, 0], [1, 1, 1, 1], [-2, 7, 0.5, 0], '#fff', '#12345678'],
    refused: ['red', '#12', [1, 2], [1, 2, 3, 4, 5], [0, 0, Number.NaN], ['1', 0, 0], 1, null],
  }),
  image: () => ({ allowed: [], refused: [1, null, 'a.png', {}, [], { image: '' }] }),
  region: () => ({
    allowed: [{ x: -3, y: 2, width: 4, height: 5 }],
    refused: [1, null, [1, 2, 3, 4], { x: 0, y: 0, width: 0, height: 1 }, { x: 0, y: 0, width: 4 }],
  }),
  lut: () => ({ allowed: [invert], refused: [1, null, '', {}, [], { lut: 'a.cube' }] }),
  text: () => ({ allowed: ['before', 'a name'], refused: ['', 1, null, [], {}] }),
};

/** Options that are valid and cheap, to change one of at a time. */
const required: Readonly<Partial<Record<OpName, Options>>> = {
  fillColor: { color: [1, 0, 0] },
  fillGradient: { from: [1, 0, 0], to: [0, 0, 1] },
  brightness: { factor: 0.1 },
  contrast: { factor: 1.1 },
  saturation: { factor: 1.1 },
  gamma: { gamma: 1.1 },
  opacity: { factor: 0.5 },
  hue: { degrees: 10 },
  vibrance: { amount: 0.1 },
  toneMap: { from: 'pq' },
  lut3d: { lut: invert },
  resize: { width: 4, height: 3 },
  crop: { x: 0, y: 0, width: 2, height: 2 },
};

const parametersOf = (op: OpName) =>
  Object.entries(ops[op].parameters as Record<string, Parameter>);

/** The options of an operation with an image where it takes one. */
const baseOf = (op: OpName, overlay: Image | ImageU8): Options =>
  parametersOf(op).some(([, { kind }]) => kind === 'image')
    ? { source: overlay }
    : (required[op] ?? {});

for (const op of Object.keys(ops) as OpName[]) {
  describe(op, () => {
    for (const [name, parameter] of parametersOf(op)) {
      const { allowed, refused } = valuesOf[parameter.kind as keyof typeof valuesOf](parameter);

      onEachDevice(
        `${name} takes ${optionsText(allowed as unknown as Options)}`,
        (device: DeviceId) => {
          using image = imageFrom(
            makeImage({ width: 5, height: 3 }, { opaque: true }),
            'f32',
            device,
          );
          using overlay = new ImageU8(2, 2, { device });
          for (const value of [...allowed, parameter.default]) {
            if (value === undefined || value === 'auto') continue; // auto is a video's
            using result = apply(pipelineOf({ op, ...baseOf(op, overlay), [name]: value }), image);
            expect(samplesIn(result)).toHaveLength(result.width * result.height * 4);
          }
        },
      );

      it(`${name} refuses what is outside`, () => {
        using overlay = new ImageU8(2, 2, { device: 'cpu' });
        for (const value of refused) {
          const stage = { op, ...baseOf(op, overlay), [name]: value };
          const error = errorOf(() => pipelineOf({ op: 'invert' }, stage));
          expect(error, `${name}: ${String(value)}`).toMatchObject({
            code: 'ERR_INVALID_OPTION',
            path: `stages[1].${name}`,
          });
          expect(error.message).toContain(op);
        }
      });

      if (parameter.default !== undefined || parameter.optional) continue;
      it(`${name} is required`, () => {
        using overlay = new ImageU8(2, 2, { device: 'cpu' });
        const error = errorOf(() => pipelineOf({ op, ...baseOf(op, overlay), [name]: undefined }));
        expect(error).toMatchObject({ code: 'ERR_INVALID_OPTION', path: `stages[0].${name}` });
      });
    }

    it('refuses an option it does not have', () => {
      using overlay = new ImageU8(2, 2, { device: 'cpu' });
      const error = errorOf(() => pipelineOf({ op, ...baseOf(op, overlay), strengthh: 1 }));
      expect(error).toMatchObject({ code: 'ERR_INVALID_OPTION', path: 'stages[0].strengthh' });
    });
  });
}

it('resize needs a width or a height', () => {
  const error = errorOf(() => pipelineOf({ op: 'resize' }));
  expect(error).toMatchObject({ code: 'ERR_INVALID_OPTION' });
  expect(error.message).toMatch(/width or height/);
});

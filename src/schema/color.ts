/** Colours; validated ones are four numbers. */
import { type Color, parseColor, type Rgba } from './color-value.ts';
import { template, variable } from './json.ts';
import { type Described, kind, type Spec, type Types } from './kind.ts';
import type { Step } from './steps.ts';

export interface ColorParameter extends Described {
  readonly kind: 'color';
  readonly default?: Rgba;
}

export interface ColorTypes extends Types {
  readonly parameter: ColorParameter;
  readonly input: Color;
  readonly value: Rgba;
}

export const color = <const S extends Spec<ColorParameter>>(doc: string, spec: S) => ({
  kind: 'color' as const,
  doc,
  ...spec,
});

const expected = 'a colour ([r, g, b], [r, g, b, a] or "#rrggbb[aa]")';

export const colorKind = kind<ColorTypes>()({
  accept: (_, value) => parseColor(value),
  describe: () => expected,
  example: () => '#ff8800',
  schema: () => ({ $ref: '#/$defs/color' }),
  definitions: {
    color: {
      $comment: 'A colour; 0..1 is displayable.',
      anyOf: [
        {
          type: 'array',
          minItems: 3,
          maxItems: 4,
          items: { anyOf: [{ type: 'number' }, variable] },
        },
        { type: 'string', pattern: '^#([0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$' },
        template,
      ],
    },
  },
  variable: {
    type: 'color',
    expected,
    accepts: (value): value is Color => parseColor(value) !== undefined,
    schema: { $ref: '#/$defs/color' },
    asParameter: (doc) => ({ kind: 'color', doc }),
  },
  steps: () => channels,
});

const channels = ['red', 'green', 'blue', 'alpha'].map(
  (name, index): Step => ({
    name,
    scale: { kind: 'number', min: 0, max: 1 },
    read: (value) => parseColor(value)?.[index],
    write: (value, part, written) =>
      writeColor(parseColor(value)?.with(index, Number(part)) as unknown as Rgba, written),
  }),
);

/** In the notation of `written`; a list gets an alpha if it had or needs one. */
function writeColor(rgba: Rgba, written: unknown): unknown {
  if (typeof written === 'string') {
    const hex = rgba.map((value) => Math.round(Math.min(1, Math.max(0, value)) * 255));
    const digits = hex.map((code) => code.toString(16).padStart(2, '0'));
    const hadAlpha = written.length === 5 || written.length === 9;
    return `#${(hadAlpha || hex[3] !== 255 ? digits : digits.slice(0, 3)).join('')}`;
  }
  const list = rgba.map((value) => Number(value.toPrecision(6)));
  return Array.isArray(written) && written.length === 3 && rgba[3] === 1 ? list.slice(0, 3) : list;
}

/** A colour as operations receive it: red, green, blue, alpha; 0..1 is displayable, other values are allowed. */
export type Rgba = readonly [number, number, number, number];

/** A colour as a caller writes it: three or four numbers, or `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa`. */
export type Color = readonly [number, number, number] | Rgba | `#${string}`;

const hexColor = /^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i;

/** The four numbers of a colour, or undefined if the value is not a colour; a missing alpha is 1. */
export function parseColor(value: unknown): Rgba | undefined {
  if (typeof value === 'string') return parseHex(value);
  if (!Array.isArray(value) || value.length < 3 || value.length > 4) return undefined;
  const [red, green, blue, alpha = 1] = value;
  const channels = [red, green, blue, alpha] as const;
  return channels.every(isFloat) ? channels : undefined;
}

/** Whether a value is a number in the range of 32-bit floats. */
export function isFloat(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(Math.fround(value));
}

function parseHex(text: string): Rgba | undefined {
  if (!hexColor.test(text)) return undefined;
  const digits = text.slice(1);
  const size = digits.length > 4 ? 2 : 1;
  const channel = (index: number) => {
    const part = digits.slice(index * size, (index + 1) * size);
    return part === '' ? 1 : Number.parseInt(size === 1 ? part + part : part, 16) / 255;
  };
  return [channel(0), channel(1), channel(2), channel(3)];
}

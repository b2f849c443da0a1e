/** Validation of text styles. */

import { describeValue, FramelaneError } from '../errors/errors.ts';
import { invalidOption } from '../errors/invalid.ts';
import { checkNames } from '../errors/option-names.ts';
import { largestSide } from '../image/pixels.ts';
import { type Color, parseColor, type Rgba } from '../schema/color-value.ts';

export interface TextStyle {
  /** Whether the text is Pango markup; otherwise `<` and `&` are ordinary characters. */
  readonly markup?: boolean | undefined;
  /** Pixels per em, 24 by default. */
  readonly size?: number | undefined;
  /** 100 (thin) to 1000, 400 by default, 700 is bold; the nearest weight of the font is used. */
  readonly weight?: number | undefined;
  readonly italic?: boolean | undefined;
  /** `sans` (default) and `mono` are always available; or any family of this machine. */
  readonly font?: string | undefined;
  /** A TrueType, OpenType or WOFF 1 file instead of a family. */
  readonly fontFile?: string | undefined;
  /** Alignment of the lines; `left` by default. */
  readonly align?: 'left' | 'center' | 'right' | undefined;
  /** Stretches wrapped lines to `width`. */
  readonly justify?: boolean | undefined;
  /** The width in pixels at which lines break, between words if possible. */
  readonly width?: number | undefined;
  /** The most pixels without padding: text that does not fit is cut with `…`. */
  readonly maxHeight?: number | undefined;
  /** Extra space between lines, in whole pixels; may be negative. */
  readonly lineSpacing?: number | undefined;
  /** Extra pixels after each character; may be negative. */
  readonly letterSpacing?: number | undefined;
  /** Black by default; colours in markup take precedence. */
  readonly color?: Color | undefined;
  /** Behind the text and its padding; transparent by default. */
  readonly background?: Color | undefined;
  /** Whole pixels around the ink. */
  readonly padding?: number | undefined;
}

export interface CheckedStyle {
  readonly markup: boolean;
  readonly size: number;
  readonly weight: number;
  readonly italic: boolean;
  readonly font: string;
  readonly fontFile: string | undefined;
  readonly align: 'left' | 'center' | 'right';
  readonly justify: boolean;
  readonly width: number | undefined;
  readonly maxHeight: number | undefined;
  readonly lineSpacing: number;
  readonly letterSpacing: number;
  readonly color: Rgba;
  readonly background: Rgba;
  readonly padding: number;
}

export const styleNames = [
  'markup',
  'size',
  'weight',
  'italic',
  'font',
  'fontFile',
  'align',
  'justify',
  'width',
  'maxHeight',
  'lineSpacing',
  'letterSpacing',
  'color',
  'background',
  'padding',
];

export function checkStyle(style: TextStyle): CheckedStyle {
  checkNames(style, styleNames);
  const number = (name: keyof TextStyle, least: number, most: number, fallback: number) => {
    const { [name]: value = fallback } = style;
    if (typeof value === 'number' && value >= least && value <= most) return value;
    throw invalidOption(name, `a number from ${least} to ${most}`, value);
  };
  const integer = (name: keyof TextStyle, least: number, most: number, fallback: number) => {
    const value = number(name, least, most, fallback);
    if (Number.isInteger(value)) return value;
    throw invalidOption(name, `an integer from ${least} to ${most}`, value);
  };
  const boolean = (name: keyof TextStyle) => {
    const { [name]: value = false } = style;
    if (typeof value === 'boolean') return value;
    throw invalidOption(name, 'a boolean', value);
  };
  const color = (name: keyof TextStyle, fallback: Rgba) => {
    const value = style[name];
    const parsed = value === undefined ? fallback : parseColor(value);
    if (parsed?.every((part) => part >= 0 && part <= 1)) return parsed;
    throw invalidOption(name, 'a colour such as #ff8800cc or [1, 0.5, 0, 0.8]', value);
  };
  const { font = 'sans', fontFile, align = 'left' } = style;
  if (typeof font !== 'string' || !/^[^\0,<>&"]+$/.test(font)) {
    throw invalidOption('font', 'the name of one font family', font);
  }
  if (fontFile !== undefined && (typeof fontFile !== 'string' || fontFile === '')) {
    throw invalidOption('fontFile', 'a path', fontFile);
  }
  if (!['left', 'center', 'right'].includes(align)) {
    throw invalidOption('align', 'left, center or right', align);
  }
  return {
    markup: boolean('markup'),
    size: number('size', 1, 4096, 24),
    weight: integer('weight', 100, 1000, 400),
    italic: boolean('italic'),
    font,
    fontFile,
    align,
    justify: boolean('justify'),
    width: style.width === undefined ? undefined : integer('width', 1, largestSide, 1),
    maxHeight: style.maxHeight === undefined ? undefined : integer('maxHeight', 1, largestSide, 1),
    lineSpacing: integer('lineSpacing', -4096, 4096, 0),
    letterSpacing: number('letterSpacing', -4096, 4096, 0),
    color: color('color', [0, 0, 0, 1]),
    background: color('background', [0, 0, 0, 0]),
    padding: integer('padding', 0, 4096, 0),
  };
}

export function checkText(text: unknown): string {
  if (typeof text === 'string' && !text.includes('\0')) return text.replaceAll(/\r\n?/g, '\n');
  const what = typeof text === 'string' ? 'a text with a NUL character' : describeValue(text);
  const message = `text: expected a string without NUL, received ${what}`;
  throw new FramelaneError('ERR_INVALID_ARGUMENT', message, { path: 'text' });
}

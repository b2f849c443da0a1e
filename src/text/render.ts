/** Rendering text to pixels, with sharp's Pango. */
import sharp, { type CreateText } from 'sharp';
import { FramelaneError, reasonOf } from '../errors/errors.ts';
import { largestSide } from '../image/pixels.ts';
import type { Rgba } from '../schema/color-value.ts';
import { emojiFamily, fontFamily, fontFileFamily } from './fonts.ts';
import {
  checkMarkup,
  countCharacters,
  cutMarkup,
  escapeMarkup,
  hasEmoji,
  invalidMarkup,
  openingTags,
} from './markup.ts';
import type { CheckedStyle } from './options.ts';

export interface Bitmap {
  readonly width: number;
  readonly height: number;
  /** RGBA, straight alpha. */
  readonly data: Uint8Array;
}

const maximumSide = 32767;
const maximumPixels = 2 ** 26;
/** The width of the narrowest letters, in em. */
const narrow = 0.2;

/** The ink of a text with padding and background; undefined without ink. */
export async function renderText(text: string, style: CheckedStyle): Promise<Bitmap | undefined> {
  if (text.length > mostWritten) throw tooLarge(`it has ${text.length} characters`);
  if (style.markup) checkMarkup(text);
  const body = style.markup ? text : escapeMarkup(text);
  const family = await (style.fontFile ? fontFileFamily(style.fontFile) : fontFamily(style.font));
  const ink = await fitted(body, style, family);
  return ink && onBackground(ink, style);
}

async function fitted(body: string, style: CheckedStyle, family: string) {
  const { maxHeight } = style;
  if (maxHeight === undefined) return draw(body, style, family);
  const fits = async (count: number) => {
    const ink = await draw(count < total ? cutMarkup(body, count) : body, style, family);
    return ink === undefined || ink.height <= maxHeight ? { ink } : undefined;
  };
  const total = countCharacters(body);
  let [good, bad] = [-1, 1];
  let best: { ink: Bitmap | undefined } | undefined;
  // Grows from few characters, so that a long text in a small box is not rendered whole.
  for (let count = Math.min(total, 64); ; count = Math.min(total, 2 * count)) {
    const result = await fits(count);
    bad = count;
    if (!result) break;
    [best, good] = [result, count];
    if (count === total) return result.ink;
  }
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    const result = await fits(middle);
    if (result) [best, good] = [result, middle];
    else bad = middle;
  }
  if (best) return best.ink;
  const message = `maxHeight: even … is higher than ${maxHeight} pixels at size ${style.size}`;
  throw new FramelaneError('ERR_INVALID_OPTION', message, { path: 'maxHeight' });
}

async function draw(
  body: string,
  style: CheckedStyle,
  family: string,
): Promise<Bitmap | undefined> {
  if (body.replaceAll(/<[^>]*>/g, '').trim() === '') return undefined;
  expectDrawable(body, style);
  // Cairo's colours are premultiplied bytes, too coarse for small alpha: a text of one colour is rendered as a mask.
  const colorful = style.markup || hasEmoji(body);
  const color: Rgba = colorful ? style.color : [0, 0, 0, 1];
  if (hasEmoji(body)) await fontFamily(emojiFamily);
  try {
    const ink = await pango(spanned(body, { ...style, color }, family), style);
    return colorful ? ink : painted(ink, style.color);
  } catch (cause) {
    const error = await explained(cause, body, style);
    if (error) throw error;
    return undefined;
  }
}

async function pango(text: string, style: CheckedStyle): Promise<Bitmap> {
  const { align, justify, lineSpacing: spacing, width } = style;
  const options: CreateText = { text, rgba: true, dpi: 72, align, justify, spacing };
  if (width) Object.assign(options, { width, wrap: 'word-char' });
  const { data, info } = await sharp({ text: options, limitInputPixels: false })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** The markup with the whole style around it; at 72 dpi a point is a pixel. */
function spanned(body: string, style: CheckedStyle, family: string): string {
  const { size, weight, italic, letterSpacing, color } = style;
  const attributes = {
    font_family: escapeMarkup(family).replaceAll('"', '&quot;'),
    size: Math.round(size * 1024),
    weight,
    style: italic ? 'italic' : 'normal',
    letter_spacing: Math.round(letterSpacing * 1024),
    foreground: `#${bytes(color)
      .slice(0, 3)
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('')}`,
    // Pango rejects 0 here.
    fgalpha: Math.max(1, Math.round(color[3] * 65535)),
  };
  const list = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`);
  return `<span ${list.join(' ')}>${body}</span>`;
}

function painted(mask: Bitmap, color: Rgba): Bitmap {
  const [red, green, blue] = bytes(color) as [number, number, number, number];
  const { data } = mask;
  for (let i = 0; i < data.length; i += 4) {
    data[i] = red;
    data[i + 1] = green;
    data[i + 2] = blue;
    data[i + 3] = (data[i + 3] as number) * color[3] + 0.5;
  }
  return mask;
}

const bytes = (color: Rgba) => color.map((part) => Math.floor(part * 255 + 0.5));

/** Characters rendered: Pango needs some hundred bytes for each. */
const mostCharacters = 2 ** 20;
/** Characters given, including markup and text that is cut. */
const mostWritten = 2 ** 22;
/** Characters times lines of a paragraph; Pango needs a second or two for this many. */
const mostBreaking = 2 ** 23;

/** Rejects texts that would need too much memory or time, before Pango renders them. */
function expectDrawable(
  body: string,
  { size, width = Number.POSITIVE_INFINITY }: CheckedStyle,
): void {
  const lines = body.split('\n');
  if (lines.length > maximumSide) throw tooLarge(`${lines.length} lines`);
  const lengths = lines.map(countCharacters);
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0) * size * narrow;
  const area = countCharacters(body) * size * size * narrow;
  if (area > maximumPixels || (longest > maximumSide && width > maximumSide)) {
    throw tooLarge(`about ${Math.round(longest)} pixels wide, ${Math.round(area)} pixels in all`);
  }
  if (lengths.reduce((sum, length) => sum + length, 0) > mostCharacters) {
    throw tooLarge(`more than ${mostCharacters} characters`);
  }
  const breaking = lengths.reduce(
    (sum, length) => sum + (length * length * size * narrow) / width,
    0,
  );
  if (breaking > mostBreaking) {
    throw tooLarge(
      `a paragraph of ${Math.round(longest / size / narrow)} characters in lines of ${width} pixels`,
    );
  }
}

function tooLarge(what: string, cause?: unknown): FramelaneError {
  const limits = `${maximumSide} a side and ${maximumPixels} in all`;
  const message = `text: ${what}; the limits are ${limits}; a width breaks lines`;
  return new FramelaneError('ERR_PIXEL_LIMIT', message, { path: 'text', cause });
}

/** Undefined if there is nothing to draw. */
async function explained(cause: unknown, body: string, { markup }: CheckedStyle) {
  const reason = reasonOf(cause);
  if (markup && /invalid markup/.test(reason)) {
    for (const { content, at } of openingTags(body)) {
      const name = /^<([a-z_]+)/i.exec(content)?.[1];
      const alone = content.endsWith('/>') ? content : `${content}x</${name}>`;
      const refused = await sharp({ text: { text: `x${alone}`, dpi: 72 } })
        .metadata()
        .then(
          () => false,
          () => true,
        );
      if (refused) return invalidMarkup(body, at, `Pango does not know ${content}`);
    }
    return invalidMarkup(body, 0, reason);
  }
  if (/no text to render/.test(reason)) return undefined;
  if (/too (large|big|wide)|dimension|INVALID_SIZE|size/i.test(reason))
    return tooLarge('the result is too wide or too high', cause);
  return new FramelaneError('ERR_INTERNAL', `text: ${reason}`, { cause });
}

/** Source-over with straight alpha, W3C Compositing 1 §5.1, on a canvas enlarged by the padding. */
function onBackground(ink: Bitmap, { padding, background }: CheckedStyle): Bitmap {
  const [red, green, blue, alpha] = bytes(background) as [number, number, number, number];
  if (padding === 0 && alpha === 0) return ink;
  const width = ink.width + 2 * padding;
  const height = ink.height + 2 * padding;
  if (width > largestSide || height > largestSide)
    throw tooLarge(`${width}x${height} with its padding`);
  const data = new Uint8Array(4 * width * height);
  if (alpha > 0) new Uint32Array(data.buffer).fill(word(red, green, blue, alpha));
  for (let y = 0; y < ink.height; y++) {
    let to = 4 * ((y + padding) * width + padding);
    let from = 4 * y * ink.width;
    for (let x = 0; x < ink.width; x++, to += 4, from += 4) {
      const over = (ink.data[from + 3] as number) / 255;
      if (over === 0) continue;
      const under = (alpha / 255) * (1 - over);
      const sum = over + under;
      for (let c = 0; c < 3; c++) {
        const mixed = over * (ink.data[from + c] as number) + under * (data[to + c] as number);
        data[to + c] = mixed / sum + 0.5;
      }
      data[to + 3] = sum * 255 + 0.5;
    }
  }
  return { width, height, data };
}

const word = (...rgba: number[]) => new Uint32Array(Uint8Array.from(rgba).buffer)[0] as number;

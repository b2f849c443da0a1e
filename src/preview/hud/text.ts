/** Renders lines of coloured monospaced text. */
import { FramelaneError } from '../../errors/errors.ts';
import { ImageU8 } from '../../image/image.ts';
import { upload } from '../../image/transfer.ts';
import { escapeMarkup } from '../../text/markup.ts';
import { checkStyle } from '../../text/options.ts';
import { type Bitmap, renderText } from '../../text/render.ts';

/** A piece of a line in one colour. */
export interface Span {
  readonly text: string;
  /** `#rrggbb`. */
  readonly color: string;
  readonly bold?: boolean;
}

export type Line = readonly Span[];

/** Advance and line height of the font, in fractional pixels. */
export interface Cell {
  readonly width: number;
  readonly height: number;
}

/**
 * An almost transparent full block. A rendered bitmap begins at its ink, so this aligns every bitmap to the corner of a cell.
 * It takes a column of its own.
 */
const anchor = '<span alpha="1">█</span>';

/** Draws the lines from the second column on, with a font of `size` pixels, on the CPU. */
export async function drawText(lines: readonly Line[], size: number): Promise<ImageU8> {
  const markup = lines.map((line) => anchor + line.map(spanMarkup).join('')).join('\n');
  const { width, height, data } = await render(markup, size);
  const image = new ImageU8(width, height, { device: 'cpu' });
  upload(image, data);
  return image;
}

const cells = new Map<number, Promise<Cell>>();

/** The cell of the font at a size. */
export function cellOf(size: number): Promise<Cell> {
  const known = cells.get(size) ?? measure(size);
  cells.set(size, known);
  return known;
}

async function measure(size: number): Promise<Cell> {
  const sides = [1, 33].map((count) =>
    render(Array(count).fill('█'.repeat(count)).join('\n'), size),
  );
  const [one, many] = await Promise.all(sides as [(typeof sides)[0], (typeof sides)[0]]);
  return { width: (many.width - one.width) / 32, height: (many.height - one.height) / 32 };
}

/** Bypasses the cache of `Text.create`, because the numbers change five times a second. */
async function render(markup: string, size: number): Promise<Bitmap> {
  const bitmap = await renderText(markup, checkStyle({ markup: true, font: 'mono', size }));
  if (bitmap === undefined) throw new FramelaneError('ERR_INTERNAL', 'text without an anchor');
  return bitmap;
}

function spanMarkup({ text, color, bold = false }: Span): string {
  const weight = bold ? ' weight="bold"' : '';
  return `<span foreground="${color}"${weight}>${escapeMarkup(printable(text))}</span>`;
}

/** Replaces what markup cannot contain: control characters and lone surrogates. */
const printable = (text: string) => text.replaceAll(/[\p{Cc}\p{Cs}]/gu, '\uFFFD');

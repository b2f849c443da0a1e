/** Lines of coloured monospaced text as an image. */
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

/** What one character takes, in pixels; neither is a whole number. */
export interface Cell {
  readonly width: number;
  readonly height: number;
}

/**
 * A full block, as good as transparent: the picture begins where the ink does, and so ends up at the corner of a cell
 * whatever is written. It takes a column of its own.
 */
const anchor = '<span alpha="1">█</span>';

/** The lines from the second column on, at `size` pixels an em, on the CPU. */
export async function drawText(lines: readonly Line[], size: number): Promise<ImageU8> {
  const markup = lines.map((line) => anchor + line.map(spanMarkup).join('')).join('\n');
  const { width, height, data } = await render(markup, size);
  const image = new ImageU8(width, height, { device: 'cpu' });
  upload(image, data);
  return image;
}

const cells = new Map<number, Promise<Cell>>();

/** The cell of the face at that size. */
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

/** Not `Text.create`, whose cache is no place for numbers that change five times a second. */
async function render(markup: string, size: number): Promise<Bitmap> {
  const bitmap = await renderText(markup, checkStyle({ markup: true, font: 'mono', size }));
  if (bitmap === undefined) throw new FramelaneError('ERR_INTERNAL', 'text without an anchor');
  return bitmap;
}

function spanMarkup({ text, color, bold = false }: Span): string {
  const weight = bold ? ' weight="bold"' : '';
  return `<span foreground="${color}"${weight}>${escapeMarkup(printable(text))}</span>`;
}

/** What markup cannot hold, control characters and halves of pairs, becomes a replacement character. */
const printable = (text: string) => text.replaceAll(/[\p{Cc}\p{Cs}]/gu, '\uFFFD');

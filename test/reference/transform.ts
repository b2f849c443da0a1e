import { at, type Pixels, paint, type Size } from '../helpers/image.ts';

/** Rows reversed, or each row's pixels, or both. */
export function flip(image: Pixels, { direction = 'horizontal' }: { direction?: string }): Pixels {
  const rows = Array.from({ length: image.height }, (_, y) =>
    Array.from({ length: image.width }, (_, x) => at(image, x, y)),
  );
  if (direction !== 'horizontal') rows.reverse();
  if (direction !== 'vertical') for (const row of rows) row.reverse();
  return { width: image.width, height: image.height, data: Float64Array.from(rows.flat(2)) };
}

export function crop(image: Pixels, options: Size & { x: number; y: number }): Pixels {
  return paint(options, (i, j) => {
    const x = options.x + i;
    const y = options.y + j;
    const inside = x >= 0 && y >= 0 && x < image.width && y < image.height;
    return inside ? at(image, x, y) : [0, 0, 0, 0];
  });
}

/** Histogram and statistics, pixel by pixel in doubles. */
const names = ['r', 'g', 'b', 'a', 'luma'] as const;

type Measured<T> = Record<(typeof names)[number], T>;

const measured = <T>(of: (channel: number) => T) =>
  Object.fromEntries(names.map((name, i) => [name, of(i)])) as Measured<T>;

/** The code whose share of 0..1 the value lies in, found by its borders. */
function codeOf(value: number): number {
  let [low, high] = [0, 255];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (value >= (middle - 0.5) / 255) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Rgba after rgba, 0..1. */
export function histogram(samples: ArrayLike<number>): Measured<number[]> {
  const bins = measured(() => new Array<number>(256).fill(0));
  const count = (list: number[], code: number) => {
    list[code] = (list[code] as number) + 1;
  };
  for (let i = 0; i < samples.length; i += 4) {
    const codes = [0, 1, 2, 3].map((c) => codeOf(samples[i + c] as number));
    for (const [c, code] of codes.entries()) count(bins[names[c] as 'r'], code);
    const [r, g, b] = codes as [number, number, number];
    // In ten thousandths; half a code rounds up.
    const luma = 2126 * r + 7152 * g + 722 * b;
    const rest = luma % 10_000;
    count(bins.luma, (luma - rest) / 10_000 + (rest >= 5000 ? 1 : 0));
  }
  return bins;
}

export interface Summary {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly nans: number;
}

export function statistics(samples: ArrayLike<number>): Measured<Summary> {
  const values = measured<number[]>(() => []);
  for (let i = 0; i < samples.length; i += 4) {
    const pixel = [0, 1, 2, 3].map((c) => samples[i + c] as number);
    const [r, g, b] = pixel as [number, number, number];
    pixel.push(0.2126 * r + 0.7152 * g + 0.0722 * b);
    names.forEach((name, c) => {
      values[name].push(pixel[c] as number);
    });
  }
  return measured((channel) => summary(values[names[channel] as 'r']));
}

function summary(values: readonly number[]): Summary {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const nans = values.length - sorted.length;
  if (sorted.length === 0) return { min: Number.NaN, max: Number.NaN, mean: Number.NaN, nans };
  // From the least to the greatest by size loses least.
  const sum = sorted.toSorted((a, b) => Math.abs(a) - Math.abs(b)).reduce((a, b) => a + b, 0);
  return {
    min: sorted[0] as number,
    max: sorted.at(-1) as number,
    mean: sum / sorted.length,
    nans,
  };
}

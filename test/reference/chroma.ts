/** Subsampled chroma by where its samples lie (ITU-T H.273, chroma sample location types 0, 1 and 2), in doubles. */
export type Location = 'left' | 'center' | 'topLeft';

export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly data: Float64Array;
}

/** The position of sample k among the pixels of an axis. */
function position(k: number, axis: 'x' | 'y', subsample: number, location: Location): number {
  if (subsample === 0) return k;
  const between = axis === 'x' ? location === 'center' : location !== 'topLeft';
  return 2 * k + (between ? 0.5 : 0);
}

/** One axis of a plane replaced: `at` gives a sample of the old line, `make` one of the new. */
function alongAxis(
  grid: Grid,
  axis: 'x' | 'y',
  size: number,
  make: (at: (index: number) => number, index: number) => number,
): Grid {
  const [width, height] = axis === 'x' ? [size, grid.height] : [grid.width, size];
  const data = new Float64Array(width * height);
  const last = (axis === 'x' ? grid.width : grid.height) - 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (index: number) => {
        const inside = Math.min(last, Math.max(0, index));
        const old = axis === 'x' ? y * grid.width + inside : inside * grid.width + x;
        return grid.data[old] as number;
      };
      data[y * width + x] = make(at, axis === 'x' ? x : y);
    }
  }
  return { width, height, data };
}

export interface Subsampling {
  readonly x: number;
  readonly y: number;
}

/** Chroma at every pixel: linear between the two samples around it, beyond the outermost ones constant. */
export function interpolate(
  chroma: Grid,
  size: { readonly width: number; readonly height: number },
  subsampling: Subsampling,
  location: Location,
): Grid {
  const one = (grid: Grid, axis: 'x' | 'y', pixels: number) => {
    const samples = axis === 'x' ? grid.width : grid.height;
    const positions = Array.from({ length: samples }, (_, k) =>
      position(k, axis, subsampling[axis], location),
    );
    const places = Array.from({ length: pixels }, (_, pixel) => {
      const after = positions.findIndex((p) => p >= pixel);
      if (after <= 0) return { after: after < 0 ? samples - 1 : 0, share: 1 };
      const [from, to] = [positions[after - 1] as number, positions[after] as number];
      return { after, share: (pixel - from) / (to - from) };
    });
    return alongAxis(grid, axis, pixels, (at, pixel) => {
      const { after, share } = places[pixel] as { after: number; share: number };
      return at(after - 1) + (at(after) - at(after - 1)) * share;
    });
  };
  return one(one(chroma, 'y', size.height), 'x', size.width);
}

/** Chroma samples of full-resolution chroma: the mean of the two pixels around a sample, or 1 2 1 about the one it lies on. */
export function filter(full: Grid, subsampling: Subsampling, location: Location): Grid {
  const one = (grid: Grid, axis: 'x' | 'y') => {
    const pixels = axis === 'x' ? grid.width : grid.height;
    if (subsampling[axis] === 0) return grid;
    return alongAxis(grid, axis, Math.ceil(pixels / 2), (at, k) => {
      const place = position(k, axis, 1, location);
      return Number.isInteger(place)
        ? (at(place - 1) + 2 * at(place) + at(place + 1)) / 4
        : (at(place - 0.5) + at(place + 0.5)) / 2;
    });
  };
  return one(one(full, 'y'), 'x');
}

export function mapGrid(
  { width, height }: { readonly width: number; readonly height: number },
  at: (x: number, y: number) => number,
): Grid {
  const data = Float64Array.from({ length: width * height }, (_, i) =>
    at(i % width, Math.floor(i / width)),
  );
  return { width, height, data };
}

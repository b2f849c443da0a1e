/** A cache of rendered texts on their devices; evicts the least recently used. */
import { type ImageU8, pixelCapacity } from '../image/image.ts';

export interface TextCacheUsage {
  readonly entries: number;
  /** Device memory of the cached texts; `memoryUsage` includes it in `device.live`. */
  readonly bytes: number;
  readonly limit: number;
  readonly hits: number;
  readonly misses: number;
}

const entries = new Map<string, ImageU8>();
let bytes = 0;
let limit = 16 * 2 ** 20;
let hits = 0;
let misses = 0;

const sizeOf = (image: ImageU8) => 4 * pixelCapacity(image);

export function cached(key: string): ImageU8 | undefined {
  const image = entries.get(key);
  if (!image) {
    misses++;
    return undefined;
  }
  hits++;
  entries.delete(key); // to the end: most recently used
  entries.set(key, image);
  return image;
}

/** Takes ownership of the image: it is freed when evicted, or at once if it does not fit. */
export function keep(key: string, image: ImageU8): void {
  const drawnTwice = entries.has(key); // concurrently
  if (drawnTwice || sizeOf(image) > limit) {
    image.free();
    return;
  }
  entries.set(key, image);
  bytes += sizeOf(image);
  shrink();
}

function shrink(): void {
  for (const [key, image] of entries) {
    if (bytes <= limit) return;
    entries.delete(key);
    bytes -= sizeOf(image);
    image.free();
  }
}

export const cacheUsage = (): TextCacheUsage => ({
  entries: entries.size,
  bytes,
  limit,
  hits,
  misses,
});

export function limitCache(most: number): void {
  limit = most;
  shrink();
}

export function emptyCache(): void {
  const before = limit;
  limitCache(0);
  limit = before;
}

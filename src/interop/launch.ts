/** The shape of a launch: how many blocks of how many threads. */
import { invalidOption } from '../errors/invalid.ts';
import { checkNames, namesOf } from '../errors/option-names.ts';
import type { OnStream } from '../image/on-stream.ts';
import type { LaunchLimits } from '../native/kernels.ts';

/** Up to three sides; a number is the first, missing ones are 1. */
export type Extent = number | readonly [x: number, y?: number, z?: number];

export interface LaunchOptions extends OnStream {
  /** Blocks. */
  readonly grid: Extent;
  /** Threads of a block. */
  readonly block: Extent;
  /** Bytes of dynamic shared memory for each block, 0 by default. */
  readonly sharedBytes?: number | undefined;
}

const optionNames = namesOf<LaunchOptions>({
  grid: true,
  block: true,
  sharedBytes: true,
  stream: true,
});

export interface KernelLimits {
  readonly maxThreads: number;
  readonly maxDynamicSharedBytes: number;
}

/** Writes grid, block and shared bytes to the first seven words; ERR_INVALID_OPTION for what the device or kernel cannot run. */
export function writeShape(
  words: Uint32Array,
  shape: LaunchOptions,
  device: LaunchLimits,
  kernel: KernelLimits,
): void {
  checkNames(shape, optionNames, 'shape');
  const { grid, block, sharedBytes = 0 } = shape;
  writeSides(words, 0, 'grid', grid, device.grid);
  writeSides(words, 3, 'block', block, device.block);
  checkThreads(block, kernel);
  checkShared(sharedBytes, kernel);
  words[6] = sharedBytes;
}

/** The threads of a block; ERR_INVALID_OPTION for more than the kernel can have. */
export function checkThreads(block: Extent, { maxThreads }: KernelLimits): number {
  const [x, y = 1, z = 1] = typeof block === 'number' ? [block] : block;
  const threads = x * y * z;
  if (Number.isInteger(threads) && threads >= 1 && threads <= maxThreads) return threads;
  throw invalidOption('block', `at most ${maxThreads} threads for this kernel`, threads);
}

export function checkShared(bytes: number, { maxDynamicSharedBytes }: KernelLimits): void {
  if (Number.isInteger(bytes) && bytes >= 0 && bytes <= maxDynamicSharedBytes) return;
  throw invalidOption('sharedBytes', `an integer from 0 to ${maxDynamicSharedBytes}`, bytes);
}

function writeSides(
  words: Uint32Array,
  at: number,
  path: 'grid' | 'block',
  extent: Extent,
  most: readonly [number, number, number],
): void {
  if (typeof extent !== 'number' && !Array.isArray(extent)) {
    throw invalidOption(path, 'a number or up to three', extent);
  }
  const [x, y = 1, z = 1] = typeof extent === 'number' ? [extent] : extent;
  checkSide(path, 'x', x, most[0]);
  checkSide(path, 'y', y, most[1]);
  checkSide(path, 'z', z, most[2]);
  words[at] = x;
  words[at + 1] = y;
  words[at + 2] = z;
}

function checkSide(path: string, axis: string, side: number, most: number): void {
  if (Number.isInteger(side) && side >= 1 && side <= most) return;
  throw invalidOption(`${path}.${axis}`, `an integer from 1 to ${most}`, side);
}

/**
 * The grid that covers `width` × `height` threads with blocks of that size; threads beyond the edge must return at once.
 *
 * @example
 * kernel.launch({ grid: gridFor(1920, 1080, [32, 8]), block: [32, 8] }, image)
 */
export function gridFor(
  width: number,
  height: number,
  block: Extent,
): [x: number, y: number, z: number] {
  const [x, y = 1] = typeof block === 'number' ? [block] : block;
  for (const [path, side] of Object.entries({ width, height, 'block.x': x, 'block.y': y })) {
    if (Number.isInteger(side) && side >= 1) continue;
    throw invalidOption(path, 'an integer of at least 1', side);
  }
  return [Math.ceil(width / x), Math.ceil(height / y), 1];
}

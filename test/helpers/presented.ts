/** Frames in a window that nobody sees, and what the presenter made of them. */
import { type DeviceId, FramelaneError } from 'framelane';
import { expect } from 'vitest';
import { Presenter } from '../../src/display/presenter.ts';
import { openWindow } from '../../src/display/provider.ts';
import type { GLWindow } from '../../src/display/window.ts';
import { Frame } from '../../src/image/frame.ts';
import type { NativeShape } from '../../src/native/plan.ts';
import { interpolate } from '../reference/chroma.ts';
import { rgbFromYuv } from '../reference/yuv.ts';
import { bitsOf, planeIn, planesOf, type Samples, subsamplingOf } from './frames.ts';

export type ShownProvider = GLWindow['provider'];

/** Why a provider does not work here; undefined where it does, and headless has to. */
export async function whyNot(provider: ShownProvider): Promise<string | undefined> {
  if (provider === 'headless') return undefined;
  try {
    (await openWindow({ provider, width: 16, height: 16, visible: false })).free();
    return undefined;
  } catch (error) {
    if (error instanceof FramelaneError && error.code === 'ERR_GL_UNAVAILABLE')
      return error.message;
    throw error;
  }
}

/** A window and its presenter for the time of `run`; fails where OpenGL has met an error. */
export async function withPresenter(
  size: { readonly width: number; readonly height: number },
  run: (presenter: Presenter, window: GLWindow) => void | Promise<void>,
  provider: ShownProvider = 'headless',
): Promise<void> {
  using window = await openWindow({ ...size, provider, visible: false });
  using presenter = new Presenter(window.gl);
  await run(presenter, window);
  expect(window.gl.getError()).toBe(window.gl.NO_ERROR);
}

export function frameOf(samples: Samples, shape: NativeShape, device: DeviceId): Frame {
  const frame = new Frame(shape, device);
  frame.upload(samples);
  return frame;
}

/** What is in the framebuffer after a draw: pixels by column and row from the top left. */
export function shown(presenter: Presenter, width: number, height: number) {
  presenter.draw(width, height);
  const bytes = presenter.readPixels(width, height);
  const at = (x: number, y: number) => [
    ...bytes.subarray(4 * (y * width + x), 4 * (y * width + x) + 4),
  ];
  return { bytes, at };
}

/** R, G and B of a YUV frame's pixels in codes of 8 bits, unrounded, in doubles. */
export function exactRgb(samples: Samples, shape: NativeShape): Float64Array {
  const { format, width, height, matrix, range, chromaLocation = 'left' } = shape;
  const bits = bitsOf(format);
  const [luma, u, v] = planesOf(shape).map((plane) => ({
    width: plane.width,
    height: plane.height,
    data: Float64Array.from(planeIn(samples, plane)),
  }));
  const chroma = [u, v].map((plane) =>
    format.startsWith('gray') || plane === undefined
      ? undefined
      : interpolate(plane, shape, subsamplingOf(format), chromaLocation),
  );
  // Codes of 8 bits and their fractions: H.273 scales limited range by 2^(bits - 8), full range by 2^bits - 1.
  const unit = range === 'limited' ? 2 ** (8 - bits) : 255 / (2 ** bits - 1);
  const color = (code = 2 ** (bits - 1)) => (code - 2 ** (bits - 1)) * unit + 128;
  const rgb = new Float64Array(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    const y = (luma?.data[i] as number) * unit;
    const codes = [y, color(chroma[0]?.data[i]), color(chroma[1]?.data[i])] as const;
    for (const [k, value] of rgbFromYuv(codes, matrix, range).entries())
      rgb[3 * i + k] = 255 * value;
  }
  return rgb;
}

/** How far a value is from where rounding changes; far, where it is cut off. */
export function distanceToTie(value: number): number {
  if (value < 0 || value > 255) return 0.5;
  return Math.abs(value - Math.floor(value) - 0.5);
}

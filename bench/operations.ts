/** Plans on frames in device memory: microseconds, and the ratio to copying the same bytes. */
import {
  compilePlan,
  defineOp,
  type DeviceId,
  type FrameShape,
  Lut,
  type Pipeline,
  pipeline,
} from 'framelane';
import { round } from './statistics.ts';

export interface OperationResult {
  readonly name: string;
  readonly size: string;
  readonly microseconds: number;
  readonly copyMicroseconds: number;
  readonly ratioToCopy: number;
  /** As a CUDA graph, which is how sessions run plans of several passes. */
  readonly replayedMicroseconds?: number;
}

/** Six operations in one fused pass. */
export const sixOps = pipeline()
  .brightness(0.05)
  .contrast(1.1)
  .saturation(1.2)
  .gamma(1.1)
  .hue(10)
  .vignette();
export const lookAndBlur = pipeline().gaussianBlur({ sigma: 4 }).contrast(1.1).saturation(1.2);

/** A typical LUT: 33 entries a side, near the identity. */
const film = new Lut({
  size: 33,
  entries: Array.from({ length: 3 * 33 ** 3 }, (_, i) => {
    return ((Math.floor(i / 3 / 33 ** (i % 3)) % 33) / 32) ** 1.1;
  }),
});

/** As the built-in one: what a text costs. */
const definedGamma = defineOp({
  name: 'definedGamma',
  params: { gamma: { type: 'number', default: 1 } },
  pixel: 'c.rgb = pow(max(c.rgb, 0.0), vec3(1.0 / gamma));',
});

const rows: readonly (readonly [string, Pipeline, FrameShape['format']])[] = [
  ['6 point ops', sixOps, 'rgba8'],
  ['6 point ops', sixOps, 'yuv420p'],
  ['6 point ops', sixOps, 'yuv420p10'],
  ['blur sigma 4, contrast, saturation', lookAndBlur, 'yuv420p'],
  ['blur sigma 4, contrast, saturation', lookAndBlur, 'yuv420p10'],
  ['gamma', pipeline().gamma(1.1), 'yuv420p'],
  ['gamma, defined', pipeline().op(definedGamma, { gamma: 1.1 }), 'yuv420p'],
  ['hue', pipeline().hue(10), 'yuv420p'],
  ['toneMap from PQ', pipeline().toneMap({ from: 'pq' }), 'yuv420p'],
  ['toneMap from HLG', pipeline().toneMap({ from: 'hlg' }), 'yuv420p'],
  ['lut3d tetrahedral', pipeline().lut3d(film), 'yuv420p'],
  ['lut3d trilinear', pipeline().lut3d(film, { interpolation: 'trilinear' }), 'yuv420p'],
  ['gaussianBlur radius 3', pipeline().gaussianBlur(3), 'rgbaf32'],
  ['gaussianBlur radius 20', pipeline().gaussianBlur(20), 'rgbaf32'],
  ['gaussianBlur radius 100', pipeline().gaussianBlur(100), 'rgbaf32'],
  ['sharpen', pipeline().sharpen(), 'rgbaf32'],
  ['sharpen', pipeline().sharpen(), 'yuv420p'],
  ['sobel', pipeline().sobel(), 'rgbaf32'],
  ['median', pipeline().median(), 'rgbaf32'],
  ['median', pipeline().median(), 'rgba8'],
  ['resize lanczos to 720p', pipeline().resize({ height: 720 }), 'rgbaf32'],
  ['resize lanczos to 720p', pipeline().resize({ height: 720 }), 'yuv420p'],
  ['resize lanczos to 720p', pipeline().resize({ height: 720 }), 'yuv420p10'],
  ['flip', pipeline().flip(), 'rgba8'],
];

const sizes = [
  ['1080p', 1920, 1080],
  ['4K', 3840, 2160],
] as const;

export function benchOperations(device: DeviceId): OperationResult[] {
  const iterations = device === 'cpu' ? 3 : 200;
  const sets = device === 'cpu' ? 2 : 8;
  return sizes.flatMap(([size, width, height]) =>
    rows.map(([name, look, format]) => {
      const shape: FrameShape = { format, width, height, matrix: 'bt709', range: 'limited' };
      const plan = compilePlan(look, shape, { device });
      const { plan: microseconds, copy, replayed } = plan.benchmark(iterations, sets);
      return {
        name: `${name} (${format})`,
        size,
        microseconds: round(microseconds, 1),
        copyMicroseconds: round(copy, 1),
        ratioToCopy: round(microseconds / copy),
        ...(replayed === undefined ? {} : { replayedMicroseconds: round(replayed, 1) }),
      };
    }),
  );
}

/** On YUV frames too a fused chain is its operations one after the other, and filtering planes is filtering through RGB. */
import { compilePlan, type DeviceId, type FrameShape, pipeline } from 'framelane';
import { describe, expect } from 'vitest';
import {
  blendOps,
  chain,
  colorOps,
  fillOps,
  geometryOps,
  planarOps,
  rounds,
  type Stage,
} from '../helpers/chains.ts';
import { onEachDevice } from '../helpers/devices.ts';
import {
  bitsOf,
  convert,
  farthest,
  naturalFrame,
  newFrame,
  noiseFrame,
  type PlaneShape,
  planeIn,
  planesOf,
  runFrame,
  type Samples,
} from '../helpers/frames.ts';
import { makeImage } from '../helpers/image.ts';
import { imageFrom, optionsText, pipelineOf } from '../helpers/run.ts';

const namesOf = (stages: readonly object[]) =>
  stages.map((stage) => optionsText(stage as Stage)).join(' ');

/** Chroma at full resolution, every sample repeated; and the mean of the pixels that share one. */
function repeated(frame: Samples, shape: FrameShape, full: FrameShape): Samples {
  const result = newFrame(full);
  for (const [index, to] of planesOf(full).entries()) {
    const from = planesOf(shape)[index] as PlaneShape;
    const [x, y] = [from.width < to.width ? 1 : 0, from.height < to.height ? 1 : 0];
    for (let i = 0; i < to.width * to.height; i++) {
      const [column, row] = [(i % to.width) >> x, Math.floor(i / to.width) >> y];
      result[to.offset + i] = frame[from.offset + row * from.width + column] as number;
    }
  }
  return result;
}

/** To float RGBA, one plan per operation, and back. */
function oneByOne(
  stages: readonly Stage[],
  input: Samples,
  shape: FrameShape,
  device: DeviceId,
): { samples: Samples; shape: FrameShape } {
  let frame = convert(input, shape, { format: 'rgbaf32' }, device);
  let size: FrameShape = { ...shape, format: 'rgbaf32' };
  for (const stage of stages) {
    const { output } = compilePlan(pipelineOf(stage), size, { device });
    frame = runFrame(pipelineOf(stage), frame, size, { device });
    size = output;
  }
  return { samples: frame, shape: size };
}

const formats = ['yuv420p', 'yuv422p', 'yuv444p', 'gray8', 'yuv420p10', 'gray12'] as const;
const locations = ['left', 'center', 'topLeft'] as const;

/** Each format, and where its chroma is subsampled, each place it may lie. */
const shapes = (size: Pick<FrameShape, 'width' | 'height' | 'matrix' | 'range'>): FrameShape[] =>
  formats.flatMap((format) =>
    (format.includes('42') ? locations : [locations[0]]).map((chromaLocation) => ({
      ...size,
      format,
      chromaLocation,
    })),
  );

interface PlanarChain {
  readonly stages: readonly Stage[];
  /** How far subsampled chroma may be, in codes of 8 bits. */
  readonly chroma?: number;
}

/**
 * Through RGB, subsampled chroma is interpolated and filtered to its samples again, which softens it by what lies between
 * them: a difference of signals, that grows with the number of codes. Planes are filtered as they are, which is closer to
 * the input.
 */
const softening = (shape: FrameShape, codes = 1) => codes * 2 ** (bitsOf(shape.format) - 8);

const planarChains: readonly PlanarChain[] = [
  { stages: [{ op: 'gaussianBlur', radius: 4 }] },
  { stages: [{ op: 'gaussianBlur', sigma: 12 }] },
  {
    stages: [
      { op: 'brightness', factor: 0.04 },
      { op: 'gaussianBlur', sigma: 2.5 },
      { op: 'contrast', factor: 1.1 },
    ],
  },
  { stages: [{ op: 'gaussianBlur', radius: 1 }], chroma: 2 },
  {
    stages: [
      { op: 'gaussianBlur', radius: 2 },
      { op: 'flip', direction: 'vertical' },
      { op: 'gaussianBlur', radius: 2 },
      { op: 'gaussianBlur', radius: 2 },
      { op: 'invert' },
    ],
  },
  {
    stages: [
      { op: 'crop', x: 3, y: 1, width: 41, height: 38 },
      { op: 'sepia', intensity: 0.069 },
      { op: 'crop', x: 1, y: 2, width: 44, height: 38 },
      { op: 'gaussianBlur', radius: 3 },
    ],
  },
  { stages: [{ op: 'flip', direction: 'both' }] },
  { stages: [{ op: 'crop', x: 8, y: 4, width: 90, height: 61 }] },
  { stages: [{ op: 'sepia', intensity: 0.4 }, { op: 'flip' }, { op: 'saturation', factor: 0.7 }] },
  {
    stages: [
      { op: 'resize', width: 80, height: 44 },
      { op: 'saturation', factor: 0.8 },
    ],
  },
  {
    stages: [
      { op: 'crop', x: 16, y: 0, width: 100, height: 80 },
      { op: 'resize', width: 150, height: 111, method: 'bicubic' },
    ],
    chroma: 4,
  },
];

const textOf = ({ format, chromaLocation }: FrameShape) => `${format} (${chromaLocation})`;

describe('YUV frames', () => {
  for (const shape of shapes({ width: 158, height: 90, matrix: 'bt709', range: 'limited' })) {
    for (const { stages, chroma } of planarChains) {
      onEachDevice(`${textOf(shape)} by planes as through RGB: ${namesOf(stages)}`, (device) => {
        const input = naturalFrame(shape, device);
        const look = pipelineOf(...stages);
        const { output } = compilePlan(look, shape, { device });
        const planes = runFrame(look, input, shape, { device });
        const throughRgb = runFrame(look, input, shape, { device, planar: false });
        for (const plane of planesOf(output)) {
          const subsampled = plane.kind === 'chroma' && plane.width < output.width;
          const allowed = subsampled ? softening(shape, chroma) : 1;
          const difference = farthest(planeIn(planes, plane), planeIn(throughRgb, plane));
          expect(difference, plane.kind).toBeLessThanOrEqual(allowed);
        }
      });
    }
  }

  for (const shape of shapes({ width: 58, height: 46, matrix: 'bt601', range: 'limited' })) {
    onEachDevice(`random chains on ${textOf(shape)} frames`, (device) => {
      const input = naturalFrame(shape, device);
      const full = {
        ...shape,
        format: shape.format.replace(/42\d/, '444') as FrameShape['format'],
      };
      const fullInput = repeated(input, shape, full);
      using source = imageFrom(makeImage({ width: 33, height: 21 }, { seed: 4 }), 'f32', device);
      const makers = [...colorOps, ...geometryOps, ...fillOps, ...blendOps(source)];
      for (let seed = 1; seed <= rounds(25); seed++) {
        const stages = chain(1 + (seed % 7), seed, makers);
        const look = pipelineOf(...stages);
        const received = runFrame(look, input, shape, { device, planar: false });
        const resampled = oneByOne(stages, input, shape, device);
        const { format, chromaLocation } = shape;
        const expected = convert(
          resampled.samples,
          resampled.shape,
          { format, chromaLocation },
          device,
        );
        let difference = farthest(received, expected);
        // A single pass may keep the chroma samples: repeated to load them, and their means stored.
        if (compilePlan(look, shape, { device, planar: false }).describe().length === 1) {
          const kept = oneByOne(stages, fullInput, full, device);
          const means = convert(
            kept.samples,
            kept.shape,
            { format, chromaLocation: 'center' },
            device,
          );
          difference = Math.min(difference, farthest(received, means));
        }
        expect(difference, namesOf(stages)).toBeLessThanOrEqual(1);
      }
    });
  }

  for (const shape of shapes({ width: 58, height: 46, matrix: 'bt709', range: 'full' })) {
    onEachDevice(`random linear chains on ${textOf(shape)} frames by planes`, (device) => {
      const input = naturalFrame(shape, device);
      for (let seed = 1; seed <= rounds(25); seed++) {
        const look = pipelineOf(...chain(1 + (seed % 5), seed, planarOps));
        const expected = runFrame(look, input, shape, { device, planar: false });
        const received = runFrame(look, input, shape, { device, planar: true });
        const { output } = compilePlan(look, shape, { device });
        // Sharpening enlarges what the two ways differ by.
        const codes = 2 * 2 ** look.stages.filter(({ op }) => op === 'sharpen').length;
        for (const plane of planesOf(output)) {
          const difference = farthest(planeIn(received, plane), planeIn(expected, plane));
          const subsampled = plane.kind === 'chroma' && plane.width < output.width;
          const text = `${plane.kind} of ${namesOf(look.stages)}`;
          expect(difference, text).toBeLessThanOrEqual(subsampled ? softening(shape, codes) : 1);
        }
      }
    });
  }

  for (const format of ['yuv420p', 'yuv422p', 'yuv420p10'] as const) {
    onEachDevice(
      `${format}: sharpening chroma is sharpening it repeated, and the mean`,
      (device) => {
        const shape: FrameShape = { format, width: 58, height: 46, matrix: 'bt709', range: 'full' };
        const full = { ...shape, format: format.replace(/42\d/, '444') as FrameShape['format'] };
        const input = naturalFrame(shape, device);
        const look = pipeline().sharpen(0.8);
        const sharpened = runFrame(look, repeated(input, shape, full), full, { device });
        const received = runFrame(look, input, shape, { device });
        for (const [index, plane] of planesOf(shape).entries()) {
          const from = planesOf(full)[index] as PlaneShape;
          const [stepX, stepY] = [from.width / plane.width, from.height / plane.height];
          const means = planeIn(received, plane).map((_, i) => {
            const [x, y] = [(i % plane.width) * stepX, Math.floor(i / plane.width) * stepY];
            let sum = 0;
            for (let j = 0; j < stepX * stepY; j++) {
              const [dx, dy] = [j % stepX, Math.floor(j / stepX)];
              sum += sharpened[from.offset + (y + dy) * from.width + x + dx] as number;
            }
            return Math.round(sum / (stepX * stepY));
          });
          expect(farthest(planeIn(received, plane), means)).toBeLessThanOrEqual(1);
        }
      },
    );
  }

  for (const format of formats) {
    onEachDevice(`${format} through an empty pipeline stays bit for bit`, (device) => {
      for (const [width, height] of [
        [64, 48],
        [63, 47],
        [1, 1],
      ] as const) {
        const shape = { format, width, height, matrix: 'bt601', range: 'full' } as const;
        const input = noiseFrame(shape);
        expect(compilePlan(pipeline(), shape, { device }).passthrough).toBe(true);
        expect(runFrame(pipeline(), input, shape, { device })).toEqual(input);
      }
    });
  }
});

/** Subsampled chroma where its samples lie: against the definition in doubles, closed forms, and zscale. */
import { type DeviceId, type FrameShape, type Pipeline, pipeline } from 'framelane';
import { describe, expect } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import {
  bitsOf,
  convert,
  type Format,
  farthest,
  naturalFrame,
  newFrame,
  noiseFrame,
  planeIn,
  planesOf,
  runFrame,
  type Samples,
  subsamplingOf,
} from '../helpers/frames.ts';
import { ffmpeg } from '../helpers/programs.ts';
import { filter, type Grid, interpolate, type Location, mapGrid } from '../reference/chroma.ts';

const locations = ['left', 'center', 'topLeft'] as const;
const sizes = [
  [1, 1],
  [2, 1],
  [1, 4],
  [5, 3],
  [67, 51],
  [255, 4],
  [600, 5],
  [511, 131],
] as const;
const space = { matrix: 'bt709', range: 'limited' } as const;
/** Half a code for the rounding, and what the sums lose in floats. */
const rounding = 0.501;

interface Case {
  readonly format: Format;
  readonly chromaLocation: Location;
  readonly width: number;
  readonly height: number;
}

const cases = (formats: readonly Format[]): Case[] =>
  formats.flatMap((format) =>
    locations.flatMap((chromaLocation) =>
      sizes.map(([width, height]) => ({ format, chromaLocation, width, height })),
    ),
  );

const textOf = ({ format, chromaLocation, width, height }: Case) =>
  `${format} ${chromaLocation} ${width}x${height}`;

/** Both chroma planes in doubles. */
function chromaOf(samples: Samples, shape: FrameShape): Grid[] {
  return planesOf(shape)
    .filter(({ kind }) => kind === 'chroma')
    .map((plane) => ({ ...plane, data: Float64Array.from(planeIn(samples, plane)) }));
}

function expectChroma(
  received: Samples,
  shape: FrameShape,
  expected: readonly Grid[],
  text: string,
) {
  for (const [index, plane] of chromaOf(received, shape).entries()) {
    const difference = farthest(plane.data, (expected[index] as Grid).data);
    expect(difference, text).toBeLessThanOrEqual(rounding);
  }
}

const fullOf = (format: Format) => format.replace(/42\d/, '444') as Format;

describe('against the definition', () => {
  onEachDevice('loading interpolates between the samples', (device) => {
    for (const one of cases(['yuv420p', 'yuv422p', 'yuv420p10', 'yuv422p16'])) {
      const shape = { ...one, ...space };
      const frame = noiseFrame(shape);
      const received = convert(frame, shape, { format: fullOf(one.format) }, device);
      const expected = chromaOf(frame, shape).map((plane) =>
        interpolate(plane, one, subsamplingOf(one.format), one.chromaLocation),
      );
      const full = { ...shape, format: fullOf(one.format) };
      expectChroma(received, full, expected, textOf(one));
      expect(
        farthest(
          received.subarray(0, one.width * one.height),
          frame.subarray(0, one.width * one.height),
        ),
      ).toBe(0);
    }
  });

  onEachDevice('storing filters to the samples', (device) => {
    for (const one of cases(['yuv420p', 'yuv422p', 'yuv420p12', 'yuv422p16'])) {
      const shape = { ...one, ...space };
      const full = { ...shape, format: fullOf(one.format) };
      const frame = noiseFrame(full);
      const received = convert(frame, full, { format: one.format }, device);
      const expected = chromaOf(frame, full).map((plane) =>
        filter(plane, subsamplingOf(one.format), one.chromaLocation),
      );
      expectChroma(received, shape, expected, textOf(one));
    }
  });

  onEachDevice('from one location to another', (device) => {
    for (const one of cases(['yuv420p', 'yuv422p10'])) {
      for (const target of locations) {
        const shape = { ...one, ...space };
        const frame = noiseFrame(shape);
        const received = convert(frame, shape, { chromaLocation: target }, device);
        const subsampling = subsamplingOf(one.format);
        const expected =
          target === one.chromaLocation
            ? chromaOf(frame, shape)
            : chromaOf(frame, shape).map((plane) =>
                filter(
                  interpolate(plane, one, subsampling, one.chromaLocation),
                  subsampling,
                  target,
                ),
              );
        expectChroma(received, shape, expected, `${textOf(one)} to ${target}`);
      }
    }
  });
});

interface View {
  readonly name: string;
  readonly look: Pipeline;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly flipX?: boolean;
  readonly flipY?: boolean;
}

function viewsOf(width: number, height: number): View[] {
  const whole = { x: 0, y: 0, width, height };
  const part = { x: 3, y: 1, width: width - 5, height: height - 2 };
  const even = { x: 2, y: 4, width: width - 5, height: height - 5 };
  return [
    { name: 'flip', look: pipeline().flip('horizontal'), ...whole, flipX: true },
    { name: 'flip vertically', look: pipeline().flip('vertical'), ...whole, flipY: true },
    { name: 'crop', look: pipeline().crop(even), ...even },
    { name: 'crop at odd offsets', look: pipeline().crop(part), ...part },
    {
      name: 'crop and flip',
      look: pipeline().crop(part).flip('both'),
      ...part,
      flipX: true,
      flipY: true,
    },
  ];
}

/** Whether the pixels that share a chroma sample share one of the frame's, at the same place among them. */
function isKept(view: View, { format, chromaLocation }: Case): boolean {
  const along = (start: number, length: number, flip = false, between = false) =>
    flip ? between && (start + length) % 2 === 0 : start % 2 === 0;
  const subsampling = subsamplingOf(format);
  return (
    (subsampling.x === 0 || along(view.x, view.width, view.flipX, chromaLocation === 'center')) &&
    (subsampling.y === 0 || along(view.y, view.height, view.flipY, chromaLocation !== 'topLeft'))
  );
}

/** The view's chroma plane. */
function viewedChroma(plane: Grid, view: View, one: Case): Grid {
  const { x, y } = subsamplingOf(one.format);
  const columnOf = (i: number) => view.x + (view.flipX ? view.width - 1 - i : i);
  const rowOf = (i: number) => view.y + (view.flipY ? view.height - 1 - i : i);
  if (isKept(view, one)) {
    const size = { width: (view.width + x) >> x, height: (view.height + y) >> y };
    const at = (i: number, j: number) =>
      plane.data[(rowOf(j << y) >> y) * plane.width + (columnOf(i << x) >> x)] as number;
    return mapGrid(size, at);
  }
  const full = interpolate(plane, one, { x, y }, one.chromaLocation);
  const viewed = mapGrid(view, (i, j) => full.data[rowOf(j) * one.width + columnOf(i)] as number);
  return filter(viewed, { x, y }, one.chromaLocation);
}

describe('views', () => {
  onEachDevice('chroma is taken at the viewed position', (device) => {
    const viewed = cases(['yuv420p', 'yuv422p12']).filter(({ height }) => height > 50);
    for (const one of [...viewed, ...viewed.map((c) => ({ ...c, width: 12, height: 10 }))]) {
      const shape = { ...one, ...space };
      const frame = noiseFrame(shape);
      for (const view of viewsOf(one.width, one.height)) {
        const received = runFrame(view.look, frame, shape, { device });
        const expected = chromaOf(frame, shape).map((plane) => viewedChroma(plane, view, one));
        const output = { ...shape, width: view.width, height: view.height };
        expectChroma(received, output, expected, `${view.name} ${textOf(one)}`);
      }
    }
  });
});

describe('closed forms', () => {
  const ramp = (shape: FrameShape, slope: number, offset: number): Samples => {
    const frame = newFrame(shape);
    for (const plane of planesOf(shape)) {
      const { x: shift } = plane.kind === 'chroma' ? subsamplingOf(shape.format) : { x: 0 };
      const start = shift === 1 && shape.chromaLocation === 'center' ? 0.5 : 0;
      for (let i = 0; i < plane.width * plane.height; i++)
        frame[plane.offset + i] = offset + slope * ((i % plane.width) * 2 ** shift + start);
    }
    return frame;
  };

  onEachDevice('a ramp of chroma stays on the ramp of luma, whatever the size', (device) => {
    for (const chromaLocation of locations) {
      for (const [width, to] of [
        [64, 128],
        [64, 32],
        [96, 40],
        [48, 160],
      ] as const) {
        for (const method of ['bilinear', 'bicubic', 'lanczos'] as const) {
          const shape = {
            format: 'yuv420p16',
            width,
            height: 8,
            chromaLocation,
            ...space,
          } as const;
          const slope = 256;
          const look = pipeline().resize({ width: to, height: 8, method });
          const received = runFrame(look, ramp(shape, slope, 8192), shape, { device });
          const ratio = width / to;
          const output = { ...shape, width: to };
          // Luma at pixel x is 8192 + slope * (the pixel's centre in the old frame - 1/2); chroma the same at its location.
          const expected = ramp(output, slope * ratio, 8192 + slope * (0.5 * ratio - 0.5));
          for (const plane of planesOf(output)) {
            const reach = Math.ceil(4 * Math.max(1, 1 / ratio));
            const [row, wanted] = [planeIn(received, plane), planeIn(expected, plane)].map((p) =>
              p.subarray(reach, plane.width - reach),
            ) as [Samples, Samples];
            // Kernels that are sampled and normalised keep a ramp to 2 % of a step (of two pixels, for chroma); losing the
            // chroma location would cost half a pixel's.
            const tolerance = 0.05 * slope;
            expect(
              farthest(row, wanted),
              `${chromaLocation} ${method} ${width} to ${to}, ${plane.kind}`,
            ).toBeLessThanOrEqual(tolerance);
          }
        }
      }
    }
  });

  onEachDevice('flat chroma stays what it is between any two formats', (device) => {
    for (const from of ['yuv420p10', 'yuv422p10', 'yuv444p10'] as const) {
      for (const to of ['yuv420p10', 'yuv422p10', 'yuv444p10'] as const) {
        const shape = { format: from, width: 37, height: 11, ...space } as const;
        const frame = newFrame(shape);
        for (const [index, plane] of planesOf(shape).entries())
          planeIn(frame, plane).fill(100 + 300 * index);
        const received = convert(frame, shape, { format: to, chromaLocation: 'topLeft' }, device);
        for (const [index, plane] of planesOf({ ...shape, format: to }).entries())
          expect(new Set(planeIn(received, plane))).toEqual(new Set([100 + 300 * index]));
      }
    }
  });
});

describe('zscale', () => {
  const size = { width: 96, height: 54 };

  function zscale(frame: Samples, from: Format, to: Format, options: string): Samples {
    const name = (format: Format) => (bitsOf(format) > 8 ? `${format}le` : format);
    const raw = ['-f', 'rawvideo', '-pix_fmt'];
    const input = [...raw, name(from), '-video_size', `${size.width}x${size.height}`];
    const text = `zscale=${options}:filter=bilinear:dither=none,format=${name(to)}`;
    const bytes = new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength);
    const result = ffmpeg(
      [...input, '-i', 'pipe:0', '-vf', text, ...raw, name(to), 'pipe:1'],
      bytes,
    );
    return bitsOf(to) > 8
      ? new Uint16Array(result.buffer.slice(result.byteOffset, result.byteOffset + result.length))
      : result;
  }

  const compare = (device: DeviceId, from: Format, to: Format, location: Location) => {
    const shape = { format: from, ...size, ...space, chromaLocation: location };
    const frame = naturalFrame(shape, device);
    const ours = convert(frame, shape, { format: to }, device);
    const name = location.toLowerCase();
    const theirs = zscale(frame, from, to, `chromalin=${name}:chromal=${name}`);
    expect(farthest(ours, theirs), `${from} to ${to}, ${location}`).toBeLessThanOrEqual(1);
  };

  onEachDevice('interpolates as we do', (device) => {
    for (const location of locations) {
      compare(device, 'yuv420p', 'yuv444p', location);
      compare(device, 'yuv422p10', 'yuv444p10', location);
      compare(device, 'yuv420p12', 'yuv444p12', location);
    }
  });

  // Shrinking, its triangle is two samples wide on both sides: 1 2 1 about a sample that lies on a pixel, as ours; but
  // 1 3 3 1 about one that lies between two, where ours is their mean.
  onEachDevice('filters as we do where samples lie on pixels', (device) => {
    compare(device, 'yuv444p', 'yuv422p', 'left');
    compare(device, 'yuv444p10', 'yuv422p10', 'topLeft');
    compare(device, 'yuv444p', 'yuv420p', 'topLeft');
    compare(device, 'yuv444p12', 'yuv420p12', 'topLeft');
  });
});

describe('what is kept', () => {
  onEachDevice('chroma that no step changes comes out bit for bit', (device) => {
    for (const one of cases(['yuv420p', 'yuv422p', 'yuv420p10', 'yuv422p16', 'yuva420p12'])) {
      const shape = { ...one, ...space };
      const frame = noiseFrame(shape);
      const received = runFrame(pipeline().brightness(0.1), frame, shape, { device });
      for (const plane of planesOf(shape)) {
        const difference = farthest(planeIn(received, plane), planeIn(frame, plane));
        if (plane.kind !== 'luma') expect(difference, textOf(one)).toBe(0);
        else expect(difference, textOf(one)).toBeGreaterThan(0);
      }
    }
  });
});

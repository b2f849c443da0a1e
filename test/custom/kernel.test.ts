/** Operations by a CUDA kernel: what is defined and compiled anywhere, and on CUDA what they compute. */
import {
  apply,
  compileCuda,
  compilePlan,
  defineKernelOp,
  type FramelaneError,
  pipeline,
} from 'framelane';
import { describe, expect, it } from 'vitest';
import { kernelParameters, kernelSource } from '../../src/custom/kernel-source.ts';
import { nativeStages } from '../../src/image/stages.ts';
import { parsePipelineFile } from '../../src/pipeline/file.ts';
import { errorOf } from '../helpers/errors.ts';
import { makeImage, mapPixels, type Pixels } from '../helpers/image.ts';
import { onCuda, withCompiler } from '../helpers/nvrtc.ts';
import { imageFrom, pixelsIn } from '../helpers/run.ts';

const place =
  'const int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;';
const swirlKernel = `extern "C" __global__ void swirl(const float4* in, float4* out, int width, int height, Params params) {
  ${place}
  if (x >= width || y >= height) return;
  float4 p = in[y * width + (params.flip ? width - 1 - x : x)];
  p.x = p.x * params.gain + params.tint.x;
  p.z = float(params.mode * 10 + params.steps);
  p.w *= params.tint.w;
  out[y * width + x] = p;
}`;
const swirl = defineKernelOp({
  name: 'swirl',
  doc: 'Mirrors, more or less.',
  primary: 'gain',
  params: {
    gain: { type: 'number', default: 2 },
    flip: { type: 'boolean', default: true },
    tint: { type: 'color', default: [0.25, 0, 0, 0.5] },
    mode: { type: 'enum', values: ['soft', 'hard'], default: 'hard' },
    steps: { type: 'integer', default: 3 },
  },
  kernel: swirlKernel,
});
const half = defineKernelOp({
  name: 'halfRed',
  kernel: `extern "C" __global__ void halve(const float4* in, float4* out, int width, int height) {
    ${place}
    if (x >= width || y >= height) return;
    const float4 p = in[y * width + x];
    out[y * width + x] = {p.x * 0.5f, p.y, p.z, p.w};
  }`,
  entry: 'halve',
  cpu: { pixel: 'c.r *= 0.5' },
});

const shape = { format: 'rgbaf32', width: 5, height: 3 } as const;
const pixels = makeImage({ width: 37, height: 19 }, { seed: 5 });
const at = ({ data, width }: Pixels, x: number, y: number, channel: number) =>
  data[4 * (y * width + x) + channel] as number;

function expectClose(received: Pixels, wanted: Pixels, tolerance: number): void {
  const worst = wanted.data.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - (received.data[i] as number))),
    0,
  );
  expect(worst).toBeLessThanOrEqual(tolerance);
}

describe('a definition', () => {
  it('given again is the same operation', () => {
    expect(defineKernelOp({ name: 'swirl', ...again() })).toBe(swirl);
    expect(errorOf(() => defineKernelOp({ name: 'swirl', kernel: swirlKernel }))).toMatchObject({
      code: 'ERR_INVALID_OP',
    });
  });

  it.each([
    [{ kernel: 3 }, 'bad: kernel: expected a text, received 3'],
    [{ kernel: '', entry: 'a b' }, 'bad: entry: expected the name of the kernel, received "a b"'],
    [{ kernel: '', cpu: 'c.r = 1' }, 'bad: cpu: expected an object with pixel, received "c.r = 1"'],
    [{ kernel: '', cpu: { pixel: 1 } }, 'bad: cpu.pixel: expected a text, received 1'],
    [
      { kernel: '', cpu: { pixel: 'c = c', radius: 9 } },
      'bad: cpu.radius: expected an integer from 1 to 8, received 9',
    ],
    [{ kernel: '', pixel: 'c = c' }, 'bad: pixel: expected name, doc, params, primary, kernel'],
    [{ kernel: '', cpu: { pixel: 'd.r = 1.0' } }, 'bad: pixel, line 1, column 1'],
  ])('%o is refused', (given, message) => {
    const error = errorOf(() => defineKernelOp({ name: 'bad', ...given } as never));
    expect(error).toMatchObject({ code: 'ERR_INVALID_OP' });
    expect(error.message).toContain(message);
  });
});

/** All of the definition of `swirl` but its name, written once more. */
function again() {
  const { doc, primary } = swirl.declaration;
  const params = {
    gain: { type: 'number', default: 2 },
    flip: { type: 'boolean', default: true },
    tint: { type: 'color', default: [0.25, 0, 0, 0.5] },
    mode: { type: 'enum', values: ['soft', 'hard'], default: 'hard' },
    steps: { type: 'integer', default: 3 },
  } as const;
  return { doc, primary: primary as string, params, kernel: swirlKernel };
}

describe('the parameters', () => {
  const { parameters } = swirl.declaration;

  it('are a struct, colours first; lines count from those of the author', () => {
    expect(kernelSource('swirl', parameters, 'first line')).toBe(
      'struct Params { float4 tint; float gain; int flip; int mode; int steps; };\n#line 1 "swirl.cu"\nfirst line',
    );
    expect(kernelSource('plain', {}, 'x')).toBe('#line 1 "plain.cu"\nx');
  });

  it('lie in it as C++ has them', () => {
    const values = { gain: 1.5, flip: true, tint: [1, 2, 3, 4], mode: 'hard', steps: -7 };
    const { buffer, byteLength } = kernelParameters(parameters, values);
    const view = new DataView(buffer);
    expect(byteLength).toBe(32);
    expect([0, 4, 8, 12, 16].map((offset) => view.getFloat32(offset, true))).toEqual([
      1, 2, 3, 4, 1.5,
    ]);
    expect([20, 24, 28].map((offset) => view.getInt32(offset, true))).toEqual([1, 1, -7]);
    // A struct with a float4 is a multiple of its size.
    const { gain, tint } = parameters;
    const two = kernelParameters({ gain, tint } as never, { gain: 1, tint: [0, 0, 0, 0] });
    expect(two).toHaveLength(8);
  });

  withCompiler('the source compiles', () => {
    const source = kernelSource('swirl', parameters, swirlKernel);
    expect(compileCuda(source, { architecture: 'compute_80' }).format).toBe('ptx');
  });

  withCompiler('a mistake is told by the line of the author', () => {
    const source = kernelSource(
      'swirl',
      parameters,
      '__device__ int good;\n__device__ int bad = missing;',
    );
    const error = errorOf(() => compileCuda(source, { architecture: 'compute_80' }));
    expect(error).toMatchObject({ code: 'ERR_COMPILE_FAILED' });
    expect(error.message).toMatch(/swirl\.cu:2:\d+: identifier "missing" is undefined/);
  });
});

describe('without CUDA', () => {
  it('a plan is refused by the name of the operation', () => {
    const error = errorOf(() => compilePlan(pipeline().op(swirl), shape, { device: 'cpu' }));
    expect(error).toMatchObject({ code: 'ERR_DEVICE_UNAVAILABLE' });
    expect(error.message).toContain(
      'swirl is a CUDA kernel without a text for the CPU: expected a CUDA device, received cpu',
    );
  });

  it('so is a call', () => {
    using image = imageFrom(pixels, 'f32', 'cpu');
    expect(() => swirl(image)).toThrow(/swirl is a CUDA kernel/);
  });

  it('a text for the CPU runs in its place', () => {
    using image = imageFrom(pixels, 'f32', 'cpu');
    using made = half(image);
    const wanted = mapPixels(pixels, ([r, g, b, a]) => [r * 0.5, g, b, a]);
    expectClose(pixelsIn(made), wanted, 1e-7);
    expectClose(pixelsIn(image), pixels, 0);
    using applied = apply(pipeline().op(half).op(half), image);
    expectClose(
      pixelsIn(applied),
      mapPixels(pixels, ([r, g, b, a]) => [r * 0.25, g, b, a]),
      1e-7,
    );
  });

  it('stages name the kernel for CUDA, and the text for the CPU', () => {
    const { stages } = pipeline().op(half);
    const [onCpu] = nativeStages(stages, 'cpu');
    const [onCuda] = nativeStages(stages, 'cuda:0');
    expect(onCpu).toMatchObject({ op: 'custom', code: expect.any(Number) });
    expect(onCuda).toMatchObject({
      op: 'customKernel',
      name: 'halfRed',
      entry: 'halve',
      parameters: new Float32Array(),
    });
  });

  it('a file names it', () => {
    const file = parsePipelineFile('look.json', '{ "stages": [{ "op": "swirl", "gain": 3 }] }');
    expect(JSON.stringify(file)).toContain('"swirl"');
    expect(errorOf(() => pipeline([{ op: 'swirl', gian: 3 } as never])).message).toContain(
      'did you mean "gain"?',
    );
  });
});

describe('a kernel', () => {
  for (const element of ['f32', 'u8'] as const) {
    onCuda(`computes its pixels of ${element}, with every kind of parameter`, () => {
      const input = pixelsOf(element);
      using image = imageFrom(input, element, 'cuda:0');
      using made = apply(pipeline().op(swirl, 0.5, { tint: [0.125, 0, 0, 0.5] }), image);
      const wanted = mapPixels(input, (_, x, y) => {
        const from = input.width - 1 - x;
        const [red, green, alpha] = [0, 1, 3].map((channel) => at(input, from, y, channel));
        const blue = element === 'u8' ? 1 : 13;
        return [Number(red) * 0.5 + 0.125, Number(green), blue, Number(alpha) * 0.5];
      });
      expectClose(pixelsIn(made), wanted, element === 'u8' ? 0.51 / 255 : 1e-6);
    });
  }

  onCuda('runs between other operations, and with other values without compiling again', () => {
    using image = imageFrom(pixels, 'f32', 'cuda:0');
    const look = (factor: number) => pipeline().brightness(factor).op(half).brightness(0.125);
    for (const factor of [0.25, 0.5]) {
      using made = apply(look(factor), image);
      const wanted = mapPixels(pixels, ([r, g, b, a]) => [
        (r + factor) * 0.5 + 0.125,
        g + factor + 0.125,
        b + factor + 0.125,
        a,
      ]);
      expectClose(pixelsIn(made), wanted, 2e-6);
    }
  });

  onCuda('that does not compile is an error with its name and line', () => {
    const broken = defineKernelOp({
      name: 'broken',
      kernel: '__device__ int good;\n__device__ int bad = missing;',
    });
    const error = errorOf(() => compilePlan(pipeline().op(broken), shape, { device: 'cuda:0' }));
    expect(error).toMatchObject({ code: 'ERR_COMPILE_FAILED' });
    expect(error.message).toMatch(
      /broken: the kernel does not compile[\s\S]*broken\.cu\(2\): error/,
    );
  });

  onCuda('with another name or other parameters is refused', () => {
    const other = 'extern "C" __global__ void other(float* out) { out[0] = 0; }';
    const errors = ['other', 'none'].map((entry): FramelaneError => {
      const op = defineKernelOp({ name: `${entry}Entry`, entry, kernel: other });
      return errorOf(() => compilePlan(pipeline().op(op), shape, { device: 'cuda:0' }));
    });
    expect(errors.map(({ code }) => code)).toEqual(['ERR_INVALID_OP', 'ERR_INVALID_OP']);
    expect(errors[0]?.message).toContain('otherEntry: kernel other: expected the parameters');
    expect(errors[1]?.message).toContain(
      'noneEntry: kernel none: the module has none of that name',
    );
  });
});

function pixelsOf(element: 'f32' | 'u8'): Pixels {
  using image = imageFrom(pixels, element, 'cpu');
  return pixelsIn(image);
}

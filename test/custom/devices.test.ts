/**
 * Defined operations on every device: against the built-in operation that does the same, against arithmetic written by hand,
 * and random texts against an interpreter in JavaScript.
 */
import {
  Adjust,
  type AnyImage,
  apply,
  compilePlan,
  type DeviceId,
  defineOp,
  defineStencilOp,
  download,
  Effect,
  Filter,
  type Image,
  pipeline,
} from 'framelane';
import { describe, expect } from 'vitest';
import { codeOf } from '../../src/custom/declare.ts';
import { parameterNumbers } from '../../src/custom/parameters.ts';
import { opNamed } from '../../src/ops/registry.ts';
import type { OpDeclaration } from '../../src/schema/declaration.ts';
import { rounds } from '../helpers/chains.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { evaluateCode } from '../helpers/evaluate-code.ts';
import {
  at,
  describeWorst,
  type Element,
  makeImage,
  mapPixels,
  maxDifference,
  type Pixels,
  paint,
  type Rgba,
} from '../helpers/image.ts';
import { randomText } from '../helpers/random-texts.ts';
import { imageFrom, pixelsIn } from '../helpers/run.ts';
import { texts } from '../helpers/texts.ts';

const size = { width: 37, height: 21 };

function expectClose(
  received: Pixels,
  expected: Pixels,
  tolerance: number,
  element: Element = 'f32',
  what = '',
) {
  const worst = maxDifference(expected, received, { tolerance, element });
  if (!(worst.excess <= 1)) expect.fail(`${what}\n${describeWorst(worst)}`);
}

const number = { type: 'number' } as const;

/** The built-in operation, the text that does the same, and how far apart they may be. */
const twins: readonly {
  readonly name: string;
  readonly builtIn: (image: AnyImage) => AnyImage;
  readonly op: { readonly declaration: OpDeclaration };
  readonly options?: Readonly<Record<string, unknown>>;
  readonly tolerance?: number;
}[] = [
  {
    name: 'brightness',
    builtIn: (image) => Adjust.brightness(image, 0.15),
    op: defineOp({ name: 'myBrightness', params: { factor: number }, pixel: 'c.rgb += factor' }),
    options: { factor: 0.15 },
  },
  {
    name: 'contrast',
    builtIn: (image) => Adjust.contrast(image, 1.3),
    op: defineOp({
      name: 'myContrast',
      params: { factor: number },
      pixel: 'c.rgb = (c.rgb - 0.5) * factor + 0.5',
    }),
    options: { factor: 1.3 },
  },
  {
    name: 'saturation',
    builtIn: (image) => Adjust.saturation(image, 1.4),
    op: defineOp({
      name: 'mySaturation',
      params: { factor: number },
      pixel:
        'float grey = dot(c.rgb, vec3(0.299, 0.587, 0.114)); c.rgb = grey + (c.rgb - grey) * factor;',
    }),
    options: { factor: 1.4 },
  },
  {
    name: 'gamma',
    builtIn: (image) => Adjust.gamma(image, 1.7),
    op: defineOp({
      name: 'myGamma',
      params: { gamma: number },
      pixel: 'c.rgb = pow(max(c.rgb, 0.0), vec3(1.0 / gamma))',
    }),
    options: { gamma: 1.7 },
  },
  {
    name: 'opacity',
    builtIn: (image) => Adjust.opacity(image, 0.3),
    op: defineOp({ name: 'myOpacity', params: { factor: number }, pixel: 'c.a *= factor' }),
    options: { factor: 0.3 },
  },
  {
    name: 'invert',
    builtIn: (image) => Filter.invert(image),
    op: defineOp({ name: 'myInvert', pixel: 'c.rgb = 1.0 - c.rgb' }),
  },
  {
    name: 'vignette',
    builtIn: (image) => Effect.vignette(image, { radius: 0.8, softness: 0.6, color: '#204060c0' }),
    op: defineOp({
      name: 'myVignette',
      params: { radius: number, softness: number, color: { type: 'color' } },
      pixel: `
        vec2 from = vec2(x, y) / (vec2(width, height) - 1.0) * 2.0 - 1.0;
        float k = smoothstep(radius - softness / 2.0, radius + softness / 2.0, length(from)) * color.a;
        c.rgb = mix(c.rgb, color.rgb, k);`,
    }),
    options: { radius: 0.8, softness: 0.6, color: '#204060c0' },
    tolerance: 4e-6,
  },
];

describe.each(twins)('a text is as $name', ({ builtIn, op, options = {}, tolerance = 2e-6 }) => {
  for (const element of ['f32', 'u8'] as const) {
    onEachDevice(`on ${element} pixels`, (device) => {
      const pixels = makeImage(size, { element });
      using expected = imageFrom(pixels, element, device);
      using received = imageFrom(pixels, element, device);
      builtIn(expected);
      const call = op as unknown as (image: AnyImage, options: object) => AnyImage;
      expect(call(received, options)).toBe(received);
      const wanted = pixelsIn(expected);
      // Half a code may round either way.
      const most = element === 'u8' ? 1 / 255 : 0;
      expectClose(pixelsIn(received), wanted, tolerance + most, 'f32');
    });
  }
});

const blurAcross = defineStencilOp({
  name: 'blurAcross',
  radius: 2,
  params: { share: { type: 'number', default: 1 } },
  pixel: `
    vec4 sum = c * 4.0 + at(-1, 0) + at(1, 0) + at(-2, 0) + at(2, 0);
    c = mix(c, sum / 8.0, share);`,
});

describe('a stencil', () => {
  const clamped = (pixels: Pixels, x: number, y: number) =>
    at(
      pixels,
      Math.min(pixels.width - 1, Math.max(0, x)),
      Math.min(pixels.height - 1, Math.max(0, y)),
    );

  onEachDevice('reads neighbours, at the edges the nearest pixel', (device) => {
    for (const shape of [size, { width: 1, height: 1 }, { width: 2, height: 5 }]) {
      const pixels = makeImage(shape, { opaque: true });
      using image = imageFrom(pixels, 'f32', device);
      using result = blurAcross(image);
      const weights = [1, 1, 4, 1, 1];
      const wanted = mapPixels(pixels, (_, x, y) => {
        const sums = [0, 1, 2, 3].map((channel) =>
          weights.reduce((sum, weight, i) => {
            return sum + (weight * (clamped(pixels, x + i - 2, y)[channel] as number)) / 8;
          }, 0),
        );
        return sums as unknown as Rgba;
      });
      expectClose(pixelsIn(result), wanted, 1e-6);
    }
  });

  onEachDevice('reads rows below and columns to the right as positive', (device) => {
    const lower = defineStencilOp({ name: 'lowerRight', radius: 3, pixel: 'c = at(1, 2)' });
    const pixels = makeImage(size, { opaque: true });
    using image = imageFrom(pixels, 'f32', device);
    using result = lower(image);
    expectClose(
      pixelsIn(result),
      mapPixels(pixels, (_, x, y) => clamped(pixels, x + 1, y + 2)),
      0,
    );
  });

  onEachDevice('computes with colours multiplied by alpha', (device) => {
    // A hidden red pixel beside a visible green one.
    const pixels = paint({ width: 2, height: 1 }, (x) => (x === 0 ? [1, 0, 0, 0] : [0, 1, 0, 1]));
    const both = defineStencilOp({ name: 'both', radius: 1, pixel: 'c = (c + at(1, 0)) * 0.5' });
    using image = imageFrom(pixels, 'f32', device);
    using result = both(image);
    expectClose(
      pixelsIn(result),
      paint(pixels, (x) => [0, 1, 0, x === 0 ? 0.5 : 1]),
      1e-6,
    );
  });

  onEachDevice('sees itself as c and as at(0, 0)', (device) => {
    const own = defineStencilOp({
      name: 'own',
      radius: 1,
      pixel: 'c = at(0, 0) + (c - at(0, 0)) * 5.0 + at(1, 0) * 0.0',
    });
    const pixels = paint(size, (x, y) => [x / 40, y / 40, 0.5, 0.25 + x / 80]);
    using image = imageFrom(pixels, 'f32', device);
    using result = own(image);
    expectClose(pixelsIn(result), pixels, 1e-6);
  });

  onEachDevice('fills dst, under a mask and in a region', (device) => {
    const pixels = makeImage(size, { opaque: true });
    using image = imageFrom(pixels, 'f32', device);
    using target = imageFrom(pixels, 'f32', device);
    expect(blurAcross(image, { share: 0.5, dst: target })).toBe(target);
    using part = blurAcross(image, { share: 0.5, region: { x: 0, y: 4, width: 37, height: 8 } });
    const [whole, inside] = [pixelsIn(target), pixelsIn(part)];
    const wanted = mapPixels(pixels, (own, x, y) => (y >= 4 && y < 12 ? at(whole, x, y) : own));
    expectClose(inside, wanted, 1e-6);
  });
});

describe('a text with a meaning', () => {
  const defined = texts.map(([text, meaning], i) => ({
    meaning,
    op: defineOp({ name: `text${i}`, pixel: text }),
    text,
  }));
  // Some conditions and logarithms want numbers from 0 to 1, and alpha that no pixel shares with a limit.
  const pixels = paint(size, (x, y) => {
    const next = (n: number) => Math.fround(((x * 37 + y * 101 + n * 53) % 251) / 256 + 0.003);
    return [next(0), next(1), next(2), next(3)];
  });

  onEachDevice('means the same', (device) => {
    for (const { meaning, op, text } of defined) {
      using image = imageFrom(pixels, 'f32', device);
      op(image);
      const wanted = mapPixels(pixels, ([r, g, b, a], x, y) => {
        const values = meaning({ r, g, b, a, x, y, ...size });
        return [r, g, b, a].map((own, i) => values[i] ?? own) as unknown as Rgba;
      });
      expectClose(pixelsIn(image), wanted, 3e-6, 'f32', text);
    }
  });
});

const params = {
  amount: { type: 'number' },
  flag: { type: 'boolean' },
  tint: { type: 'color' },
} as const;
const values = { amount: 0.75, flag: true, tint: [0.25, -0.5, 1.5, 0.5] } as const;

/** The result of a definition on pixels, in JavaScript. */
function interpreted(op: OpDeclaration, pixels: Pixels): Pixels {
  const code = codeOf(op);
  const { width, height } = pixels;
  const numbers = parameterNumbers(op.parameters, values);
  return mapPixels(pixels, (own, x, y) => {
    const tap = (dx: number, dy: number, channel: number) => {
      const column = Math.min(width - 1, Math.max(0, x + dx));
      const row = Math.min(height - 1, Math.max(0, y + dy));
      return at(pixels, column, row)[channel] as number;
    };
    return evaluateCode(code, [...own, x, y, width, height], numbers, tap) as unknown as Rgba;
  });
}

describe('random texts', () => {
  for (const radius of [0, 2]) {
    onEachDevice(`of radius ${radius} do what an interpreter does`, (device) => {
      for (let seed = 1; seed <= rounds(25); seed++) {
        const pixel = randomText(seed, radius);
        const name = `random${radius}n${seed}`;
        // Colours as a stencil sees them are those of the picture only if it is opaque.
        const pixels = makeImage(size, { seed, opaque: radius > 0 });
        const op =
          radius === 0
            ? defineOp({ name, params, pixel })
            : defineStencilOp({ name, params, radius, pixel: `${pixel} c.a = 1.0;` });
        using image = imageFrom(pixels, 'f32', device);
        const result = (op as (image: AnyImage, options: object) => AnyImage)(image, values);
        const wanted = interpreted(opNamed(name) as OpDeclaration, pixels);
        expectClose(pixelsIn(result), wanted, 5e-5, 'f32', `seed ${seed}:\n${pixel}`);
        if (result !== image) result.free();
      }
    });
  }
});

describe('in pipelines', () => {
  const tinted = defineOp({
    name: 'tinted',
    params: { tint: { type: 'color' }, amount: { type: 'number', default: 0.5 } },
    pixel: 'c.rgb = mix(c.rgb, c.rgb * tint.rgb, amount * uv.x)',
  });
  const look = pipeline().brightness(0.1).op(tinted, { tint: '#ff8000' }).contrast(1.2);

  onEachDevice('it fuses with its neighbours, which changes nothing', (device) => {
    const shape = { format: 'rgbaf32', ...size } as const;
    const passes = compilePlan(look, shape, { device }).describe();
    expect(passes).toHaveLength(1);
    const pixels = makeImage(size);
    using image = imageFrom(pixels, 'f32', device);
    using whole = apply(look, image);
    Adjust.brightness(image, 0.1);
    download(image as Image);
    tinted(image, { tint: '#ff8000' });
    download(image as Image);
    Adjust.contrast(image, 1.2);
    expectClose(pixelsIn(whole), pixelsIn(image), 4e-6);
  });

  onEachDevice('in a region, places count from its corner', (device) => {
    const place = defineOp({ name: 'place', pixel: 'c = vec4(x, y, width, height)' });
    const pixels = makeImage(size, { opaque: true });
    const region = { x: 5, y: 3, width: 20, height: 11 };
    using image = imageFrom(pixels, 'f32', device);
    place(image, { region });
    const wanted = mapPixels(pixels, (own, x, y) => {
      const [column, row] = [x - region.x, y - region.y];
      const inside = column >= 0 && row >= 0 && column < region.width && row < region.height;
      return inside ? [column, row, region.width, region.height] : own;
    });
    expectClose(pixelsIn(image), wanted, 0);
  });

  onEachDevice('under a mask it takes effect where that is white', (device) => {
    const pixels = makeImage(size, { opaque: true });
    using image = imageFrom(pixels, 'f32', device);
    using mask = imageFrom(
      paint(size, (x) => (x < 10 ? [1, 1, 1, 1] : [0, 0, 0, 1])),
      'f32',
      device,
    );
    defineOp({ name: 'myInvert', pixel: 'c.rgb = 1.0 - c.rgb' })(image, { mask });
    const wanted = mapPixels(pixels, ([r, g, b, a], x) =>
      x < 10 ? [1 - r, 1 - g, 1 - b, a] : [r, g, b, a],
    );
    expectClose(pixelsIn(image), wanted, 1e-6);
  });

  onEachDevice('parameters change without a new operation', (device) => {
    const pixels = makeImage(size, { opaque: true });
    for (const amount of [0, 0.5, 1]) {
      using image = imageFrom(pixels, 'f32', device);
      using result = apply(pipeline().op('tinted', { tint: [0, 0, 0], amount }), image);
      const wanted = mapPixels(pixels, ([r, g, b, a], x) => {
        const k = 1 - (amount * (x + 0.5)) / size.width;
        return [r * k, g * k, b * k, a];
      });
      expectClose(pixelsIn(result), wanted, 2e-6);
    }
  });

  onEachDevice(
    'two operations with the same parameters and other code do not share a plan',
    (device: DeviceId) => {
      const add = defineOp({ name: 'addsOne', params: { n: number }, pixel: 'c.r += n' });
      const multiply = defineOp({
        name: 'multipliesOne',
        params: { n: number },
        pixel: 'c.r *= n',
      });
      const pixels = paint({ width: 3, height: 2 }, () => [0.5, 0.5, 0.5, 1]);
      const red = (op: typeof add | typeof multiply) => {
        using image = imageFrom(pixels, 'f32', device);
        (op as typeof add)(image, { n: 0.25 });
        return at(pixelsIn(image), 0, 0)[0];
      };
      expect([red(add), red(multiply)]).toEqual([0.75, 0.125]);
    },
  );

  onEachDevice('a YUV frame goes through it', (device) => {
    const shape = {
      format: 'yuv420p',
      width: 16,
      height: 8,
      matrix: 'bt709',
      range: 'full',
    } as const;
    const plan = compilePlan(pipeline().op('myInvert'), shape, { device });
    const frame = new Uint8Array(16 * 8 * 1.5).fill(128);
    frame.fill(60, 0, 128);
    const output = new Uint8Array(frame.length);
    plan.run(frame, output);
    expect([...output.subarray(0, 128)].every((luma) => Math.abs(luma - 195) <= 1)).toBe(true);
    expect([...output.subarray(128)].every((chroma) => Math.abs(chroma - 128) <= 1)).toBe(true);
  });
});

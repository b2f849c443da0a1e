/** Calls of the immediate API as users write them, each with the equivalent pipeline. */
import {
  Adjust,
  Blend,
  convertFloatToU8,
  convertU8ToFloat,
  type DeviceId,
  Effect,
  Fill,
  Filter,
  Image,
  ImageU8,
  type Pipeline,
  pipeline,
  Resize,
} from 'framelane';
import { sixOps } from './operations.ts';

export interface ImmediateRow {
  readonly name: string;
  readonly size: string;
  readonly width: number;
  readonly height: number;
  readonly format: 'rgba8' | 'rgbaf32';
  /** The calls, on existing images. */
  readonly calls: () => void;
  readonly compiled: Pipeline;
}

/** The images for all rows of one size; nothing is allocated during the measurement. */
function images(width: number, height: number, device: DeviceId) {
  const on = { device };
  const [a, b, temp] = [0, 1, 2].map(() => new Image(width, height, on)) as [Image, Image, Image];
  const half = new Image(width >> 1, height >> 1, on);
  const bytes = new ImageU8(width, height, on);
  Fill.gradient(a, { from: '#ff8000', to: '#0080ff80', direction: 'diagonal' });
  Fill.color(b, [0.5, 0.2, 0.1, 1]);
  convertFloatToU8(bytes, a);
  return { a, b, temp, half, bytes, on: { width, height } };
}

type Images = ReturnType<typeof images>;
type Case = readonly [name: string, format: 'rgba8' | 'rgbaf32', calls: () => void, same: Pipeline];

const eightCalls = ({ bytes, temp }: Images): Case => [
  'u8 to f32, 6 ops in place, to u8',
  'rgba8',
  () => {
    convertU8ToFloat(temp, bytes);
    Adjust.brightness(temp, 0.05);
    Adjust.contrast(temp, 1.1);
    Adjust.saturation(temp, 1.2);
    Adjust.gamma(temp, 1.1);
    Adjust.hue(temp, 10);
    Effect.vignette(temp);
    convertFloatToU8(bytes, temp);
  },
  sixOps,
];

const blur = ({ a, b, temp }: Images, radius: number): Case => [
  `gaussianBlur radius ${radius}, dst and temp`,
  'rgbaf32',
  () => Filter.gaussianBlur(a, radius, { dst: b, temp }),
  pipeline().gaussianBlur(radius),
];

function halving({ a, half }: Images, method: 'bilinear' | 'lanczos'): Case {
  const { width, height } = half;
  return [
    `resize to half, ${method}, dst`,
    'rgbaf32',
    () => Resize[method](a, { width, height, dst: half }),
    pipeline().resize({ width, height, method }),
  ];
}

const inPlace = ({ b }: Images): Case => [
  'brightness in place',
  'rgbaf32',
  () => Adjust.brightness(b, 0.001),
  pipeline().brightness(0.001),
];

const blend = ({ a, b }: Images): Case => [
  'blend normal',
  'rgbaf32',
  () => Blend.normal(b, a),
  pipeline().blend(a),
];

const sizes = [
  ['64x64', 64, 64, (i: Images) => [eightCalls(i), inPlace(i)]],
  [
    '1080p',
    1920,
    1080,
    (i: Images) => [
      eightCalls(i),
      ...[3, 20, 100].map((radius) => blur(i, radius)),
      halving(i, 'bilinear'),
      halving(i, 'lanczos'),
      inPlace(i),
      blend(i),
    ],
  ],
  ['4K', 3840, 2160, (i: Images) => [eightCalls(i), halving(i, 'lanczos')]],
] as const;

/** Calls `use` with each row, and frees the images of each size after its rows. */
export function forEachRow(device: DeviceId, use: (row: ImmediateRow) => void): void {
  for (const [size, width, height, casesOf] of sizes) {
    const { a, b, temp, half, bytes, ...rest } = images(width, height, device);
    for (const [name, format, calls, compiled] of casesOf({ a, b, temp, half, bytes, ...rest })) {
      use({ name, size, width, height, format, calls, compiled });
    }
    for (const image of [a, b, temp, half, bytes]) image.free();
  }
}

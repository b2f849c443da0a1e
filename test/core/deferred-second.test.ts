/** Two images that take one value are stored by one pass, and hold what two passes give, bit for bit. */
import {
  Adjust,
  type AnyImage,
  convertFloatToU8,
  convertU8ToFloat,
  copy,
  type DeviceId,
  deviceSync,
  download,
  Effect,
  Fill,
  Filter,
  Image,
  ImageU8,
  upload,
} from 'framelane';
import { beforeEach, describe, expect } from 'vitest';
import { addon } from '../../src/native/binding.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { counts } from '../helpers/pending.ts';
import { makeRandom } from '../helpers/random.ts';

beforeEach(() => addon().immediatePolicy({ mode: 'deferred' }));

type Size = readonly [width: number, height: number];

/** One pixel, less than a vector, and more than a strip of the CPU or a warp of CUDA covers. */
const sizes: readonly Size[] = [
  [1, 1],
  [7, 3],
  [33, 5],
  [261, 2],
];

const { NaN: none, POSITIVE_INFINITY: infinite } = Number;
const odd = [none, -infinite, infinite, -0.3, -0, 1.7, 300, 0.5 / 255, 0.7, 1e-40].map(Math.fround);

/** Ties between codes, what bytes cannot hold, and anything else. */
function floatSamples(count: number): Float32Array {
  const random = makeRandom(count);
  return Float32Array.from({ length: count }, (_, i) => {
    const tie = (Math.floor(random() * 255) + 0.5) / 255;
    return i % 3 === 0 ? (odd[i % odd.length] as number) : i % 3 === 1 ? tie : random();
  });
}

interface Images {
  readonly bytes: ImageU8;
  readonly otherBytes: ImageU8;
  readonly floats: Image;
  readonly otherFloats: Image;
}

function makeImages(size: Size, device: DeviceId): Images {
  const floats = new Image(size[0], size[1], { device });
  const bytes = new ImageU8(size[0], size[1], { device });
  const samples = floatSamples(size[0] * size[1] * 4);
  upload(floats, samples);
  upload(
    bytes,
    Uint8Array.from(samples, (_, i) => (i * 37) % 256),
  );
  const others = {
    otherBytes: new ImageU8(size[0], size[1], { device }),
    otherFloats: new Image(size[0], size[1], { device }),
  };
  Fill.color(others.otherBytes, [0, 0, 0, 0]);
  Fill.color(others.otherFloats, [0, 0, 0, 0]);
  deviceSync(device);
  return { bytes, floats, ...others };
}

/** All of them end with two images of a value, neither of which is in memory. */
const chains: Readonly<Record<string, (images: Images) => readonly AnyImage[]>> = {
  'floats of bytes, and the bytes again': ({ bytes, otherFloats }) => {
    convertU8ToFloat(otherFloats, bytes);
    Adjust.gamma(otherFloats, 1.3);
    Adjust.brightness(otherFloats, 0.1);
    convertFloatToU8(bytes, otherFloats);
    return [otherFloats, bytes];
  },
  'floats in place, and bytes': ({ floats, otherBytes }) => {
    Adjust.hue(floats, 20);
    Effect.vignette(floats, 0.5);
    convertFloatToU8(otherBytes, floats);
    return [floats, otherBytes];
  },
  'floats that one matrix makes, and bytes': ({ floats, otherBytes }) => {
    Adjust.saturation(floats, 1.4);
    convertFloatToU8(otherBytes, floats);
    return [floats, otherBytes];
  },
  'a copy of floats, and bytes': ({ floats, otherFloats, otherBytes }) => {
    copy(otherFloats, floats);
    convertFloatToU8(otherBytes, otherFloats);
    return [otherFloats, otherBytes];
  },
  'bytes in place, and floats': ({ bytes, otherFloats }) => {
    Adjust.gamma(bytes, 0.7);
    Adjust.contrast(bytes, 1.2);
    convertU8ToFloat(otherFloats, bytes);
    return [bytes, otherFloats];
  },
  'bytes twice': ({ bytes, otherBytes }) => {
    Adjust.gamma(bytes, 0.7);
    Adjust.contrast(bytes, 1.2);
    copy(otherBytes, bytes);
    return [bytes, otherBytes];
  },
  'floats twice': ({ floats, otherFloats }) => {
    Adjust.gamma(floats, 0.7);
    Adjust.contrast(floats, 1.2);
    copy(otherFloats, floats);
    return [floats, otherFloats];
  },
  'a fill, and bytes of it': ({ floats, otherBytes }) => {
    Fill.color(floats, [1.5, -0.5, 0.7, 0.3]);
    Filter.invert(floats);
    convertFloatToU8(otherBytes, floats);
    return [floats, otherBytes];
  },
};

const run = (name: string, size: Size, device: DeviceId) =>
  chains[name]?.(makeImages(size, device)).map((image) => download(image as Image));

describe('two images of a value', () => {
  for (const name of Object.keys(chains)) {
    onEachDevice(`${name} are one pass, and what two give`, (device) => {
      for (const size of sizes) {
        addon().immediatePolicy({ mode: 'eager', fold: false });
        const expected = run(name, size, device);
        addon().immediatePolicy({ mode: 'deferred', fold: false });
        const images = makeImages(size, device);
        const results = chains[name]?.(images) ?? [];
        expect(counts(() => deviceSync(device))).toMatchObject({ launched: 1, passes: 1 });
        expect(results.map((image) => download(image as Image))).toEqual(expected);
      }
    });
  }

  onEachDevice('agree where matrices fold', (device) => {
    for (const size of sizes) {
      const { floats, otherBytes, otherFloats, bytes } = makeImages(size, device);
      Adjust.gamma(floats, 1.3);
      Adjust.saturation(floats, 1.4);
      convertFloatToU8(otherBytes, floats);
      expect(counts(() => deviceSync(device))).toMatchObject({ launched: 1, passes: 1 });
      addon().immediatePolicy({ mode: 'eager', fold: false });
      upload(otherFloats, download(floats));
      convertFloatToU8(bytes, otherFloats);
      expect(download(otherBytes)).toEqual(download(bytes));
      addon().immediatePolicy({ mode: 'deferred' });
    }
  });
});

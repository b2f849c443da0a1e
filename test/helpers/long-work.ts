/** Work that keeps a GPU busy for a while, so that a missing order shows. */
import { type DeviceId, Filter, Image, type OnStream, upload } from 'framelane';
import { makeRandom } from './random.ts';

/** Some milliseconds of work on a GPU; few pixels on the CPU, where a call is complete when it returns. */
const sideOf = (device: DeviceId) => (device === 'cpu' ? 96 : 2048);
const blursOf = (device: DeviceId) => (device === 'cpu' ? 2 : 40);

/** A square image of random pixels, as large as the work is to be long. */
export function noisy(device: DeviceId, seed: number): Image {
  const side = sideOf(device);
  const random = makeRandom(seed);
  const image = new Image(side, side, { device });
  upload(
    image,
    Float32Array.from({ length: side * side * 4 }, () => random()),
  );
  return image;
}

/** Work that takes long, from `source` to `target`. */
export function blurLong(source: Image, target: Image, on: OnStream = {}): void {
  Filter.gaussianBlur(source, { radius: 40, dst: target, ...on });
  for (let i = 1; i < blursOf(source.device as DeviceId); i++) {
    Filter.gaussianBlur(target, { radius: 30 + (i % 8), dst: target, ...on });
  }
}

/** Whether that work is still going on when the call returns. */
export const isBusy = (device: DeviceId) => device !== 'cpu';

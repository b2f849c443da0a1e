// One of the loops below without a single wait, in the main thread or in a worker; prints what the ledger says, and the
// error that ended it. argv: loop, device, count, main | worker, budget in bytes (0: none).
import { isMainThread, Worker } from 'node:worker_threads';
import {
  Adjust,
  compilePlan,
  download,
  Filter,
  Image,
  ImageU8,
  Lut,
  memoryUsage,
  pipeline,
  Resize,
  setMemoryBudget,
  upload,
} from 'framelane';

const [loop, device, count, where, budget] = process.argv.slice(2);
const on = { device };

const chain = () => {
  const image = new Image(1024, 512, on);
  Adjust.brightness(image, 0.1);
  const soft = Filter.gaussianBlur(image, { radius: 3 });
  return Resize.bilinear(soft, { width: 256 });
};
const entries = Float32Array.from({ length: 3 * 17 ** 3 }, (_, i) => (i % 97) / 97);
const shape = { format: 'yuv420p', width: 512, height: 256, matrix: 'bt709', range: 'limited' };

const kept = [];

/** Each makes some megabytes and drops them. */
const loops = {
  float: () => new Image(1024, 512, on),
  bytes: () => new ImageU8(1024, 2048, on),
  sizes: (i) => new Image(256 + (i % 50) * 16, 512, on),
  chain,
  lut: () => {
    const image = new ImageU8(1024, 512, on);
    Adjust.lut3d(image, { lut: new Lut({ size: 17, entries }) });
  },
  plan: () => {
    const source = new Image(512, 256, on);
    compilePlan(pipeline().blend(source).gaussianBlur(4), shape, on);
  },
  // What is alive keeps its memory, whatever happens to the rest.
  kept: (i) => {
    const image = new ImageU8(512, 512, on);
    if (i % 100 !== 0) return;
    upload(image, new Uint8Array(512 * 512 * 4).fill(i / 100));
    kept.push(image);
  },
  held: () => kept.push(new Image(1024, 512, on)),
};

if (where === 'worker' && isMainThread) {
  new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
} else {
  if (budget !== '0') setMemoryBudget({ device: Number(budget) }, device);
  let made = 0;
  let error;
  try {
    for (; made < Number(count); made++) loops[loop](made);
  } catch (thrown) {
    error = `${thrown.code}: ${thrown.message}`;
  }
  if (loop === 'kept') {
    const isWhole = (image, i) => download(image).every((byte) => byte === i);
    if (!kept.every(isWhole)) throw new Error('an image that was alive has been overwritten');
  }
  console.log(JSON.stringify({ made, error, ...memoryUsage(device).device }));
}

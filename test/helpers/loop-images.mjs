// Run with --expose-gc: the same work `count` times in one of the three memory styles; prints the memory before and after.
// argv: style, device, count, input, output.
import { Adjust, Filter, Image, ImageU8, imageInfo, load, memoryUsage, save } from 'framelane';

const [style, device, count, input, output] = process.argv.slice(2);

async function collected() {
  const photo = await load(input, { device });
  const soft = Filter.gaussianBlur(photo, { radius: 4 });
  Adjust.saturation(soft, 1.2);
  await save(soft, output);
}

async function scoped() {
  const photo = await load(input, { device });
  const soft = Filter.gaussianBlur(photo, { radius: 4 });
  Adjust.saturation(soft, 1.2);
  await save(soft, output);
  soft.free(); // what `using` does; this file is run as it is
  photo.free();
}

const { width, height } = await imageInfo(input);
const buffers =
  style === 'manual'
    ? {
        f32: new Image(width, height, { device }),
        dst: new Image(width, height, { device }),
        temp: new Image(width, height, { device }),
        u8: new ImageU8(width, height, { device }),
      }
    : undefined;

async function manual() {
  const { f32, dst, temp, u8 } = buffers;
  await load(input, { f32, u8 });
  Filter.gaussianBlur(f32, { radius: 4, dst, temp });
  Adjust.saturation(dst, 1.2);
  await save(dst, output, { u8 });
}

const round = { collected, using: scoped, manual }[style];
const measure = () => {
  globalThis.gc();
  return { rss: process.memoryUsage.rss(), ...memoryUsage(device).device };
};
// Until V8's and the allocator's heaps have grown to the size that they keep, some 50 MB with Node 24.
for (let i = 0; i < 300; i++) await round();
const before = measure();
for (let i = 0; i < Number(count); i++) await round();
console.log(JSON.stringify({ before, after: measure() }));

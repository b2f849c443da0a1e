// You learn: your own buffers, allocated once for the largest image. Every load fills them and sets their size; nothing is
// allocated after the first image.
//
//   npx tsc -p samples && node out/samples/06-memory-manual.js [picture] [out.jpg] [times]
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Adjust, Filter, Image, ImageU8, imageInfo, load, memoryUsage, save } from 'framelane';

const [input = 'docs/showcase.jpg', output = 'out/manual.jpg', times = '20'] =
  process.argv.slice(2);
mkdirSync(dirname(output), { recursive: true });

const { width, height } = await imageInfo(input);
const f32 = new Image(width, height);
const dst = new Image(width, height);
const temp = new Image(width, height);
const u8 = new ImageU8(width, height);

for (let i = 0; i < Number(times); i++) {
  await load(input, { f32, u8 });
  Filter.gaussianBlur(f32, { radius: 4, dst, temp });
  Adjust.saturation(dst, 1.2);
  await save(dst, output, { quality: 90, u8 });
}

for (const image of [f32, dst, temp, u8]) image.free();
const { peak, allocations } = memoryUsage().device;
console.log(
  `${times} images, ${allocations} allocations, at most ${Math.round(peak / 2 ** 20)} MiB -> ${output}`,
);

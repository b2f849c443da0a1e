// You learn: `using` frees an image at the end of its block, and the next image reuses its memory.
//
//   npx tsc -p samples && node out/samples/05-memory-using.js [picture] [out.jpg] [times]
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Adjust, Filter, load, memoryUsage, save } from 'framelane';

const [input = 'docs/showcase.jpg', output = 'out/using.jpg', times = '20'] = process.argv.slice(2);
mkdirSync(dirname(output), { recursive: true });

for (let i = 0; i < Number(times); i++) {
  using photo = await load(input);
  using soft = Filter.gaussianBlur(photo, { radius: 4 });
  Adjust.saturation(soft, 1.2);
  await save(soft, output, { quality: 90 });
}

const { peak, allocations } = memoryUsage().device;
console.log(
  `${times} images, ${allocations} allocations, at most ${Math.round(peak / 2 ** 20)} MiB -> ${output}`,
);

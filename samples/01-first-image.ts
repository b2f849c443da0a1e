// You learn: images live on a device, operations change them there, and `using` gives the memory back.
//
//   npx tsc -p samples && node out/samples/01-first-image.js [picture.png]
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Adjust, Blend, Effect, Fill, Filter, Image, save } from 'framelane';

const [output = 'out/first-image.png'] = process.argv.slice(2);
mkdirSync(dirname(output), { recursive: true });

// On the first CUDA device, or the CPU where there is none; `{ device: 'cpu' }` decides for one.
using picture = new Image(1280, 720);
Fill.gradient(picture, { from: '#1b2a6b', to: '#ff9a5a', direction: 'vertical' });

// A sun with a soft edge: a bright square, blurred into a new image.
using square = new Image(400, 400);
using patch = new Image(160, 160);
Fill.color(square, [1, 0.9, 0.6, 0]);
Fill.color(patch, [1, 0.9, 0.6, 1]);
Blend.normal(square, patch, { anchor: 'center' });
using sun = Filter.gaussianBlur(square, { radius: 60 });

Blend.screen(picture, sun, { anchor: 'center', offsetY: 90 });
Adjust.vibrance(picture, 0.4);
Effect.vignette(picture, { radius: 1.1, color: '#0a0820' });

await save(picture, output);
console.log(`${picture.width}x${picture.height} on ${picture.device} -> ${output}`);

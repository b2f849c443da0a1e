// You learn: images are in device memory, operations change them there, and `using` frees the memory.
//
//   npx tsc -p samples && node out/samples/01-first-image.js [picture.png]
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Adjust, Blend, Effect, Fill, Filter, Image, save } from 'framelane';

const [output = 'out/first-image.png'] = process.argv.slice(2);
mkdirSync(dirname(output), { recursive: true });

// On the first CUDA device, or else the CPU; `{ device: 'cpu' }` selects one.
using picture = new Image(1280, 720);
Fill.gradient(picture, { from: '#1b2a6b', to: '#ff9a5a', direction: 'vertical' });

// A sun: a small bright square, blurred into a new image until it is round.
using sky = new Image(640, 640);
using square = new Image(130, 130);
Fill.color(sky, [1, 0.85, 0.5, 0]);
Fill.color(square, [1, 0.85, 0.5, 1]);
Blend.normal(sky, square, { anchor: 'center' });
using sun = Filter.gaussianBlur(sky, { sigma: 50 });

Blend.screen(picture, sun, { anchor: 'center', offsetY: 130 });
Adjust.saturation(picture, 1.15);
Effect.vignette(picture, { radius: 1.2, color: '#0a0820' });

await save(picture, output);
console.log(`${picture.width}x${picture.height} on ${picture.device} -> ${output}`);

// You learn: changing a look while the video is written. A new value applies to every output from the same frame on, whose
// number `set` returns; nothing is reopened or encoded again.
//
//   npx tsc -p samples && node out/samples/12-live-changes.js [in.mp4] [out.mp4] [small.mp4]
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pipeline, runSession } from 'framelane';

const [input = 'samples/media/clip.mp4', output = 'out/live.mp4', small = 'out/live-small.mp4'] =
  process.argv.slice(2);
mkdirSync(dirname(output), { recursive: true });

const session = runSession(pipeline().hue(0).vignette(), input, [
  { path: output, overwrite: true },
  { path: small, overwrite: true, pipeline: pipeline().resize({ height: 90 }).sepia(0) },
]);
let running = true;
session.finished.finally(() => (running = false)).catch(() => {}); // awaited below

// Only the small output gets another look, of the same size; images that it names would be loaded first.
const framed = pipeline().resize({ height: 90 }).sepia(1);
console.log(`sepia from frame ${await session.setPipeline(framed, { output: 1 })}`);

// Like a slider.
let changes = 0;
for (let degrees = 0; running; degrees += 5, changes++) {
  session.set('stages[0].degrees', degrees % 360);
  await setTimeout(10);
}

const { frames, seconds } = await session.finished;
console.log(`${frames} frames, ${changes} changes in ${seconds.toFixed(1)} s -> ${output}`);

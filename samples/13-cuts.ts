// You learn: measurements of each frame, as data. The histograms of consecutive frames differ most where one scene ends
// and the next one begins.
//
//   npx tsc -p samples && node out/samples/13-cuts.js [in.mp4]
import { pipeline, runSession } from 'framelane';

const [input = 'samples/media/clip.mp4'] = process.argv.slice(2);

// `null:` writes nothing. A small frame suffices, and is faster to count.
const look = pipeline().resize({ width: 160, height: 90 }).histogram();
const session = runSession(look, input, 'null:');

let before: Uint32Array | undefined;
let cuts = 0;
session.on('results', ({ time, results: [found] }) => {
  if (found?.op !== 'histogram') return;
  const { luma } = found;
  const moved = before?.reduce((sum, count, code) => sum + Math.abs(count - (luma[code] ?? 0)), 0);
  if (moved !== undefined && moved / (2 * 160 * 90) > 0.5) {
    console.log(`${time.toFixed(3)} s: a cut`);
    cuts++;
  }
  before = luma;
});

const { frames } = await session.finished;
console.log(`${frames} frames, ${cuts} cuts`);

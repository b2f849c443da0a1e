// You learn: the same work as a pipeline. Neighbouring operations fuse into one pass, and native threads move the frames
// from decoder to encoder; JavaScript only starts the session and follows it.
//
//   npx tsc -p samples && node out/samples/03-pipeline.js [in.mp4] [out.mp4]
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline, runSession } from 'framelane';

const [input = 'samples/media/clip.mp4', output = 'out/pipeline.mp4'] = process.argv.slice(2);
mkdirSync(dirname(output), { recursive: true });

// Immutable: each method returns a longer pipeline, so looks can share their first stages.
const grade = pipeline().contrast(1.12).gamma(1.05).vibrance(0.4);
const look = grade.sepia(0.15).vignette({ radius: 1.05, color: '#050210d0' });

const session = runSession(look, input, output, { overwrite: true });
session.on('start', ({ device, passes }) => {
  console.log(`${look.stages.length} operations, ${passes.length} pass on ${device}`);
  for (const pass of passes) console.log(`  ${pass}`);
});
session.on('progress', ({ frames, totalFrames }) => console.log(`${frames} of ${totalFrames}`));

const { frames, seconds } = await session.finished;
console.log(`${frames} frames in ${seconds.toFixed(1)} s -> ${output}`);

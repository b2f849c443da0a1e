// You learn: an operation of your own, from a text that computes one pixel. It is fused with its neighbours like the
// built-in ones, and has options that pipelines and pipeline files check.
//
//   npx tsc -p samples && node out/samples/14-custom-op.js [in.mp4] [out.mp4]
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { defineOp, pipeline, runSession } from 'framelane';

const [input = 'samples/media/clip.mp4', output = 'out/custom-op.mp4'] = process.argv.slice(2);
mkdirSync(dirname(output), { recursive: true });

// Tints shadows and highlights; the middle of the picture stays as it is.
const splitTone = defineOp({
  name: 'splitTone',
  doc: 'Tints shadows and highlights.',
  params: {
    shadows: { type: 'color', default: '#1030a0' },
    highlights: { type: 'color', default: '#ffc060' },
    amount: { type: 'number', default: 0.4, min: 0, max: 1, doc: '0 changes nothing.' },
  },
  pixel: `
    float grey = clamp(luma(c.rgb), 0.0, 1.0);
    vec3 tint = mix(shadows.rgb, highlights.rgb, smoothstep(0.1, 0.9, grey));
    float edge = smoothstep(0.2, 0.7, distance(uv, vec2(0.5)));
    c.rgb = mix(c.rgb, tint * (grey + 0.1), amount * edge);`,
});

const look = pipeline().contrast(1.1).op(splitTone, { amount: 0.7 }).vibrance(0.2);
const session = runSession(look, input, output, { overwrite: true });
session.on('start', ({ passes }) => {
  for (const pass of passes) console.log(pass);
});
const { frames, seconds } = await session.finished;
console.log(`${frames} frames in ${seconds.toFixed(1)} s -> ${output}`);

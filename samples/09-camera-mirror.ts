// You learn: a preview window. It plays a camera through a pipeline, and has keys (? lists them) to which you can add your own.
//
//   npx tsc -p samples && node out/samples/09-camera-mirror.js [input] [frames] [auto|headless|system|raub] [last.png]
import { existsSync } from 'node:fs';
import { fromRaw, type Pipeline, PreviewWindow, pipeline, save } from 'framelane';

const camera = '/dev/video0';
const pattern = 'lavfi:testsrc2=size=1280x720:rate=30';
const [input = existsSync(camera) ? camera : pattern, frames, provider = 'auto', output] =
  process.argv.slice(2);

const mirror = pipeline().flip('horizontal'); // like a mirror
const looks: readonly Pipeline[] = [
  mirror,
  mirror.saturation(0).contrast(1.3).vignette({ radius: 1.1 }),
  mirror.sepia(0.8).gamma(1.1),
  mirror.gaussianBlur({ radius: 12 }).brightness(0.05),
];

await using preview = await PreviewWindow.open(input, {
  pipeline: mirror,
  provider: provider as 'auto',
  frames: frames === undefined ? undefined : Number(frames),
  title: 'mirror: e changes the look, ? shows help',
});

let look = 0;
preview.window.on((event) => {
  if (event.type !== 'key' || event.key !== 'e') return;
  look = (look + 1) % looks.length;
  void preview.player.setPipeline(looks[look] as Pipeline); // at the next frame
});
preview.on('failure', (error) => console.log(error.message)); // such as an unplugged camera
let shot: Promise<unknown> | undefined;
preview.once('end', () => {
  if (!output) return;
  const { data, width, height } = preview.readPixels(); // of the window, including overlays
  shot = save(fromRaw({ data, width, height }), output);
});

await preview.closed;
await shot;
console.log(`${preview.frames} frames by ${preview.window.provider} on ${preview.player.device}`);

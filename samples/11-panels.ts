// You learn: writing your own viewer. A window shows four looks of a video side by side; 1 to 4 shows one of them alone.
//
//   npx tsc -p samples && node out/samples/11-panels.js [in.mp4] [frames] [auto|headless|system|raub] [last.png]
import { setTimeout } from 'node:timers/promises';
import {
  apply,
  Blend,
  convertFloatToU8,
  Fill,
  GLTexture,
  Image,
  ImageU8,
  openWindow,
  type Pipeline,
  pipeline,
  save,
  Text,
  VideoReader,
} from 'framelane';

const [input = 'samples/media/clip.mp4', frames = 'Infinity', provider = 'auto', output] =
  process.argv.slice(2);
await using reader = await VideoReader.open(input);
const { width, height } = reader.info;
const [W, H] = [2 * width, 2 * height]; // of the sheet with all panels

const style = { size: height / 12, color: '#fff', background: '#000000a0', padding: 4 } as const;
const named = {
  original: pipeline(),
  'black and white': pipeline().saturation(0).contrast(1.2),
  sepia: pipeline().sepia().vignette(),
  inverted: pipeline().invert(),
};
const looks: Pipeline[] = [];
for (const [name, look] of Object.entries(named)) {
  looks.push(look.blend(await Text.create(name, style), { anchor: 'bottomLeft' }));
}

using window = await openWindow({ provider: provider as 'auto', width, height });
const { gl } = window;
const texture = gl.createTexture();
if (!texture) throw new Error('OpenGL is out of memory');
gl.bindTexture(gl.TEXTURE_2D, texture);
gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, W, H);
gl.bindFramebuffer(gl.READ_FRAMEBUFFER, gl.createFramebuffer());
gl.framebufferTexture2D(gl.READ_FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
using target = new GLTexture(texture); // no buffer in between, unlike GLResource

let alone: number | undefined;
window.on((event) => {
  const index = event.type === 'key' ? Number(event.key) - 1 : -1;
  if (index in looks) alone = alone === index ? undefined : index;
});
const cell = (index: number) => [(index % 2) * width, Math.floor(index / 2) * height] as const;

using frame = new Image(width, height);
using panel = new Image(width, height);
using sheet = Fill.color(new Image(W, H), '#000'); // new memory is not initialised, and Blend keeps NaN
using pixels = new ImageU8(W, H);
const start = performance.now();
let shown = 0;
for (; shown < Number(frames) && !window.closed; shown++) {
  if (!(await reader.readInto(frame))) break;
  looks.forEach((look, index) => {
    const [offsetX, offsetY] = cell(index);
    Blend.normal(sheet, apply(look, frame, { dst: panel }), { offsetX, offsetY });
  });
  convertFloatToU8(pixels, sheet);
  target.copyFrom(pixels, { sync: false });
  const [x, y] = cell(alone ?? 0);
  const [w, h] = alone === undefined ? [W, H] : [width, height];
  const upsideDown = [0, window.height, window.width, 0] as const; // images begin at the top
  gl.blitFramebuffer(x, y, x + w, y + h, ...upsideDown, gl.COLOR_BUFFER_BIT, gl.LINEAR);
  await setTimeout(reader.timestamp * 1000 - (performance.now() - start)); // until it is due
  window.swapBuffers();
  window.pollEvents();
}
pixels.copyFromTexture(target, { flipY: false });
if (output) await save(pixels, output);
console.log(`${shown} frames of ${looks.length} panels by ${window.provider} on ${reader.device}`);

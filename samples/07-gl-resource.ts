// You learn: showing frames in a window. Operations draw on the device, and GLResource copies the result to OpenGL directly.
//
//   npx tsc -p samples && node out/samples/07-gl-resource.js [frames] [auto|headless|system|raub] [last.png]
import { convertFloatToU8, Fill, GLResource, Image, ImageU8, openWindow, save } from 'framelane';

const [frames = 'Infinity', provider = 'auto', output] = process.argv.slice(2);
const [W, H] = [1280, 720];
using window = await openWindow({ provider: provider as 'auto', width: W, height: H });
const { gl } = window;

const pbo = gl.createBuffer(); // pixel buffer: width * height * 4 bytes
gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, pbo);
gl.bufferData(gl.PIXEL_UNPACK_BUFFER, W * H * 4, gl.STREAM_DRAW);
const texture = gl.createTexture(); // the texture to show
gl.bindTexture(gl.TEXTURE_2D, texture);
gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, W, H);
gl.bindFramebuffer(gl.READ_FRAMEBUFFER, gl.createFramebuffer());
gl.framebufferTexture2D(gl.READ_FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);

if (!pbo || !texture) throw new Error('OpenGL is out of memory');
using resource = new GLResource(pbo); // registered once, used for every frame
using canvas = new Image(W, H);
using pixels = new ImageU8(W, H);

let shown = 0;
for (; shown < Number(frames) && !window.closed; shown++) {
  window.pollEvents();
  const red = (1 + Math.sin(shown / 30)) / 2;
  Fill.gradient(canvas, { from: [red, 0, 0, 1], to: [0, 0, 1, 1], direction: 'radial' });
  convertFloatToU8(pixels, canvas);
  resource.copyFrom(pixels, { sync: false });
  gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, W, H, gl.RGBA, gl.UNSIGNED_BYTE, null); // from the PBO
  // Images start at the top, OpenGL at the bottom, so top and bottom of the window are swapped.
  const [w, h] = [window.width, window.height];
  gl.blitFramebuffer(0, 0, W, H, 0, h, w, 0, gl.COLOR_BUFFER_BIT, gl.LINEAR);
  window.swapBuffers();
}
pixels.copyFromTexture(texture, { flipY: false });
if (output) await save(pixels, output);
console.log(`${shown} frames by ${window.provider}, ${resource.shared ? 'shared' : 'uploaded'}`);

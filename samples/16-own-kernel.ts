// You learn: your own CUDA kernel, compiled at run time and launched with typed arguments. It needs an NVIDIA GPU and NVRTC.
//
//   npx tsc -p samples && node out/samples/16-own-kernel.js [plasma.png]
import { type FramelaneError, f32, fromRaw, gridFor, i32, Module, save, struct } from 'framelane';

const [output = 'plasma.png'] = process.argv.slice(2);
const [width, height] = [640, 360];

const source = `
  struct Waves { float x, y, radial; };
  __device__ uchar4 pixels[WIDTH * HEIGHT];

  __device__ unsigned char shade(float v) { return (unsigned char)(127.5f + 127.5f * sinf(v)); }

  __global__ void plasma(uchar4* to, int width, int height, Waves waves, float time) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= width || y >= height) return;
    float dx = x - width / 2, dy = y - height / 2;
    float v = sinf(x * waves.x + time) + sinf(y * waves.y) + sinf(sqrtf(dx * dx + dy * dy) * waves.radial);
    to[y * width + x] = make_uchar4(shade(v * 3), shade(v * 3 + 2), shade(v * 3 + 4), 255);
  }`;

try {
  using module = Module.compile(source, {
    options: [`-DWIDTH=${width}`, `-DHEIGHT=${height}`],
    names: ['&pixels'], // the compiler drops variables that no kernel uses
  });
  const pixels = module.global('pixels');
  const plasma = module.kernel('plasma');
  const block = [32, 8] as const;
  const waves = struct(new Float32Array([0.02, 0.03, 0.025])); // as it lies in C++
  const shape = { grid: gridFor(width, height, block), block };
  plasma.launch(shape, pixels, i32(width), i32(height), waves, f32(1.5));

  const data = pixels.read(new Uint8Array(width * height * 4)); // waits for the kernel
  using image = fromRaw({ data, width, height, channels: 4 });
  await save(image, output);
  const { registers } = plasma.attributes;
  console.log(`${width}x${height} on ${module.device}, ${registers} registers -> ${output}`);
} catch (error) {
  const { code, message } = error as FramelaneError;
  if (code !== 'ERR_DEVICE_UNAVAILABLE' && code !== 'ERR_NVRTC_UNAVAILABLE') throw error;
  console.log(`not on this machine: ${message}`);
}

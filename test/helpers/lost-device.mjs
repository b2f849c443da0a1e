// Breaks the first CUDA device of this process by a kernel that writes where no memory is, and prints what this and later calls
// throw. argv: how the kernel fails.
import { devicePointer, deviceSync, download, Image, Module } from 'framelane';

const sources = {
  address: '__global__ void bad(int* to) { *to = 1; }',
  trap: '__global__ void bad(int*) { __trap(); }',
  misaligned:
    '__device__ int place[4]; __global__ void bad(int* to) { *(int*)((char*)place + 1 + (to == nullptr)) = 1; }',
};

const device = 'cuda:0';
const errors = {};
const attempt = (name, run) => {
  try {
    run();
    errors[name] = null;
  } catch ({ code, message }) {
    errors[name] = { code, message };
  }
};

const module = Module.compile(sources[process.argv[2]], { device });
const image = new Image(4, 4, { device });
attempt('launch', () => module.kernel('bad').launch({ grid: 1, block: 1 }, devicePointer(4096n)));
attempt('sync', () => deviceSync(device));
attempt('launch again', () =>
  module.kernel('bad').launch({ grid: 1, block: 1 }, devicePointer(0n)),
);
attempt('download', () => download(image));
attempt('load', () => Module.compile('__global__ void other() {}', { device }));
attempt('free', () => {
  image.free();
  module.free();
});
attempt('sync again', () => deviceSync(device));
attempt('the CPU', () => download(new Image(4, 4, { device: 'cpu' })));
console.log(JSON.stringify(errors));

/** Kernels on streams, ordered by the memory among their arguments. */
import {
  asTensor,
  CudaBuffer,
  download,
  type Event,
  Fill,
  gridFor,
  Image,
  ImageU8,
  i32,
  type KernelArgument,
  Module,
  memcpyDtoH,
  Stream,
  Tensor,
  upload,
} from 'framelane';
import { describe, expect } from 'vitest';
import { errorOf } from '../helpers/errors.ts';
import { onCuda } from '../helpers/nvrtc.ts';

const device = 'cuda:0';
const one = { grid: 1, block: 1 };

/** Kernels of one thread: `later` sets a word when some milliseconds have passed. */
const source = `
  __global__ void later(int* to, int value) {
    const long long until = clock64() + 30000000;
    while (clock64() < until) {}
    *to = value;
  }
  __global__ void now(int* to, int value) { *to = value; }
  __global__ void read(int* to, const int* from) { *to = *from; }
  __device__ int word;
  __global__ void set(int value) {
    const long long until = clock64() + 30000000;
    while (clock64() < until) {}
    word = value;
  }`;

function load() {
  const module = Module.compile(source, { device, names: ['&word'] });
  const [later, now, read, set] = ['later', 'now', 'read', 'set'].map((name) =>
    module.kernel(name),
  );
  const kernels = { module, later, now, read, set } as Readonly<{
    module: Module;
    later: ReturnType<Module['kernel']>;
    now: ReturnType<Module['kernel']>;
    read: ReturnType<Module['kernel']>;
    set: ReturnType<Module['kernel']>;
  }>;
  return kernels;
}

function wordOf(array: CudaBuffer | Tensor): number {
  const bytes = array.dtype === 'u8';
  const into = bytes ? new Uint8Array(4) : new Int32Array(1);
  memcpyDtoH(into, array, { offset: 0, length: into.length });
  return new DataView(into.buffer).getInt32(0, true);
}

const expectBusy = (event: Event) =>
  expect(event.done, 'the work was too short to prove anything').toBe(false);

describe('a launch on a stream', () => {
  const memories: Readonly<Record<string, () => { argument: KernelArgument; word: () => number }>> =
    {
      'a buffer': () => {
        const buffer = new CudaBuffer([16], 'i32', { device });
        return { argument: buffer, word: () => wordOf(buffer) };
      },
      'a part of a tensor': () => {
        const tensor = new Tensor([16], 'i32', { layout: 'W', device }).slice({ W: [5] });
        return { argument: tensor, word: () => wordOf(tensor) };
      },
      'the tensor of an image': () => {
        const tensor = asTensor(new ImageU8(4, 4, { device }));
        return { argument: tensor, word: () => wordOf(tensor) };
      },
      'an image': () => {
        const image = new ImageU8(4, 4, { device });
        const word = () => new DataView((download(image) as Uint8Array).buffer).getInt32(0, true);
        return { argument: image, word };
      },
    };
  for (const [name, make] of Object.entries(memories)) {
    onCuda(`comes after the last use of ${name}`, () => {
      const { module, later, now, read } = load();
      using _module = module;
      using first = new Stream({ device });
      using second = new Stream({ device });
      using seen = new CudaBuffer([1], 'i32', { device });
      const { argument, word } = make();
      now.launch(one, argument, i32(1));
      read.launch(one, seen, argument);
      second.sync();
      later.launch({ ...one, stream: first }, argument, i32(20));
      using written = first.record();
      read.launch({ ...one, stream: second }, seen, argument);
      now.launch({ ...one, stream: first }, argument, i32(300)); // must not overtake the reader
      expectBusy(written);
      expect([wordOf(seen), word()]).toEqual([20, 300]);
      later.launch({ ...one, stream: second }, argument, i32(4000));
      now.launch(one, argument, i32(50000)); // on the device's own stream
      expect(word()).toBe(50000);
    });
  }

  onCuda(
    'reads what the calls on an image before it have made, and calls read what it made',
    () => {
      using module = Module.compile(
        `__global__ void swap(float4* image, int n) {
        const int i = blockIdx.x * blockDim.x + threadIdx.x;
        if (i < n) image[i] = make_float4(image[i].z, image[i].y, image[i].x, image[i].w);
      }`,
        { device },
      );
      const kernel = module.kernel('swap');
      using stream = new Stream({ device });
      using image = new Image(9, 7, { device });
      const shape = { grid: gridFor(63, 1, 32), block: 32, stream };
      upload(image, new Float32Array(9 * 7 * 4));
      Fill.color(image, [0.25, 0.5, 0.75, 1]); // waits to be run
      kernel.launch(shape, image, i32(63));
      expect([...download(image).subarray(248)]).toEqual([0.75, 0.5, 0.25, 1]);
      Fill.color(image, [1, 0, 0, 1], { stream });
      kernel.launch(shape, image, i32(63));
      expect([...download(image).subarray(0, 4)]).toEqual([0, 0, 1, 1]);
    },
  );

  onCuda('is read by variables of its module', () => {
    const { module, set } = load();
    using _module = module;
    using stream = new Stream({ device });
    const word = module.global('word');
    set.launch({ ...one, stream }, i32(1));
    stream.sync();
    set.launch({ ...one, stream }, i32(7));
    using written = stream.record();
    expectBusy(written);
    expect(word.read(new Int32Array(1))[0]).toBe(7);
    set.launch({ ...one, stream }, i32(8));
    word.write(Int32Array.of(9)); // after the launch
    stream.sync();
    expect(word.read(new Int32Array(1))[0]).toBe(9);
  });

  onCuda('lets its memory and its stream be freed at once', () => {
    const { module, later, now } = load();
    using _module = module;
    using kept = new CudaBuffer([1], 'i32', { device });
    for (let i = 0; i < 20; i++) {
      using stream = new Stream({ device });
      using lent = new CudaBuffer([1], 'i32', { device });
      later.launch({ ...one, stream }, lent, i32(i));
      now.launch({ ...one, stream }, kept, i32(i));
    }
    expect(wordOf(kept)).toBe(19);
  });

  onCuda('refuses streams and memory that it cannot use', () => {
    const { module, now } = load();
    using _module = module;
    using buffer = new CudaBuffer([1], 'i32', { device });
    const launch = (stream: unknown, argument: KernelArgument = buffer) =>
      errorOf(() => now.launch({ ...one, stream: stream as Stream }, argument, i32(1)));
    expect(launch({})).toMatchObject({ code: 'ERR_INVALID_OPTION', path: 'stream' });
    using cpu = new Stream({ device: 'cpu' });
    expect(launch(cpu).code).toBe('ERR_DEVICE_MISMATCH');
    const freed = new Stream({ device });
    freed.free();
    expect(launch(freed).code).toBe('ERR_DISPOSED');
    using elsewhere = new Image(1, 1, { device: 'cpu' });
    expect(launch(undefined, elsewhere).code).toBe('ERR_DEVICE_MISMATCH');
    const gone = new ImageU8(1, 1, { device });
    gone.free();
    expect(launch(undefined, gone).code).toBe('ERR_DISPOSED');
    const empty = new CudaBuffer([1], 'i32', { device });
    empty.free();
    expect(launch(undefined, empty).code).toBe('ERR_DISPOSED');
  });
});

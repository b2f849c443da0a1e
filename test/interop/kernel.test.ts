/** Own kernels on a CUDA device. Variables of modules are their memory. */
import {
  bool,
  devicePointer,
  deviceSync,
  type FramelaneError,
  f32,
  f64,
  gridFor,
  i8,
  i16,
  i32,
  i64,
  type Kernel,
  type KernelArgument,
  Module,
  memoryUsage,
  struct,
  u8,
  u16,
  u32,
  u64,
} from 'framelane';
import { describe, expect } from 'vitest';
import { errorOf } from '../helpers/errors.ts';
import { onCuda } from '../helpers/nvrtc.ts';

const device = 'cuda:0';
const one = { grid: 1, block: 1 };

describe('a launch', () => {
  onCuda('computes a x + y', () => {
    const n = 1000;
    using module = Module.compile(
      `__device__ float x[1000], y[1000];
      __global__ void saxpy(int n, float a, const float* x, float* y) {
        const int i = blockIdx.x * blockDim.x + threadIdx.x;
        if (i < n) y[i] = a * x[i] + y[i];
      }`,
      { device, names: ['&x', '&y'] },
    );
    const [x, y] = [module.global('x'), module.global('y')];
    x.write(Float32Array.from({ length: n }, (_, i) => i));
    y.write(new Float32Array(n).fill(0.5));
    const kernel = module.kernel('saxpy');
    kernel.launch({ grid: gridFor(n, 1, 128), block: 128 }, i32(n), f32(0.25), x, y);
    kernel.launch({ grid: gridFor(n, 1, 128), block: 128 }, i32(n), f32(2), x, y);
    const expected = Float32Array.from({ length: n }, (_, i) => 2.25 * i + 0.5);
    expect(y.read(new Float32Array(n))).toEqual(expected);
  });

  onCuda('covers an image whose sides no block divides', () => {
    const [width, height] = [67, 43];
    using module = Module.compile(
      `__device__ uchar4 pixels[67 * 43 + 1];
      __global__ void draw(uchar4* to, int width, int height) {
        const int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
        if (x >= width || y >= height) return;
        to[y * width + x] = make_uchar4(x, y, x ^ y, 255);
      }`,
      { device, names: ['&pixels'] },
    );
    const pixels = module.global('pixels');
    const block = [32, 8] as const;
    module
      .kernel('draw')
      .launch({ grid: gridFor(width, height, block), block }, pixels, i32(width), i32(height));
    const drawn = pixels.read(new Uint8Array(pixels.byteLength));
    const expected = Array.from({ length: width * height }, (_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      return [x, y, x ^ y, 255];
    });
    expect([...drawn]).toEqual([...expected.flat(), 0, 0, 0, 0]);
  });

  onCuda('takes every type of scalar', () => {
    using module = Module.compile(
      `__device__ double numbers[9]; __device__ long long wide[2];
      __global__ void store(signed char a, unsigned long long b, unsigned char c, short d, double e, unsigned short f,
                            int g, bool h, unsigned i, long long j, float k) {
        const double all[9] = {double(a), double(c), double(d), e, double(f), double(g), double(h), double(i), k};
        for (int n = 0; n < 9; n++) numbers[n] = all[n];
        wide[0] = b; wide[1] = j;
      }`,
      { device },
    );
    const args = [
      i8(-128),
      u64(2n ** 64n - 1n),
      u8(255),
      i16(-32768),
      f64(Math.PI),
      u16(65535),
      i32(-(2 ** 31)),
      bool(true),
      u32(2 ** 32 - 1),
      i64(-(2n ** 63n)),
      f32(0.1),
    ];
    module.kernel('store').launch(one, ...args);
    const numbers = [-128, 255, -32768, Math.PI, 65535, -(2 ** 31), 1, 2 ** 32 - 1];
    expect([...module.global('numbers').read(new Float64Array(9))]).toEqual([
      ...numbers,
      Math.fround(0.1),
    ]);
    const wide = module.global('wide').read(new BigInt64Array(2));
    expect([...wide]).toEqual([-1n, -(2n ** 63n)]);
  });

  onCuda('takes structs by value, and pointers in them', () => {
    using module = Module.compile(
      `struct Job { char tag; double scale; short count; int* to; };
      __device__ int out[4];
      __global__ void store(char before, Job job, char after) {
        job.to[0] = job.tag; job.to[1] = job.scale * 4; job.to[2] = job.count; job.to[3] = before + after;
      }`,
      { device },
    );
    const out = module.global('out');
    const job = new DataView(new ArrayBuffer(32));
    job.setInt8(0, 65);
    job.setFloat64(8, 2.5, true);
    job.setInt16(16, -7, true);
    job.setBigUint64(24, out.pointer, true);
    module.kernel('store').launch(one, i8(20), struct(job), i8(3));
    expect([...out.read(new Int32Array(4))]).toEqual([65, 10, -7, 23]);
  });

  onCuda('has more than 48 KiB of dynamic shared memory', () => {
    using module = Module.compile(
      `__device__ unsigned sum;
      __global__ void add(unsigned count) {
        extern __shared__ unsigned values[];
        for (unsigned i = threadIdx.x; i < count; i += blockDim.x) values[i] = i;
        __syncthreads();
        if (threadIdx.x > 0) return;
        unsigned total = 0;
        for (unsigned i = 0; i < count; i++) total += values[i];
        sum = total;
      }`,
      { device },
    );
    const kernel = module.kernel('add');
    expect(kernel.attributes.maxDynamicSharedBytes).toBeGreaterThan(60 << 10);
    const count = (60 << 10) / 4;
    kernel.launch({ grid: 1, block: 256, sharedBytes: 60 << 10 }, u32(count));
    expect(module.global('sum').read(new Uint32Array(1))[0]).toBe((count * (count - 1)) / 2);
  });

  onCuda('gives pointers as they are', () => {
    using module = Module.compile(
      '__device__ int out[4]; __global__ void set(int* to) { *to = 5; }',
      { device, names: ['&out'] },
    );
    const out = module.global('out');
    module.kernel('set').launch(one, devicePointer(out.pointer + 8n));
    expect([...out.read(new Int32Array(4))]).toEqual([0, 0, 5, 0]);
  });
});

describe('an argument that does not fit the kernel', () => {
  const source = '__global__ void take(int count, double scale, float* to) {}';
  const refusals: readonly (readonly [string, KernelArgument[], string])[] = [
    ['too few', [i32(1), f64(1)], 'expected 3 arguments (of 4, 8, 8 bytes), received 2'],
    ['too many', [i32(1), f64(1), devicePointer(0n), i32(1)], 'received 4'],
    [
      'a float for a double',
      [i32(1), f32(0.5), devicePointer(0n)],
      'arguments[1]: expected 8 bytes, received 4: f32(0.5)',
    ],
    ['a plain number', [1 as never, f64(1), devicePointer(0n)], 'arguments[0]: expected its type'],
    [
      'a struct of another size',
      [i32(1), struct(new Uint8Array(7)), devicePointer(0n)],
      'received 7: struct(7 bytes)',
    ],
  ];
  for (const [name, args, message] of refusals) {
    onCuda(name, () => {
      using module = Module.compile(source, { device });
      const error = errorOf(() => module.kernel('take').launch(one, ...args));
      expect(error.code).toBe('ERR_INVALID_ARGUMENT');
      expect(error.message).toContain(message);
      deviceSync(device); // nothing has been launched
    });
  }
});

describe('a kernel', () => {
  onCuda('tells what it needs', () => {
    using module = Module.compile(
      `__constant__ float weights[25]; __device__ float out;
      __global__ void __launch_bounds__(128) k(int at) {
        __shared__ float values[100];
        values[threadIdx.x % 100] = weights[at];
        __syncthreads();
        out = values[(at + 1) % 100];
      }`,
      { device },
    );
    const { attributes } = module.kernel('k');
    expect(attributes).toMatchObject({ sharedBytes: 400, maxThreads: 128, localBytes: 0 });
    expect(attributes.constantBytes).toBeGreaterThanOrEqual(100);
    expect(attributes.registers).toBeGreaterThan(1);
    expect(attributes.registers).toBeLessThanOrEqual(255);
  });

  onCuda('tells how many blocks run at once', () => {
    using module = Module.compile('__global__ void k(float* to) { to[threadIdx.x] = 1; }', {
      device,
    });
    const kernel = module.kernel('k');
    const { maxDynamicSharedBytes, maxThreads } = kernel.attributes;
    expect(maxThreads).toBe(1024);
    // Shared memory of a multiprocessor has room for no second such block.
    expect(kernel.occupancy(32, maxDynamicSharedBytes)).toBe(1);
    expect(kernel.occupancy(1024)).toBeLessThanOrEqual(2);
    expect(kernel.occupancy([16, 8])).toBeGreaterThan(kernel.occupancy(1024));
    const { threads, leastBlocks } = kernel.suggestBlock();
    expect(threads % 32).toBe(0);
    expect(kernel.occupancy(threads) * threads).toBeGreaterThanOrEqual(kernel.occupancy(64) * 64);
    expect(leastBlocks).toBeGreaterThan(0);
  });

  onCuda('runs no shape that the device cannot', () => {
    using module = Module.compile('__global__ void __launch_bounds__(64) k() {}', { device });
    const kernel = module.kernel('k');
    const path = (run: () => unknown) => {
      const error = errorOf(run);
      expect(error.code).toBe('ERR_INVALID_OPTION');
      return error.path;
    };
    expect(path(() => kernel.launch({ grid: 1, block: 65 }))).toBe('block');
    expect(path(() => kernel.launch({ grid: [1, 65536], block: 1 }))).toBe('grid.y');
    expect(path(() => kernel.launch({ grid: 1, block: [1, 1, 65] }))).toBe('block.z');
    expect(path(() => kernel.launch({ grid: 1, block: 1, sharedBytes: 1 << 20 }))).toBe(
      'sharedBytes',
    );
    expect(path(() => kernel.occupancy(65))).toBe('block');
    kernel.launch({ grid: [2 ** 20, 3, 2], block: 64 });
    deviceSync(device);
  });

  onCuda('is launched ten thousand times without growing', () => {
    using module = Module.compile(
      '__device__ unsigned count; __global__ void add(unsigned by) { count += by; }',
      { device },
    );
    const kernel = module.kernel('add');
    const launch = (times: number) => {
      for (let i = 0; i < times; i++) kernel.launch(one, u32(1));
      deviceSync(device);
    };
    launch(2000);
    const before = { rss: process.memoryUsage.rss(), ...memoryUsage(device).device };
    launch(10_000);
    const after = { rss: process.memoryUsage.rss(), ...memoryUsage(device).device };
    expect(module.global('count').read(new Uint32Array(1))[0]).toBe(12_000);
    expect(after.live).toBe(before.live);
    expect(after.allocations).toBe(before.allocations);
    expect(after.rss - before.rss).toBeLessThan(48 << 20);
  });
});

describe('a kernel of a module that is freed', () => {
  onCuda('is refused', () => {
    const module = Module.compile('__device__ int v; __global__ void k() { v = 1; }', { device });
    const kernel = module.kernel('k');
    const variable = module.global('v');
    module.free();
    module.free();
    const uses: Readonly<Record<string, (of: Kernel) => unknown>> = {
      launch: (of) => of.launch(one),
      occupancy: (of) => of.occupancy(1),
      kernel: () => module.kernel('other'),
      global: () => module.global('v'),
      read: () => variable.read(new Int32Array(1)),
      pointer: () => variable.pointer,
    };
    for (const [name, use] of Object.entries(uses)) {
      let error: FramelaneError | undefined;
      try {
        use(kernel);
      } catch (thrown) {
        error = thrown as FramelaneError;
      }
      expect({ name, code: error?.code }).toEqual({ name, code: 'ERR_DISPOSED' });
    }
  });

  onCuda('runs to its end', () => {
    using memory = Module.compile('__device__ int out; __global__ void k() { out = 0; }', {
      device,
    });
    const out = memory.global('out');
    for (let value = 1; value <= 5; value++) {
      {
        using slow = Module.compile(
          `__global__ void slow(int* to, int value) {
            const long long until = clock64() + 20000000;
            while (clock64() < until) {}
            *to = value;
          }`,
          { device },
        );
        slow.kernel('slow').launch(one, out, i32(value));
      }
      using other = Module.compile('__global__ void next() {}', { device }); // looks for what may go
      other.kernel('next').launch(one);
      expect(out.read(new Int32Array(1))[0]).toBe(value);
    }
  });
});

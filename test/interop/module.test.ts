/** Modules on a CUDA device: found names, variables, compiled code, and a device that a kernel breaks. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileCuda, f32, f64, i32, Module } from 'framelane';
import { describe, expect } from 'vitest';
import { addon } from '../../src/native/binding.ts';
import { errorOf } from '../helpers/errors.ts';
import { temporaryFolder } from '../helpers/files.ts';
import { onCuda } from '../helpers/nvrtc.ts';

const device = 'cuda:0';
const one = { grid: 1, block: 1 };
const folder = temporaryFolder('module');

/** Writes its argument, and adds what the source says. */
const store = (added: number) =>
  `__device__ int out; __global__ void store(int value) { out = value + ${added}; }`;

function stored(module: Module, value: number): number | undefined {
  module.kernel('store').launch(one, i32(value));
  return module.global('out').read(new Int32Array(1))[0];
}

describe('names', () => {
  onCuda('of templates, in namespaces, and of C', () => {
    using module = Module.compile(
      `namespace own { __device__ double out; }
      template <class T> __global__ void set(T value) { own::out = value * 2; }
      namespace own { __global__ void set3(int value) { out = value + 3; } }
      extern "C" __global__ void plain(int value) { own::out = value; }`,
      { device, names: ['set<float>', 'set<double>', '&own::out'] },
    );
    const out = () => module.global('own::out').read(new Float64Array(1))[0];
    module.kernel('set<float>').launch(one, f32(0.25));
    expect(out()).toBe(0.5);
    module.kernel('set<double>').launch(one, f64(0.1));
    expect(out()).toBe(0.2);
    module.kernel('own::set3').launch(one, i32(4));
    expect(out()).toBe(7);
    module.kernel('plain').launch(one, i32(9));
    expect(out()).toBe(9);
    module.kernel('_ZN3own4set3Ei').launch(one, i32(1));
    expect(out()).toBe(4);
    expect(module.kernel('plain')).toBe(module.kernel('plain'));
  });

  onCuda('that are missing list those that are there', () => {
    using module = Module.compile('__global__ void one() {} __global__ void two(int) {}', {
      device,
    });
    const error = errorOf(() => module.kernel('three'));
    expect(error.code).toBe('ERR_INVALID_ARGUMENT');
    expect(error.message).toMatch(/kernel three: .*one/);
    expect(error.message).toContain('two');
    expect(errorOf(() => module.global('none')).code).toBe('ERR_INVALID_ARGUMENT');
  });

  onCuda('that are overloaded are ambiguous', () => {
    using module = Module.compile('__global__ void k(int) {} __global__ void k(float) {}', {
      device,
    });
    expect(errorOf(() => module.kernel('k')).message).toContain('overloaded');
    module.kernel('_Z1kf').launch(one, f32(1));
  });

  onCuda('are those of each module', () => {
    using first = Module.compile(store(10), { device });
    using second = Module.compile(store(20), { device });
    expect([stored(first, 1), stored(second, 2), stored(first, 3)]).toEqual([11, 22, 13]);
  });
});

describe('variables', () => {
  onCuda('are written and read, whole and in part', () => {
    using module = Module.compile(
      `__constant__ float weights[8]; __device__ float out[8];
      __global__ void copy() { out[threadIdx.x] = weights[threadIdx.x]; }`,
      { device },
    );
    const [weights, out] = [module.global('weights'), module.global('out')];
    expect(weights.byteLength).toBe(32);
    weights.write(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    weights.write(Float32Array.of(-3, -4), 8);
    module.kernel('copy').launch({ grid: 1, block: 8 });
    expect([...out.read(new Float32Array(8))]).toEqual([1, 2, -3, -4, 5, 6, 7, 8]);
    expect([...out.read(new Float32Array(3), 20)]).toEqual([6, 7, 8]);
    expect(out.cudaArrayInterface).toEqual({
      shape: [32],
      typestr: '|u1',
      data: [out.pointer, false],
      strides: null,
      version: 3,
      stream: null,
    });
  });

  onCuda('have an end', () => {
    using module = Module.compile(store(0), { device });
    const out = module.global('out');
    for (const run of [
      () => out.write(new Uint8Array(5)),
      () => out.write(new Uint8Array(1), 4),
      () => out.read(new Uint8Array(1), -1),
      () => out.read(new Uint8Array(1), 0.5),
      () => out.write([1] as unknown as Uint8Array),
    ]) {
      expect(errorOf(run).code).toBe('ERR_INVALID_ARGUMENT');
    }
    out.write(new Uint8Array(0), 4);
  });
});

describe('compiled code', () => {
  onCuda('is loaded from bytes, text, files and what the compiler returns', () => {
    const architecture = addon().codeArchitecture(device);
    const cubin = compileCuda(store(1), { architecture });
    const ptx = compileCuda(store(2), { architecture: 'compute_75', names: ['store'] });
    const [cubinPath, ptxPath] = [join(folder, 'k.cubin'), join(folder, 'k.ptx')];
    writeFileSync(cubinPath, cubin.code);
    writeFileSync(ptxPath, ptx.code);
    const text = Buffer.from(ptx.code).toString();
    const rows = [
      [cubin, 1],
      [cubin.code, 1],
      [cubinPath, 1],
      [pathToFileURL(cubinPath), 1],
      [ptx, 2],
      [ptx.code, 2],
      [text, 2],
      [ptxPath, 2],
    ] as const;
    for (const [source, added] of rows) {
      using module = Module.load(source, { device });
      expect(stored(module, 40)).toBe(40 + added);
    }
  });

  onCuda('for another architecture is refused', () => {
    const own = addon().codeArchitecture(device);
    const architecture = own === 'sm_75' ? 'sm_80' : 'sm_75';
    const { code } = compileCuda(store(0), { architecture });
    const error = errorOf(() => Module.load(code, { device }));
    expect(error.code).toBe('ERR_INPUT_INVALID');
  });

  onCuda('that is broken PTX has the log of the driver', () => {
    const text =
      '.version 7.0\n.target sm_75\n.address_size 64\n.visible .entry k() { nonsense; }\n';
    const error = errorOf(() => Module.load(text, { device }));
    expect(error.code).toBe('ERR_COMPILE_FAILED');
    expect(error.message).toMatch(/ptxas|nonsense|line 4/i);
  });

  onCuda('comes and goes without growing', () => {
    const { code } = compileCuda(store(3), { architecture: addon().codeArchitecture(device) });
    const use = (times: number) => {
      for (let i = 0; i < times; i++) {
        using module = Module.load(code, { device });
        expect(stored(module, i)).toBe(i + 3);
      }
    };
    use(100);
    const before = process.memoryUsage.rss();
    use(500);
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 << 20);
  });
});

describe('Module.compile', () => {
  onCuda('is the same in a thread', async () => {
    const modules = await Promise.all(
      [1, 2, 3].map((added) => Module.compileAsync(store(added), { device })),
    );
    expect(modules.map((module) => stored(module, 5))).toEqual([6, 7, 8]);
    for (const module of modules) module.free();
    await expect(Module.compileAsync('error', { device })).rejects.toMatchObject({
      code: 'ERR_COMPILE_FAILED',
    });
  });

  onCuda('has the warnings', () => {
    using module = Module.compile('__global__ void k() { int unused; }', { device });
    expect(module.log).toContain('unused');
  });
});

describe('a kernel that breaks the device', () => {
  const script = new URL('../helpers/lost-device.mjs', import.meta.url).pathname;
  const errors = (how: string) =>
    JSON.parse(execFileSync(process.execPath, [script, how], { encoding: 'utf8' }));
  const names = {
    address: /cudaErrorIllegalAddress/,
    trap: /cudaErrorLaunchFailure|cudaErrorIllegalInstruction/, // by the driver's version
    misaligned: /cudaErrorMisalignedAddress/,
  };
  for (const [how, name] of Object.entries(names)) {
    onCuda(`${how}: every later call says so, and nothing aborts`, () => {
      const { sync, free, launch, 'the CPU': cpu, ...later } = errors(how);
      expect(launch).toBeNull();
      expect(sync.code).toBe('ERR_DEVICE_LOST');
      expect(sync.message).toMatch(name);
      expect(sync.message).toContain('cannot be used again in this process');
      expect(sync.message).toMatch(/launched since the last wait: kernel bad \(call \d+\)/);
      for (const error of Object.values(later)) {
        expect(error).toMatchObject({
          code: 'ERR_DEVICE_LOST',
          message: expect.stringMatching(name),
        });
      }
      expect(free).toBeNull();
      expect(cpu).toBeNull();
    });
  }
});

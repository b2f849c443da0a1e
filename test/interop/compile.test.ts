/** Compiling CUDA for an architecture, without a GPU. */
import { execFileSync } from 'node:child_process';
import { compileCuda, compileCudaAsync } from 'framelane';
import { describe, expect, it } from 'vitest';
import { addon } from '../../src/native/binding.ts';
import { errorOf } from '../helpers/errors.ts';
import { withCompiler } from '../helpers/nvrtc.ts';

const sm90 = { architecture: 'sm_90' };
const ptx80 = { architecture: 'compute_80' };
const fill = '__global__ void fill(float* to) { to[threadIdx.x] = 1.0f; }';
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe('code', () => {
  withCompiler('for one architecture is an ELF file for CUDA', () => {
    const { code, format, log, wasCached } = compileCuda(fill, sm90);
    expect({ format, log, wasCached }).toEqual({ format: 'cubin', log: '', wasCached: false });
    expect(text(code.subarray(0, 4))).toBe('\x7fELF');
    const machine = Buffer.from(code).readUInt16LE(18);
    expect(machine).toBe(190); // EM_CUDA
    expect(text(code)).toContain('_Z4fillPf');
  });

  withCompiler('for that and later ones is PTX', () => {
    const { code, format } = compileCuda(fill, ptx80);
    expect(format).toBe('ptx');
    expect(text(code)).toContain('.target sm_80');
    expect(text(code)).toContain('.entry _Z4fillPf(');
  });

  withCompiler('has what options define', () => {
    const source = '__global__ void set(int* to) { *to = VALUE; }';
    const { code } = compileCuda(source, { ...ptx80, options: ['-DVALUE=4711'] });
    expect(text(code)).toContain('4711');
  });

  withCompiler('has headers from memory, which include each other', () => {
    const source = '#include "outer.h"\n__global__ void set(int* to) { *to = value(); }';
    const headers = {
      'outer.h': '#include <inner.h>\n__device__ int value() { return INNER; }',
      'inner.h': '#define INNER 8642',
    };
    expect(text(compileCuda(source, { ...ptx80, headers }).code)).toContain('8642');
  });

  withCompiler('has the instances of templates that are named', () => {
    const source = `namespace own { __constant__ float lut[4]; }
      template <class T> __global__ void scale(T* to) { *to *= own::lut[0]; }`;
    const { code, symbols } = compileCuda(source, {
      ...ptx80,
      names: ['scale<float>', 'scale<double>', '&own::lut'],
    });
    // As the C++ ABI decorates them.
    expect(symbols).toEqual({
      'scale<float>': '_Z5scaleIfEvPT_',
      'scale<double>': '_Z5scaleIdEvPT_',
      '&own::lut': '_ZN3own3lutE',
    });
    expect(text(code)).toContain('.entry _Z5scaleIdEvPT_(');
  });

  withCompiler('comes with warnings', () => {
    const { log } = compileCuda('__global__ void k() { int unused; }', sm90);
    expect(log).toContain('module.cu(1): warning');
    expect(log).toContain('"unused"');
  });

  withCompiler('compiles in a thread, many at once', async () => {
    const values = [101, 202, 303, 404, 505, 606];
    const compiled = await Promise.all(
      values.map((value) =>
        compileCudaAsync(`__global__ void set(int* to) { *to = ${value}; }`, ptx80),
      ),
    );
    for (const [index, value] of values.entries()) {
      expect(text(compiled[index]?.code ?? new Uint8Array())).toMatch(new RegExp(`\\b${value}\\b`));
    }
  });
});

describe('an error', () => {
  withCompiler('has line, column, and the line of the source', () => {
    const source = [
      '__global__ void k(int* to) {',
      '  *to = 1;',
      '\tto[1] = missing + 1;',
      '  more();',
      '}',
    ];
    const error = errorOf(() => compileCuda(source.join('\n'), sm90));
    expect(error.code).toBe('ERR_COMPILE_FAILED');
    const lines = [
      'module.cu:3:10: identifier "missing" is undefined (the first of 2 errors; error.log has all)',
      '  \tto[1] = missing + 1;',
      '  \t        ^',
    ];
    expect(error.message).toBe(lines.join('\n'));
    expect(error.log).toContain('module.cu(4): error: identifier "more" is undefined');
  });

  withCompiler('in a thread is the same', async () => {
    const source = '__global__ void k() { return missing; }';
    const { message } = errorOf(() => compileCuda(source, sm90));
    await expect(compileCudaAsync(source, sm90)).rejects.toMatchObject({
      code: 'ERR_COMPILE_FAILED',
      message,
      log: expect.stringContaining('missing'),
    });
  });

  withCompiler('in a header names the header', () => {
    const headers = { 'own.h': '\n#error no such luck' };
    const error = errorOf(() => compileCuda('#include "own.h"', { ...sm90, headers }));
    expect(error.message).toMatch(/^own\.h:2:\d+: #error directive: no such luck/);
  });

  withCompiler('in a name says which', () => {
    const error = errorOf(() => compileCuda(fill, { ...sm90, names: ['fill', 'scale<float>'] }));
    expect(error.message).toMatch(/^names: "scale<float>": identifier "scale" is undefined/);
  });

  withCompiler('in an option is what the compiler says', () => {
    const error = errorOf(() => compileCuda(fill, { ...sm90, options: ['--no-such'] }));
    expect(error.message).toMatch(/^CUDA code: .*--no-such/);
  });

  withCompiler('in an architecture that the compiler does not know', () => {
    const error = errorOf(() => compileCuda(fill, { architecture: 'sm_10' }));
    expect(error).toMatchObject({ code: 'ERR_COMPILE_FAILED' });
    expect(error.message).toContain('--gpu-architecture');
  });

  withCompiler('where the source includes a file of the working directory', () => {
    const headers = { 'own.h': '#include "tsconfig.json"' };
    for (const source of ['#include "tsconfig.json"', '#include "own.h"']) {
      const error = errorOf(() => compileCuda(source, { ...sm90, headers }));
      expect(error.message).toMatch(/:1:\d+: c\w+ not open source file "tsconfig.json"/);
    }
  });
});

describe('arguments', () => {
  const wrong: Readonly<Record<string, () => unknown>> = {
    architecture: () => compileCuda(fill, { architecture: 'hopper' }),
    'headers.own.h': () =>
      compileCuda(fill, { ...sm90, headers: { 'own.h': 1 } as unknown as Record<string, string> }),
    'options[1]': () => compileCuda(fill, { ...sm90, options: ['-w', 1 as unknown as string] }),
    'names[0]': () => compileCuda(fill, { ...sm90, names: [null as unknown as string] }),
    options: () => compileCuda(fill, { ...sm90, options: ['--gpu-architecture=sm_80'] }),
    source: () => compileCuda(1 as unknown as string, sm90),
  };
  for (const [path, run] of Object.entries(wrong)) {
    it(`${path} that is wrong is named`, () => {
      expect(errorOf(run).path).toBe(path);
    });
  }

  withCompiler('text with a zero, where C ends, is refused', () => {
    expect(errorOf(() => compileCuda(`${fill}\0`, sm90)).code).toBe('ERR_INVALID_ARGUMENT');
  });
});

it('a compiler that is missing is an error with a remedy', () => {
  const program = `import { compileCuda } from 'framelane';
    try { compileCuda('', { architecture: 'sm_90' }) } catch (error) { console.log(error.code, error.message) }`;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, FRAMELANE_NVRTC: '/nowhere/libnvrtc.so' },
    encoding: 'utf8',
  });
  expect(out).toMatch(/^ERR_NVRTC_UNAVAILABLE .*\/nowhere\/libnvrtc\.so.*pip install nvidia-cuda/);
});

withCompiler('the compiler tells its version and what it compiles for', () => {
  const { version, capabilities } = addon().codeCompiler();
  expect(version).toMatch(/^1\d\.\d+$/);
  expect(capabilities).toContain(90);
});

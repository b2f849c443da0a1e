/** What the driver would read beyond the end of is refused before it sees it. */
import { compileCuda, Module } from 'framelane';
import { describe, expect, it } from 'vitest';
import { addon } from '../../src/native/binding.ts';
import { errorOf } from '../helpers/errors.ts';
import { withCompiler } from '../helpers/nvrtc.ts';

const format = (bytes: ArrayBufferView) => addon().codeFormat(bytes);
const refusal = (bytes: ArrayBufferView) => errorOf(() => format(bytes)).code;

function fatbin(bodyBytes: number, givenBytes: number): Buffer {
  const bytes = Buffer.alloc(16 + givenBytes);
  bytes.writeUInt32LE(0xba55ed50, 0);
  bytes.writeUInt16LE(1, 4);
  bytes.writeUInt16LE(16, 6);
  bytes.writeBigUInt64LE(BigInt(bodyBytes), 8);
  return bytes;
}

/** An ELF header for CUDA with one section. */
function elf(section: { readonly offset: number; readonly size: number }): Buffer {
  const bytes = Buffer.alloc(64 + 64 + 100);
  bytes.write('\x7fELF\x02', 'latin1');
  bytes.writeUInt16LE(190, 18); // e_machine
  bytes.writeBigUInt64LE(64n, 40); // e_shoff
  bytes.writeUInt16LE(64, 58); // e_shentsize
  bytes.writeUInt16LE(1, 60); // e_shnum
  bytes.writeUInt32LE(1, 64 + 4); // sh_type
  bytes.writeBigUInt64LE(BigInt(section.offset), 64 + 24);
  bytes.writeBigUInt64LE(BigInt(section.size), 64 + 32);
  return bytes;
}

describe('a fatbin', () => {
  it('is known by its first bytes', () => {
    expect(format(fatbin(100, 100))).toBe('fatbin');
  });
  it('may not claim more than there is', () => {
    expect(refusal(fatbin(101, 100))).toBe('ERR_INPUT_TRUNCATED');
    expect(refusal(fatbin(2 ** 52, 100))).toBe('ERR_INPUT_TRUNCATED');
    expect(refusal(fatbin(100, 100).subarray(0, 12))).toBe('ERR_INPUT_TRUNCATED');
  });
});

describe('a cubin', () => {
  it('is an ELF file for CUDA', () => {
    expect(format(elf({ offset: 128, size: 100 }))).toBe('cubin');
    const other = elf({ offset: 128, size: 100 });
    other.writeUInt16LE(62, 18); // x86-64
    expect(refusal(other)).toBe('ERR_INPUT_INVALID');
  });
  it('may not claim more than there is', () => {
    for (const [offset, size] of [
      [128, 101],
      [229, 0],
      [2 ** 52, 1],
      [1, 2 ** 52],
    ] as const) {
      expect(refusal(elf({ offset, size }))).toBe('ERR_INPUT_TRUNCATED');
    }
    for (const length of [4, 63, 64, 127]) {
      expect(refusal(elf({ offset: 128, size: 100 }).subarray(0, length))).toBe(
        'ERR_INPUT_TRUNCATED',
      );
    }
  });
  withCompiler('of the compiler is whole, and any part of it is not', () => {
    const { code } = compileCuda('__global__ void k(int* p) { *p = 1; }', {
      architecture: 'sm_90',
    });
    expect(format(code)).toBe('cubin');
    for (let length = 0; length < code.length; length++) {
      expect(refusal(code.subarray(0, length))).toMatch(/^ERR_INPUT_(INVALID|TRUNCATED)$/);
    }
  });
});

describe('PTX', () => {
  it('is text with a version', () => {
    expect(format(Buffer.from('// made by hand\n.version 8.0\n'))).toBe('ptx');
    expect(format(Buffer.from('/* by\nhand */ .version 8.0\n\0'))).toBe('ptx');
  });
  it('has no zero before its end', () => {
    expect(refusal(Buffer.from('.version 8.0\n\0.target'))).toBe('ERR_INPUT_INVALID');
  });
});

it('anything else is refused', () => {
  const texts = ['', 'hello\n', '// .version 8.0', '/* .version 8.0', '/', 'x .version 8.0'];
  for (const bytes of [...texts.map((text) => Buffer.from(text)), new Float32Array(100)]) {
    expect(refusal(bytes)).toBe('ERR_INPUT_INVALID');
  }
});

describe('Module.load', () => {
  it('refuses what is no code before it needs a device', () => {
    expect(errorOf(() => Module.load(fatbin(101, 100))).code).toBe('ERR_INPUT_TRUNCATED');
    expect(errorOf(() => Module.load(new URL(import.meta.url))).code).toBe('ERR_INPUT_INVALID');
    expect(errorOf(() => Module.load('/nowhere/k.cubin')).code).toBe('ERR_INPUT_NOT_FOUND');
    expect(errorOf(() => Module.load(1 as unknown as string)).code).toBe('ERR_INVALID_ARGUMENT');
  });
  it('refuses the CPU', () => {
    const error = errorOf(() => Module.load(fatbin(100, 100), { device: 'cpu' }));
    expect(error).toMatchObject({ code: 'ERR_DEVICE_UNAVAILABLE', path: 'device' });
    expect(error.message).toContain('cpu');
    expect(errorOf(() => Module.compile('', { device: 'cpu' })).code).toBe(
      'ERR_DEVICE_UNAVAILABLE',
    );
    expect(() => new (addon().ModuleHandle)('cpu', fatbin(100, 100))).toThrow('no CUDA code');
  });
});

/** Compiled code in files: found again, never trusted, never too much. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CompileForOptions, compileCuda, compileCudaAsync } from 'framelane';
import { beforeEach, expect } from 'vitest';
import { addon } from '../../src/native/binding.ts';
import type { CompileJob } from '../../src/native/kernels.ts';
import { temporaryFolder } from '../helpers/files.ts';
import { withCompiler } from '../helpers/nvrtc.ts';

const root = temporaryFolder('compile-cache');
let count = 0;
let folder = '';

beforeEach(() => {
  const parent = join(root, `${count++}`);
  process.env['FRAMELANE_CACHE_DIR'] = parent;
  delete process.env['FRAMELANE_CACHE'];
  folder = join(parent, 'nvrtc');
});

const sm90 = { architecture: 'sm_90' };
const source = '#include "own.h"\n__global__ void set(int* to) { *to = VALUE; }';
const headers = { 'own.h': '#define VALUE 1' };
const entries = () => readdirSync(folder).sort();
const onlyEntry = () => {
  expect(entries()).toHaveLength(1);
  return join(folder, entries()[0] ?? '');
};

withCompiler('the second time it comes from the file', () => {
  const request = { ...sm90, headers, names: ['set'] };
  const first = compileCuda(source, request);
  const second = compileCuda(source, request);
  expect([first.wasCached, second.wasCached]).toEqual([false, true]);
  expect(second).toEqual({ ...first, wasCached: true });
  expect(second.symbols).toEqual({ set: '_Z3setPi' });
  expect(entries()).toHaveLength(1);
});

withCompiler('the file is named by all that the code depends on', () => {
  const { version } = addon().codeCompiler();
  const length = (number: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(number));
    return bytes;
  };
  const field = (text: string) =>
    Buffer.concat([length(Buffer.byteLength(text)), Buffer.from(text)]);
  const keyed = Buffer.concat([
    ...['framelane nvrtc 1\n', version, 'sm_90', source].map(field),
    length(1),
    field('-w'),
    length(1),
    field('own.h'),
    field('#define VALUE 1'),
    length(1),
    field('set'),
  ]);
  compileCuda(source, { ...sm90, headers, options: ['-w'], names: ['set'] });
  expect(entries()).toEqual([createHash('sha256').update(keyed).digest('hex')]);
});

withCompiler('whatever differs is compiled', () => {
  const base: CompileForOptions = { ...sm90, headers };
  const others: readonly (readonly [string, CompileForOptions])[] = [
    [source, base],
    [`${source} `, base],
    [source, { ...base, architecture: 'sm_80' }],
    [source, { ...base, architecture: 'compute_90' }],
    [source, { ...base, headers: { 'own.h': '#define VALUE 2' } }],
    [source, { ...base, headers: { ...headers, 'other.h': '' } }],
    [source, { ...base, options: ['-w'] }],
    [source, { ...base, names: ['set'] }],
  ];
  for (const [text, options] of others) expect(compileCuda(text, options).wasCached).toBe(false);
  for (const [text, options] of others) expect(compileCuda(text, options).wasCached).toBe(true);
  expect(entries()).toHaveLength(others.length);
});

withCompiler('a file that is damaged is compiled and written again', () => {
  const first = compileCuda(source, { ...sm90, headers });
  const path = onlyEntry();
  const whole = readFileSync(path);
  const damaged: Buffer[] = [0, 1, 17, 18, 40, 49, 50, 57, 58, whole.length - 1].map((at) => {
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes;
  });
  for (const length of [0, 5, 20, 49, 50, 60, whole.length >> 1, whole.length - 1]) {
    damaged.push(whole.subarray(0, length));
  }
  damaged.push(Buffer.concat([whole, Buffer.from([0])]));
  for (const bytes of damaged) {
    writeFileSync(path, bytes);
    const again = compileCuda(source, { ...sm90, headers });
    expect(again.wasCached).toBe(false);
    expect(again.code).toEqual(first.code);
    expect(readFileSync(path)).toEqual(whole);
  }
});

withCompiler('many at once leave one whole file', async () => {
  const compiled = await Promise.all(
    Array.from({ length: 8 }, () => compileCudaAsync(source, { ...sm90, headers })),
  );
  for (const { code } of compiled) expect(code).toEqual(compiled[0]?.code);
  onlyEntry();
  expect(compileCuda(source, { ...sm90, headers }).wasCached).toBe(true);
});

withCompiler('a folder that cannot be made is no error', () => {
  mkdirSync(root, { recursive: true });
  const file = join(root, 'a-file');
  writeFileSync(file, '');
  process.env['FRAMELANE_CACHE_DIR'] = file;
  expect(compileCuda(source, { ...sm90, headers }).wasCached).toBe(false);
  expect(compileCuda(source, { ...sm90, headers }).wasCached).toBe(false);
  expect(readFileSync(file)).toHaveLength(0);
});

withCompiler('FRAMELANE_CACHE=off keeps nothing', () => {
  process.env['FRAMELANE_CACHE'] = 'off';
  compileCuda(source, { ...sm90, headers });
  expect(() => readdirSync(folder)).toThrow('ENOENT');
});

withCompiler('without FRAMELANE_CACHE_DIR it is in the folder of the XDG specification', () => {
  delete process.env['FRAMELANE_CACHE_DIR'];
  const before = process.env['XDG_CACHE_HOME'];
  const home = join(root, 'xdg');
  process.env['XDG_CACHE_HOME'] = home;
  try {
    compileCuda(source, { ...sm90, headers });
    expect(readdirSync(join(home, 'framelane/nvrtc'))).toHaveLength(1);
  } finally {
    if (before === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = before;
  }
});

withCompiler('source that may include files is compiled each time', () => {
  const own = join(root, 'include');
  mkdirSync(own, { recursive: true });
  const compile = () => compileCuda(source, { ...sm90, options: [`-I${own}`] });
  writeFileSync(join(own, 'own.h'), '#define VALUE 1');
  const one = compile();
  writeFileSync(join(own, 'own.h'), '#define VALUE 2');
  const two = compile();
  expect([one.wasCached, two.wasCached]).toEqual([false, false]);
  expect(two.code).not.toEqual(one.code);
});

withCompiler('beyond the limit, those that were not used for the longest time go', () => {
  const job = (value: number): CompileJob => ({
    source: `__global__ void set(int* to) { *to = ${value}; }`,
    architecture: 'sm_90',
    options: [],
    headerNames: [],
    headerTexts: [],
    names: [],
    cacheFolder: folder,
    cacheBytes: 1e9,
  });
  const made: string[] = [];
  for (const value of [1, 2, 3, 4]) {
    addon().compileCode(job(value));
    const path = entries().find((name) => !made.includes(name)) ?? '';
    made.push(path);
    utimesSync(join(folder, path), value, value);
  }
  const bytes = statSync(join(folder, made[0] ?? '')).size;
  expect(addon().compileCode(job(1))).toMatchObject({ wasCached: true }); // used now
  // Room for three, whose sizes differ a little: the new one, the first, and the latest of the others.
  addon().compileCode({ ...job(5), cacheBytes: Math.floor(bytes * 3.5) });
  const left = entries();
  expect(left).toHaveLength(3);
  expect(left).toEqual(expect.arrayContaining([made[0], made[3]]));
});

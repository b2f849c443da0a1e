import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { missingTool } from '../src/setup/native.mjs';
import { bundledPrograms, makeExecutable, packagesAreCurrent } from '../src/setup/packages.mjs';
import { lastLines, run, which } from '../src/setup/run.mjs';
import { hashOf, readStamp, writeStamp } from '../src/setup/stamp.mjs';
import { removeOrphans } from '../src/setup/typescript.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'framelane-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (path: string, text = '') => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

describe('stamps', () => {
  it('change with content, names and facts, not with times', () => {
    write('src/a.ts', 'a');
    write('src/deep/b.ts', 'b');
    const hash = () => hashOf(root, ['src', 'absent.json'], ['fact']);
    const before = hash();
    write('src/a.ts', 'a');
    expect(hash()).toBe(before);
    expect(hashOf(root, ['src'], ['another'])).not.toBe(before);
    write('src/deep/b.ts', 'c');
    expect(hash()).not.toBe(before);
    write('src/deep/b.ts', 'b');
    write('absent.json', '{}');
    expect(hash()).not.toBe(before);
  });

  it('are read back, empty where there is none', () => {
    const file = join(root, 'dist/.stamp');
    expect(readStamp(file)).toBe('');
    writeStamp(file, 'x');
    expect(readStamp(file)).toBe('x');
  });
});

describe('packages', () => {
  const lock = (packages: object) => JSON.stringify({ packages });
  const a = { version: '1.0.0' };

  it('are current when every wanted one is there', () => {
    expect(packagesAreCurrent(root), 'installed from a registry').toBe(true);
    write(
      'package-lock.json',
      lock({ '': {}, 'node_modules/a': a, 'node_modules/mac': { ...a, optional: true } }),
    );
    expect(packagesAreCurrent(root)).toBe(false);
    write('node_modules/.package-lock.json', lock({ 'node_modules/a': a }));
    expect(packagesAreCurrent(root)).toBe(true);
    write('node_modules/.package-lock.json', lock({ 'node_modules/a': { version: '0.9.0' } }));
    expect(packagesAreCurrent(root)).toBe(false);
    write('node_modules/.package-lock.json', lock({}));
    expect(packagesAreCurrent(root)).toBe(false);
  });

  it('get the x bits that install scripts would have given', () => {
    write('node_modules/@ffmpeg-installer/linux-x64/ffmpeg');
    write('node_modules/@ffmpeg-installer/ffmpeg/index.js');
    write('node_modules/@esbuild/linux-x64/bin/esbuild');
    const programs = bundledPrograms(join(root, 'node_modules'));
    expect(programs).toHaveLength(2);
    for (const program of programs) makeExecutable(program);
    for (const program of programs) expect(statSync(program).mode & 0o111).toBe(0o111);
  });
});

describe('programs', () => {
  it('are found on PATH when they can run', () => {
    write('bin/tool', '');
    const path = `/nowhere::${join(root, 'bin')}`;
    expect(which('tool', path)).toBeUndefined();
    chmodSync(join(root, 'bin/tool'), 0o755);
    expect(which('tool', path)).toBe(join(root, 'bin/tool'));
  });

  it.each([
    [['cmake', 'g++', 'make'], undefined],
    [['cmake', 'clang++', 'ninja'], undefined],
    [['g++', 'make'], 'the native addon needs cmake: apt-get install -y cmake'],
    [
      [],
      'the native addon needs cmake and a C++ compiler and make or ninja: apt-get install -y cmake g++ make',
    ],
  ])('with %j', (present, message) => {
    expect(missingTool((program: string) => present.includes(program))).toBe(message);
  });

  it('that fail show the last lines of what they said', async () => {
    const script = 'for (let i = 0; i < 99; i++) console.log(i); process.exit(3)';
    const failing = run(process.execPath, ['-e', script], { cwd: root });
    await expect(failing).rejects.toThrow(/failed with exit code 3\n59\n60\n/);
    await expect(run('no-such-program', [], { cwd: root })).rejects.toThrow(
      /no-such-program does not start/,
    );
    expect(lastLines('a\nb\nc\n', 2)).toBe('b\nc');
  });
});

it('what was compiled from a removed source goes', () => {
  for (const path of [
    'src/a.ts',
    'dist/a.js',
    'dist/a.d.ts',
    'dist/old.js',
    'dist/old.js.map',
    'dist/.stamp',
    'dist/bench/main.js',
  ]) {
    write(path);
  }
  removeOrphans(join(root, 'src'), join(root, 'dist'));
  const exists = (path: string) =>
    statSync(join(root, path), { throwIfNoEntry: false }) !== undefined;
  expect(
    ['a.js', 'a.d.ts', '.stamp', 'bench/main.js'].map((name) => exists(`dist/${name}`)),
  ).toEqual([true, true, true, true]);
  expect(['old.js', 'old.js.map'].map((name) => exists(`dist/${name}`))).toEqual([false, false]);
});

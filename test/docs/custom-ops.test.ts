/** docs/custom-ops.md: its texts compile, its error is the real one, and it names every function. */
import { readFileSync } from 'node:fs';
import { compileCuda } from 'framelane';
import { expect, it } from 'vitest';
import { compileText } from '../../src/custom/compile.ts';
import { functions } from '../../src/custom/functions.ts';
import { kernelSource } from '../../src/custom/kernel-source.ts';
import type { TextParameter } from '../../src/custom/lower.ts';
import { errorOf } from '../helpers/errors.ts';
import { withCompiler } from '../helpers/nvrtc.ts';

const page = readFileSync('docs/custom-ops.md', 'utf8');
const blocks = [...page.matchAll(/```(\w*)\n([\s\S]*?)```/g)].map(([, kind, text = '']) => ({
  kind,
  text,
}));

const parameters: readonly TextParameter[] = [
  ...(['amount', 'limit', 'strength'] as const).map((name) => ({ name, type: 'float' }) as const),
  { name: 'tint', type: 'vec4' },
];
const compile = (text: string, radius = 0) =>
  compileText({ name: 'fade', text }, parameters, radius);

it('the texts compile', () => {
  const whole = blocks.filter(({ kind }) => kind === 'c').map(({ text }) => text);
  const inDefinitions = blocks
    .filter(({ kind }) => kind === 'ts')
    .flatMap(({ text }) => [...text.matchAll(/pixel: '([^']*)'/g)].map(([, pixel = '']) => pixel));
  expect([whole.length, inDefinitions.length]).toEqual([1, 3]);
  for (const text of [...whole, ...inDefinitions]) {
    expect(compile(text, 1).instructions, text).toBeGreaterThan(0);
  }
});

withCompiler('the kernel compiles', () => {
  const [, kernel = ''] = /kernel: `([^`]*)`/.exec(page) ?? [];
  const params = {
    length: { kind: 'integer', doc: '' },
    tint: { kind: 'color', doc: '' },
  } as const;
  const source = kernelSource('smear', params, kernel);
  expect(compileCuda(source, { architecture: 'compute_80' }).log).toBe('');
});

it('the error is what a misspelt option gives', () => {
  const shown = blocks.find(({ text }) => text.startsWith('fade: pixel'))?.text.trimEnd() ?? '';
  const [, line = ''] = shown.split('\n');
  const received = errorOf(() => compile(line.trim())).message;
  expect(received.replace(/(expected one of c, x, y), .*/, '$1, …')).toBe(shown);
});

it('names every function', () => {
  const types = ['float', 'bool', 'vec2', 'vec3', 'vec4'];
  for (const [name] of functions) {
    if (types.includes(name)) expect(page).toContain(name);
    else expect(page).toContain(`\`${name}(`);
  }
});

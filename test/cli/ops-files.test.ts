/** `--ops my-ops.mjs`: operations of the user's own on the command line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { framelane } from '../helpers/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'framelane-'));
const file = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const entry = new URL('../../dist/index.js', import.meta.url).href;
const head = `import { defineOp, defineStencilOp } from ${JSON.stringify(entry)};`;

beforeAll(async () => {
  const pixels = { create: { width: 8, height: 6, channels: 3, background: '#204060' } } as const;
  await sharp(pixels).png().toFile(file('in.png'));
  const texts = {
    'ops.mjs': `${head}
      defineOp({ name: 'halve', doc: 'Divides.', params: { by: { type: 'number', default: 2, min: 1, doc: 'How much.' } },
        pixel: 'c.rgb /= by' });`,
    'more.mjs': `${head} defineStencilOp({ name: 'shift', radius: 1, pixel: 'c = at(1, 0)' });`,
    'wrong.mjs': `${head} defineOp({ name: 'bad', pixel: 'c.r = smoth(1.0)' });`,
    'throws.mjs': 'throw new Error("not today");',
    'syntax.mjs': 'const = 1;',
    'none.mjs': 'export const nothing = 1;',
    'look.json': JSON.stringify({ stages: [{ op: 'halve', by: 4 }, { op: 'shift' }] }),
  };
  for (const [name, text] of Object.entries(texts)) writeFileSync(file(name), text);
});

const both = () => ['--ops', file('ops.mjs'), '--ops', file('more.mjs')];

describe('--ops', () => {
  it('lets check validate a pipeline with them', async () => {
    const without = await framelane(['check', file('look.json')]);
    expect(without.code).toBe(2);
    expect(without.stderr).toContain(
      'stages[0].op: expected the name of an operation, received "halve"',
    );
    const { code, stdout } = await framelane(['check', file('look.json'), ...both()]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/0 {2}halve {2}by=4\n {2}1 {2}shift\n$/);
  });

  it('lets run use them', async () => {
    const output = file('out.png');
    const args = ['run', file('look.json'), '-i', file('in.png'), '-o', output, '--device', 'cpu'];
    const { code, stderr } = await framelane([...args, ...both()]);
    expect([code, stderr]).toEqual([0, '']);
    const pixels = await sharp(output).removeAlpha().raw().toBuffer();
    expect([...pixels.subarray(0, 3)]).toEqual([8, 16, 24]);
  });

  it('lets batches use them', async () => {
    const args = ['run', file('look.json'), '-i', file('in.png'), '-o', file('{name}-batch.png')];
    const { code } = await framelane([...args, '--device', 'cpu', ...both()]);
    expect(code).toBe(0);
    const pixels = await sharp(file('in-batch.png')).removeAlpha().raw().toBuffer();
    expect([...pixels.subarray(0, 3)]).toEqual([8, 16, 24]);
  });

  it('lets ops and schema list them', async () => {
    const list = await framelane(['ops', ...both()]);
    expect(list.stdout).toMatch(/^ {2}halve +Custom +Divides\.$/m);
    const one = await framelane(['ops', 'halve', ...both()]);
    expect(one.stdout).toMatch(/^ {2}by {2}2 {2}How much\. A number of at least 1\.$/m);
    const { stdout } = await framelane(['schema', ...both()]);
    expect(Object.keys(JSON.parse(stdout).$defs)).toEqual(
      expect.arrayContaining(['custom.halve', 'custom.shift', 'brightness']),
    );
  });

  it('lets preview play them', async () => {
    const { code, stderr } = await framelane([
      ...['preview', file('look.json'), '-i', 'generate:16x16@25', '--window', 'headless'],
      ...['--no-audio', '--frames', '2', '--device', 'cpu', ...both()],
    ]);
    expect(stderr).not.toContain('halve');
    expect(code).toBe(0);
  });

  it.each([
    ['wrong.mjs', /--ops \S+wrong\.mjs: bad: pixel, line 1, column 7: unknown function "smoth"/],
    ['throws.mjs', /--ops \S+throws\.mjs: not today/],
    ['syntax.mjs', /--ops \S+syntax\.mjs: Unexpected token '='/],
    [
      'none.mjs',
      /--ops \S+none\.mjs: expected a module that calls defineOp of \S+index\.js, received one that does not/,
    ],
    ['missing.mjs', /--ops \S+missing\.mjs: expected a module, received no file/],
  ])('names %s in its error', async (name, message) => {
    const { code, stdout, stderr } = await framelane([
      'check',
      file('look.json'),
      '--ops',
      file(name),
    ]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

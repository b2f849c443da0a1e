import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ops } from '../../src/ops/index.ts';
import { events, framelane } from '../helpers/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'framelane-'));
const picture = join(folder, 'in.png');
const look = join(folder, 'look.json');
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  const gray = { create: { width: 8, height: 6, channels: 3, background: '#336699' } } as const;
  await sharp(gray).png().toFile(picture);
  writeFileSync(
    look,
    JSON.stringify({
      description: 'A test.',
      variables: { strength: { type: 'number', default: 1, description: 'How much.' } },
      stages: [{ op: 'invert' }, { op: 'contrast', factor: '${strength}' }],
    }),
  );
});

const output = (name: string) => join(folder, name);
const run = (target: string, ...more: string[]) =>
  framelane(['run', look, '-i', picture, '-o', output(target), '--device', 'cpu', ...more]);

describe('help', () => {
  it('goes to stdout and names every command', async () => {
    const { code, stdout, stderr } = await framelane(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    for (const command of ['run', 'check', 'probe', 'ops', 'schema', 'doctor']) {
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
    expect(stdout).toContain('Examples:');
  });

  it('of a command has examples', async () => {
    const { code, stdout } = await framelane(['run', '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('$ framelane run pipelines/vintage.json -i clip.mp4 -o out.mp4');
  });

  it('--version is the version of the package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await framelane(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('usage errors end with 2 and write nothing to stdout', () => {
  it.each([
    [['runn'], /unknown command 'runn'\n\(Did you mean run\?\)/],
    [
      ['run', 'x.json', '-i', 'a.mp4', '-o', 'b.mp4', '--ovrwrite'],
      /unknown option '--ovrwrite'\n\(Did you mean --overwrite\?\)/,
    ],
    [['run', 'x.json'], /required option '-i, --input <file\.\.\.>' not specified/],
    [
      ['run', 'x.json', '-i', 'a.mp4', '-o', 'b.mp4'],
      /^framelane: pipeline x\.json: no such file\n$/,
    ],
    [
      ['run', 'x.json', '-i', 'a.mp4', '-o', 'b.mp4', '--from', 'soon'],
      /argument 'soon' is invalid\. Expected a time/,
    ],
    [['ops', 'gausianBlur'], /received "gausianBlur" \(did you mean "gaussianBlur"\?\)\n$/],
    [
      ['check', 'pipelines/vintage.json', '--set', 'strength'],
      /^framelane: --set: expected name=value, received "strength"\n$/,
    ],
    [
      ['check', 'pipelines/vintage.json', '--set', 'strengh=1'],
      /no variable "strengh" \(did you mean "strength"\?\); it has strength\n$/,
    ],
    [
      ['check', 'pipelines/vintage.json', '--size', 'big'],
      /--size: expected WIDTHxHEIGHT such as 1920x1080, received "big"\n$/,
    ],
    [[], /Usage: framelane/],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await framelane(args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
    if (!args.includes('--size')) expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('what needs no addon', () => {
  const env = { FRAMELANE_ADDON: '/nowhere/framelane.node' };

  it('ops lists every operation and shows one', async () => {
    const { code, stdout } = await framelane(['ops'], { env });
    expect(code).toBe(0);
    for (const name of Object.keys(ops)) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    const one = await framelane(['ops', 'vignette'], { env });
    expect(one.stdout).toMatch(
      /^vignette: Fades .*\n.*\n {2}radius +0\.9 +The distance .* A number of at least 0\.\n/s,
    );
  });

  it('schema prints the schema, ops --markdown the reference', async () => {
    const schema = await framelane(['schema'], { env });
    expect(schema.stdout).toBe(readFileSync('pipelines/schema/pipeline.schema.json', 'utf8'));
    const reference = await framelane(['ops', '--markdown'], { env });
    expect(reference.stdout).toBe(readFileSync('docs/ops.md', 'utf8'));
  });

  it('check prints variables and stages', async () => {
    const { code, stdout } = await framelane(['check', look, '--set', 'strength=1.5'], { env });
    expect(code).toBe(0);
    expect(stdout).toBe(
      `${look}: valid. A test.\n\nVariables\n  strength  number  1  How much.\n\nStages\n  0  invert\n  1  contrast  factor=1.5\n`,
    );
  });

  it('check --size says so without the addon', async () => {
    const { code, stdout, stderr } = await framelane(['check', look, '--size', '64x64'], { env });
    expect(code).toBe(0);
    expect(stdout).toContain('Stages');
    expect(stderr).toMatch(/^no plan: the native addon is not built/);
  });
});

it('check --size prints the passes', async () => {
  const { code, stdout } = await framelane(['check', look, '--size', '64x64', '--device', 'cpu']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/\n\nPlan for 64x64 yuv420p on cpu\n {2}yuv420p 64x64 -> .*\n$/);
});

describe('pictures', () => {
  it('are read, changed and written', async () => {
    const { code, stdout, stderr } = await run('out.png');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/out\.png: done in \d+\.\d\d s on cpu\n$/);
    const { data, info } = await sharp(output('out.png'))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 8, height: 6 });
    expect([...data.subarray(0, 3)]).toEqual([0xcc, 0x99, 0x66]);
  });

  it('are not replaced without --overwrite', async () => {
    await run('twice.png');
    const again = await run('twice.png');
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toMatch(
      /^framelane: .*twice\.png: already exists; set overwrite to replace it\n$/,
    );
    expect((await run('twice.png', '--overwrite')).code).toBe(0);
  });

  it('report as JSON', async () => {
    const { code, stdout, stderr } = await run('json.webp', '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(events(stdout)).toEqual([
      {
        event: 'done',
        output: output('json.webp'),
        frames: 1,
        device: 'cpu',
        seconds: expect.any(Number),
        fps: expect.any(Number),
      },
    ]);
  });

  it('say nothing under --quiet', async () => {
    expect(await run('quiet.jpg', '--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('do not mix with videos', async () => {
    expect(await run('out.mp4')).toMatchObject({ code: 2, stdout: '' });
    const { code, stderr } = await run('crf.png', '--crf', '20');
    expect([code, stderr]).toEqual([
      2,
      'framelane: --crf: applies to videos only, but the input is a picture\n',
    ]);
  });
});

describe('errors', () => {
  it('under --json are an event on stdout', async () => {
    const usage = await framelane(['run', '--json']);
    expect(usage).toMatchObject({ code: 2, stderr: '' });
    expect(events(usage.stdout)).toEqual([
      {
        event: 'error',
        code: 'ERR_USAGE',
        message: "required option '-i, --input <file...>' not specified",
      },
    ]);
    const missing = await framelane(['probe', '--json', join(folder, 'none.mp4')]);
    expect(missing).toMatchObject({ code: 1, stderr: '' });
    expect(events(missing.stdout)).toMatchObject([{ event: 'error', code: 'ERR_INPUT_NOT_FOUND' }]);
  });

  it('have their stack when asked for', async () => {
    const { stderr } = await framelane(['ops', 'x'], { env: { FRAMELANE_DEBUG: '1' } });
    expect(stderr).toMatch(/^ +at findOp/m);
  });

  it('name a device that is not there', async () => {
    const { code, stderr } = await run('gpu.png', '--device', 'cuda:77');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^framelane: device cuda:77 is not available: /);
  });
});

it('doctor says what is there and what to do about the rest', async () => {
  const { code, stdout } = await framelane(['doctor']);
  expect(code).toBe(0);
  for (const name of [
    'node',
    'addon',
    'cpu',
    'ffmpeg',
    'encoders',
    'ffprobe',
    'window system',
    'window raub',
    'window headless',
  ]) {
    expect(stdout).toMatch(new RegExp(`^(ok|missing) +${name} `, 'm'));
  }
  const lines = stdout.trimEnd().split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('missing')) expect(lines[index + 1]).toMatch(/^ +-> ./);
  }
});

it('doctor fails when something essential is missing', async () => {
  const { code, stdout } = await framelane(['doctor'], {
    env: { FRAMELANE_ADDON: '/nowhere/framelane.node' },
  });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^missing {2}addon .*\n +-> npm run build:native$/m);
});

/** .cube files and look-ups: the parser, FFmpeg's lut3d and lut1d, maps that another operation makes, and every way in. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Adjust,
  apply,
  FramelaneError,
  Lut,
  loadLut,
  pipeline,
  prepareStages,
  readPipeline,
} from 'framelane';
import { afterAll, describe, expect, it } from 'vitest';
import { cubeData } from '../../src/lut/cube-file.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import {
  describeWorst,
  makeImage,
  maxDifference,
  pixelsFrom,
  samplesOf,
} from '../helpers/image.ts';
import { ffmpegFilter } from '../helpers/programs.ts';
import { expectSameSamples, imageFrom, pixelsIn, samplesIn } from '../helpers/run.ts';

type Rgb = readonly [number, number, number];

const folder = mkdtempSync(join(tmpdir(), 'framelane-lut-'));
afterAll(() => rmSync(folder, { recursive: true }));

function writeCube(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const cubeText = (size: number, color: (at: Rgb) => Rgb, head = '') => {
  const rows = Array.from({ length: size ** 3 }, (_, i) => {
    const at = [i % size, Math.floor(i / size) % size, Math.floor(i / size ** 2)];
    return color(at.map((n) => n / (size - 1)) as unknown as Rgb).join(' ');
  });
  return `${head}LUT_3D_SIZE ${size}\n${rows.join('\n')}\n`;
};

const bent = ([r, g, b]: Rgb): Rgb => [
  r ** 1.6 * (1 - 0.3 * b),
  0.8 * g + 0.2 * r * b,
  Math.sqrt(b),
];
const corners = '0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n1 1 1\n';
const size = { width: 64, height: 48 };
const picture = makeImage(size, { element: 'u8', opaque: true });

const parseCube = (text: string, path: string) => new Lut(cubeData(text, path));

describe('a .cube file', () => {
  it('reads title, domain, comments, CRLF, blank lines, signs and exponents', () => {
    const lines = [
      '# made by hand',
      'TITLE "A look"',
      'DOMAIN_MIN -1 0 .5',
      'DOMAIN_MAX 1 2 1e0',
      '',
    ];
    const text = `\ufeff${[...lines, 'LUT_1D_SIZE 2', '\t+1.5e-1  -2 3.', '# and', ' 1 2 3'].join('\r\n')}`;
    const lut = parseCube(text, 'x.cube');
    expect(lut).toMatchObject({ title: 'A look', dimensions: 1, size: 2 });
    expect([lut.domainMin, lut.domainMax]).toEqual([
      [-1, 0, 0.5],
      [1, 2, 1],
    ]);
    expect([...lut.entries]).toEqual([Math.fround(0.15), -2, 3, 1, 2, 3]);
  });

  it('takes the input range of DaVinci Resolve for a domain', () => {
    const lut = parseCube(`LUT_3D_INPUT_RANGE -0.5 1.5\nLUT_3D_SIZE 2\n${corners}`, 'x.cube');
    expect([lut.domainMin, lut.domainMax]).toEqual([
      [-0.5, -0.5, -0.5],
      [1.5, 1.5, 1.5],
    ]);
  });

  it.each([
    ['', 'x.cube:0: expected LUT_3D_SIZE or LUT_1D_SIZE, received the end of the file'],
    [
      '0 0 0',
      'x.cube:1: expected LUT_3D_SIZE or LUT_1D_SIZE before the table, received something else',
    ],
    [
      'LUT_3D_SIZE 256\n0 0 0\n',
      'expected 256 x 256 x 256 rows, received the end of the file after 1',
    ],
    [`LUT_3D_SIZE 2\n${'0'.repeat(251)}`, 'x.cube:2: expected a line of at most 250 characters'],
    ['\nLUT_3D_SIZE 257', 'x.cube:2: expected an integer from 2 to 256, received "257"'],
    ['LUT_3D_SIZE 1', 'x.cube:1: expected an integer from 2 to 256, received "1"'],
    ['LUT_3D_SIZE', 'x.cube:1: expected an integer from 2 to 256, received ""'],
    ['LUT_3D_SIZE 2 2', 'x.cube:1: expected an integer from 2 to 256, received "2 2"'],
    ['LUT_1D_SIZE 65537', 'x.cube:1: expected an integer from 2 to 65536, received "65537"'],
    ['LUT_3D_SIZE 2\nLUT_3D_SIZE 2', 'x.cube:2: expected LUT_3D_SIZE once, received a second one'],
    ['LUT_1D_SIZE 2\nLUT_3D_SIZE 2', 'x.cube:2: expected one table, received both'],
    ['TITLE film', 'x.cube:1: expected a title in quotes, received something else'],
    ['root:$6$x:19000', 'LUT_3D_SIZE or a row of the table, received something else'],
    ['LUT_1D_SIZE 2\nGAMMA 2', 'LUT_3D_SIZE or a row of the table, received "GAMMA"'],
    ['DOMAIN_MIN 0 0', 'x.cube:1: expected three numbers, received "0 0"'],
    ['LUT_3D_SIZE 2\n0 0 0\n0 0 x', 'x.cube:3: expected three numbers, received "0 0 x"'],
    ['LUT_3D_SIZE 2\n0 0 0 0', 'x.cube:2: expected three numbers, received "0 0 0 0"'],
    ['LUT_3D_SIZE 2\n0 0 1e99', 'x.cube:2: expected three numbers, received "0 0 1e99"'],
    ['LUT_3D_SIZE 2\n0 0 0x1', 'x.cube:2: expected three numbers, received "0 0 0x1"'],
    ['LUT_3D_SIZE 2\n0 0 0\n', 'expected 2 x 2 x 2 rows, received the end of the file after 1'],
    [`LUT_3D_SIZE 2\n${corners}1 1 1`, 'x.cube:10: expected the end after 2 x 2 x 2 rows'],
    ['LUT_1D_SIZE 2\n0 0 0\nTITLE "x"', 'x.cube:3: expected a row of the table, received "TITLE'],
    [
      'DOMAIN_MAX 1 0 1\nLUT_1D_SIZE 2\n0 0 0\n1 1 1',
      'x.cube:1: expected a domain whose maximum is above its minimum, received [0, 0, 0] to [1, 0, 1]',
    ],
  ])('refuses %j', (text, message) => {
    const error = errorOf(() => parseCube(text, 'x.cube'));
    expect(error.code).toBe('ERR_INPUT_INVALID');
    expect(error.message).toContain(message);
  });

  it('says which file is missing or cannot be read', async () => {
    await expect(loadLut(join(folder, 'no.cube'))).rejects.toMatchObject({
      code: 'ERR_INPUT_NOT_FOUND',
    });
    await expect(loadLut(folder)).rejects.toMatchObject({ code: 'ERR_INPUT_INVALID' });
  });
});

it.each([
  [{ size: 2, dimensions: 2, entries: [] }, 'dimensions'],
  [{ size: 1.5, entries: [] }, 'size'],
  [{ size: 2, entries: [0, 0, 0] }, 'entries'],
  [{ size: 2, dimensions: 1, entries: [0, 0, 0, 0, Number.NaN, 0] }, 'entries[4]'],
  [{ size: 2, dimensions: 1, entries: [0, 0, 0, 1, 1, 1], domainMin: [0, 1, 0] }, 'domainMax'],
  [{ size: 2, dimensions: 1, entries: [0, 0, 0, 1, 1, 1], domainMax: 1 }, 'domainMax'],
  [undefined, 'size'],
])('a Lut of %j is refused', (data, path) => {
  const error = errorOf(() => new Lut(data as never));
  expect([error.code, error.path]).toEqual(['ERR_INVALID_ARGUMENT', path]);
});

describe('against FFmpeg', () => {
  it.each(['tetrahedral', 'trilinear'] as const)('%s is its lut3d', async (interpolation) => {
    const path = writeCube('bent.cube', cubeText(17, bent));
    const filter = `format=rgba,lut3d=file=${path}:interp=${interpolation}`;
    const theirs = pixelsFrom(
      size,
      ffmpegFilter(samplesOf(picture, 'u8') as Uint8Array, size, filter),
    );
    using image = imageFrom(picture, 'f32', 'cpu');
    Adjust.lut3d(image, await loadLut(path), { interpolation });
    const worst = maxDifference(theirs, pixelsIn(image), { tolerance: 1.01 / 255 });
    expect(worst.excess, describeWorst(worst)).toBeLessThanOrEqual(1);
  });

  it('a 1-D table is its lut1d', async () => {
    const rows = Array.from({ length: 33 }, (_, i) => bent([i / 32, i / 32, i / 32]).join(' '));
    const path = writeCube('curve.cube', `LUT_1D_SIZE 33\n${rows.join('\n')}\n`);
    const filter = `format=rgba,lut1d=file=${path}:interp=linear`;
    const theirs = pixelsFrom(
      size,
      ffmpegFilter(samplesOf(picture, 'u8') as Uint8Array, size, filter),
    );
    using image = imageFrom(picture, 'f32', 'cpu');
    Adjust.lut3d(image, await loadLut(path));
    const worst = maxDifference(theirs, pixelsIn(image), { tolerance: 1.01 / 255 });
    expect(worst.excess, describeWorst(worst)).toBeLessThanOrEqual(1);
  });
});

const identity = (lutSize: number) =>
  parseCube(
    cubeText(lutSize, (at) => at),
    'identity',
  );

for (const interpolation of ['tetrahedral', 'trilinear'] as const) {
  onEachDevice(`the identity keeps every byte, ${interpolation}`, (device) => {
    using image = imageFrom(picture, 'u8', device);
    Adjust.lut3d(image, identity(33), { interpolation });
    expectSameSamples(samplesIn(image), samplesOf(picture, 'u8'));
  });

  onEachDevice(`a table of an affine map is that map, ${interpolation}`, (device) => {
    using image = imageFrom(picture, 'f32', device);
    using expected = apply(pipeline().contrast(0.7).brightness(0.1), image);
    const map = (c: number) => 0.7 * (c - 0.5) + 0.6;
    const text = cubeText(5, ([r, g, b]) => [map(r), map(g), map(b)]);
    Adjust.lut3d(image, parseCube(text, 'affine'), { interpolation });
    const worst = maxDifference(pixelsIn(expected), pixelsIn(image), { tolerance: 2e-6 });
    expect(worst.excess, describeWorst(worst)).toBeLessThanOrEqual(1);
  });
}

onEachDevice('the largest tables', (device) => {
  const entries = Float32Array.from({ length: 3 * 65536 }, (_, i) => Math.floor(i / 3) / 65535);
  const lut = new Lut({ dimensions: 1, size: 65536, entries });
  using image = imageFrom(picture, 'u8', device);
  Adjust.lut3d(image, lut);
  expectSameSamples(samplesIn(image), samplesOf(picture, 'u8'));
});

onEachDevice('no number is looked up outside the table', (device) => {
  const strange = [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    1e38,
    -1e38,
    2,
    -1,
  ];
  const pixels = { width: strange.length, height: 1, data: new Float64Array(strange.length * 4) };
  for (const [i, value] of strange.entries()) pixels.data.fill(value, 4 * i, 4 * i + 3);
  using image = imageFrom(pixels, 'f32', device);
  Adjust.lut3d(image, identity(9), { strength: 1 });
  const finite = pixelsIn(image).data.filter((_, i) => i >= 4 * 5 && i % 4 < 3);
  expect([...finite].map((v) => Math.min(1, Math.max(0, v)))).toEqual([1, 1, 1, 0, 0, 0]);
});

describe('ways in', () => {
  const path = writeCube('look.cube', cubeText(3, bent));
  const file = (stage: object, variables = {}) => {
    const name = join(folder, `${Math.random()}.json`);
    writeFileSync(name, JSON.stringify({ variables, stages: [{ op: 'lut3d', ...stage }] }));
    return name;
  };

  it('a path in a pipeline file is relative to the file, also as a variable', async () => {
    const variables = { look: { type: 'lut', default: 'look.cube' } };
    for (const name of [file({ lut: 'look.cube' }), file({ lut: '${look}' }, variables)]) {
      const look = await readPipeline(name);
      expect(look.stages).toEqual([
        { op: 'lut3d', lut: path, interpolation: 'tetrahedral', strength: 1 },
      ]);
      expect(pipeline(JSON.parse(JSON.stringify(look)).stages).stages).toEqual(look.stages);
    }
  });

  it('prepared stages do what the immediate call does', async () => {
    using image = imageFrom(picture, 'u8', 'cpu');
    using prepared = await prepareStages(await readPipeline(file({ lut: 'look.cube' })), 'cpu');
    expect(prepared.stages).toHaveLength(1);
    using expected = apply(pipeline().lut3d(await loadLut(path)), image);
    Adjust.lut3d(image, { lut: await loadLut(path), strength: 1 });
    expectSameSamples(samplesIn(image), samplesIn(expected));
  });

  it('a missing or malformed file is named', async () => {
    const missing = readPipeline(file({ lut: 'none.cube' }));
    await expect(missing).rejects.toThrow(/stages\[0\]\.lut: cannot read the file .*none\.cube/);
    const broken = writeCube('broken.cube', 'LUT_3D_SIZE 2\n0 0\n');
    await expect(prepareStages(pipeline().lut3d(broken), 'cpu')).rejects.toThrow(
      `${broken}:2: expected three numbers`,
    );
  });

  it('refuses what is no table', () => {
    using image = imageFrom(picture, 'u8', 'cpu');
    expect(errorOf(() => pipeline().lut3d(5 as never)).message).toContain(
      'lut: lut3d expects a Lut or the path of a .cube file, received 5',
    );
    expect(errorOf(() => pipeline().lut3d({ lut: {} } as never)).code).toBe('ERR_INVALID_OPTION');
    expect(errorOf(() => Adjust.lut3d(image, new Map() as never)).message).toContain(
      'expected a Lut, received an instance of Map',
    );
    expect(errorOf(() => Adjust.lut3d(image, 'look.cube')).message).toContain('load it first');
    expect(() => JSON.stringify(pipeline().lut3d(identity(2)))).toThrow(FramelaneError);
  });
});

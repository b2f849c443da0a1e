/** The table of pixel formats against the lists of FFmpeg, and the frames that it makes. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pixelFormatOf } from '../../src/image/pixel-formats.ts';
import { outputPixelFormats } from '../../src/video/format/frame-format.ts';
import { ffmpeg7, ffmpegPath, systemFfmpeg } from '../helpers/programs.ts';
import { temporaryFolder } from '../helpers/video.ts';

interface Listed {
  /** Input, output, hardware, palette, bitstream. */
  readonly flags: string;
  readonly name: string;
  readonly components: number;
  readonly bitsPerPixel: number;
  /** Of each component; newer ones alone list them. */
  readonly depths: readonly number[] | undefined;
}

function listOf(program: string): Listed[] {
  const text = execFileSync(program, ['-hide_banner', '-pix_fmts']).toString();
  return text.split('\n').flatMap((line): Listed[] => {
    const [flags = '', name = '', components, bits, depths] = line.trim().split(/\s+/);
    if (!/^[I.][O.][H.][P.][B.]$/.test(flags) || name === '=') return [];
    const listed = depths
      ?.split('-')
      .map(Number)
      .filter((depth) => depth > 0);
    return [
      { flags, name, components: Number(components), bitsPerPixel: Number(bits), depths: listed },
    ];
  });
}

/** As FFmpeg counts them: padding is none of a pixel's bits, and chroma is shared out. */
function bitsPerPixel(name: string): number {
  const { depths, shiftX, shiftY } = pixelFormatOf(name);
  const pixels = 2 ** (shiftX + shiftY);
  const isChroma = (index: number) => index === 1 || index === 2;
  const bits = depths.map((depth, index) => (isChroma(index) ? depth : depth * pixels));
  return Math.floor(bits.reduce((sum, depth) => sum + depth, 0) / pixels);
}

/** What fills up their pixels is not said. */
const padded = new Set(['0rgb', 'rgb0', '0bgr', 'bgr0', 'vuyx']);

const sorted = (depths: readonly number[]) => depths.toSorted((a, b) => a - b);

const size = { width: 7, height: 5 };
const folder = temporaryFolder();

/** One frame in each of the formats, by one run. */
function framesOf(program: string, names: readonly string[], color: string): Map<string, Buffer> {
  const here = mkdtempSync(join(folder, 'frames-'));
  const source = `color=c=${color}:s=14x10:r=25:d=0.04,format=rgba,scale=${size.width}:${size.height}`;
  execFileSync(program, [
    ...['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', source],
    ...names.flatMap((name) => ['-pix_fmt', name, '-f', 'rawvideo', join(here, name)]),
  ]);
  return new Map(names.map((name) => [name, readFileSync(join(here, name))]));
}

const programs: readonly (readonly [name: string, path: string])[] = [
  ['bundled', ffmpegPath],
  ...(systemFfmpeg === undefined ? [] : [['system’s', systemFfmpeg] as const]),
  ['7.0', ffmpeg7],
];

describe.each(programs)('with the %s FFmpeg', (_, program) => {
  const list = listOf(program);

  it('has every format that is listed, with its components, bits and flags', () => {
    expect(list.length).toBeGreaterThan(180);
    for (const { flags, name, components, depths, ...listed } of list) {
      const format = pixelFormatOf(name);
      expect(format.name, name).toBe(name);
      expect(format.depths, name).toHaveLength(components);
      expect(bitsPerPixel(name), name).toBe(listed.bitsPerPixel);
      // FFmpeg 5 has those of rgb8 the other way round.
      if (depths !== undefined) expect(sorted(format.depths), name).toEqual(sorted(depths));
      const { hardware, palette, bitstream } = format;
      const said = [hardware ? 'H' : '.', palette ? 'P' : '.', bitstream ? 'B' : '.'];
      expect(said.join(''), name).toBe(flags.slice(2));
    }
  });

  it('tells alpha by the components, and floats and byte orders by the name', () => {
    for (const { name, components } of list) {
      const format = pixelFormatOf(name);
      const even = components > 0 && components % 2 === 0;
      expect(format.alpha, name).toBe(even || name === 'pal8');
      expect(format.float, name).toBe(/f(16|32)[lb]e$/.test(name));
      const order = { le: 'little', be: 'big' }[/(?<=\d)[lb]e$/.exec(name)?.[0] ?? ''];
      expect(format.byteOrder, name).toBe(order);
    }
  });

  it('knows the planes and the layout of chroma: the bytes of a frame of odd size', () => {
    const names = list
      .filter(({ flags, name }) => {
        const { layout } = pixelFormatOf(name);
        return flags[1] === 'O' && (layout === 'planar' || layout === 'semiplanar');
      })
      .map(({ name }) => name);
    expect(names.length).toBeGreaterThan(90);
    for (const [name, bytes] of framesOf(program, names, 'white')) {
      const { depths, bits, shiftX, shiftY } = pixelFormatOf(name);
      const samples = depths.map((_depth, index) => {
        if (index === 0 || index === 3) return size.width * size.height;
        return Math.ceil(size.width / 2 ** shiftX) * Math.ceil(size.height / 2 ** shiftY);
      });
      const bytesPerSample = bits > 16 ? 4 : bits > 8 ? 2 : 1;
      const expected = samples.reduce((sum, count) => sum + count * bytesPerSample, 0);
      expect(bytes.length, name).toBe(expected);
    }
  });

  it('knows the family and its range: the code of white', () => {
    const names = list
      .filter(({ flags, components, bitsPerPixel, name }) => {
        const whole = [1, 3].includes(components) && !padded.has(name);
        const { bits } = pixelFormatOf(name);
        return flags.startsWith('IO') && whole && bits === 8 && bitsPerPixel >= 8;
      })
      .map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(20);
    const [white, black] = ['white', 'black'].map((color) => framesOf(program, names, color));
    for (const name of names) {
      const { family, fullRange } = pixelFormatOf(name);
      const limited = family === 'yuv' && !fullRange;
      expect(Math.max(...(white?.get(name) ?? [])), name).toBe(limited ? 235 : 255);
      // Chroma of YUV is at its middle where there is no colour.
      expect(Math.max(...(black?.get(name) ?? [])), name).toBe(family === 'yuv' ? 128 : 0);
    }
  });
});

it('has ours, which FFmpeg knows by the name of little endian', () => {
  const known = new Set(programs.flatMap(([, path]) => listOf(path)).map(({ name }) => name));
  for (const format of outputPixelFormats) {
    const { name, bits, byteOrder } = pixelFormatOf(format);
    expect(byteOrder, format).toBe(bits > 8 ? 'little' : undefined);
    if (format !== 'yuva420p12') expect(known, format).toContain(name); // FFmpeg has no such format
  }
  expect(pixelFormatOf('rgbaf32')).toMatchObject({ float: true, bits: 32, alpha: true });
});

it('says nothing of a name that it does not know', () => {
  expect(pixelFormatOf('yuv999p')).toEqual({
    ...{ name: 'yuv999p', base: 'yuv999p', family: 'none', layout: 'none', depths: [], bits: 0 },
    ...{ alpha: false, shiftX: 0, shiftY: 0, byteOrder: undefined, fullRange: false },
    ...{ float: false, palette: false, bitstream: false, hardware: false },
  });
});

import { download, type ImageU8, memoryUsage, ops, pipeline } from 'framelane';
import { describe, expect, it } from 'vitest';
import {
  bytes,
  clock,
  duration,
  left,
  lineColumns,
  tones,
  wrap,
} from '../../src/preview/hud/columns.ts';
import { drawFrameGraph } from '../../src/preview/hud/frame-graph.ts';
import { FrameTimes } from '../../src/preview/hud/frame-times.ts';
import { Hud } from '../../src/preview/hud/hud.ts';
import type { HudState, HudView } from '../../src/preview/hud/hud-state.ts';
import { keyGroups, keyLabels } from '../../src/preview/hud/keys.ts';
import { sectionsOf } from '../../src/preview/hud/sections.ts';
import { grounds } from '../../src/preview/hud/strip.ts';
import { cellOf, drawText, type Line } from '../../src/preview/hud/text.ts';
import { parseColor } from '../../src/schema/color-value.ts';
import { withoutFonts } from '../helpers/fontless.ts';
import { temporaryFolder } from '../helpers/video.ts';

const folder = temporaryFolder();

const times = new FrameTimes(240);
for (let i = 0; i < 300; i++) times.present(i / 64);

const memory = { live: 128 * 2 ** 20, pooled: 1536, peak: 2 ** 30, allocations: 1 };
const parameter = (name: string, index: number) => ({
  name,
  label: name,
  stage: index,
  kind: 'number' as const,
  value: index / 3,
  default: 1,
  min: 0,
  max: undefined,
  step: 0.01,
  unit: 'px',
  values: undefined,
  changed: index === 4,
});

const state: HudState = {
  source: 'clip.mp4',
  format: '64x48 yuv420p',
  device: 'cpu',
  display: 'headless 640x480',
  position: 12.48,
  duration: 90,
  live: false,
  paused: false,
  ended: false,
  speed: 1.5,
  frameTimes: times.summary(),
  intervals: times.intervals(),
  frameInterval: 1 / 64,
  shown: 300,
  dropped: 0,
  late: 7,
  queues: [{ name: 'ready', length: 2, capacity: 3 }],
  passes: [{ text: 'yuv420p 64x48 -> sepia -> yuv420p', p50: 0.00123, p95: 0.0000456 }],
  memory: {
    device: memory,
    host: memory,
    plans: { count: 0, bytes: 0 },
    coefficients: { count: 0, bytes: 0 },
  },
  stages: pipeline()
    .sepia(0.5)
    .vignette()
    .stages.map((stage, index) => ({ stage, on: index === 0 })),
  parameters: Array.from({ length: 9 }, (_, index) => parameter(`p${index}`, index)),
  selected: 4,
};
const statistics: HudView = { statistics: true, help: false };

const textOf = (line: Line) => line.map(({ text }) => text).join('');
const linesOf = (view: HudView, more: Partial<HudState> = {}) =>
  sectionsOf(view, { ...state, ...more }).flatMap(({ lines }) => lines.map(textOf));

async function drawn(hud: Hud, now: number, view = statistics, more: Partial<HudState> = {}) {
  hud.update(now, view, () => ({ ...state, ...more }));
  await hud.settled();
  hud.update(now, view, () => ({ ...state, ...more }));
  return hud.image as ImageU8;
}

const alphaOf = (image: ImageU8, x: number, y: number) =>
  download(image)[(y * image.width + x) * 4 + 3];

describe('words and numbers', () => {
  it.each([
    [0, '0:00.000'],
    [59.9996, '1:00.000'],
    [62.5, '1:02.500'],
    [3599.9999, '1:00:00.000'],
    [36_061.25, '10:01:01.250'],
    [-1, '0:00.000'],
  ])('clock %f', (seconds, text) => expect(clock(seconds)).toBe(text));

  it.each([
    [0, '0.00 ms'],
    [0.0000312, '31.2 µs'],
    [0.00123, '1.23 ms'],
    [0.016683, '16.7 ms'],
    [0.25, '250 ms'],
  ])('duration %f', (seconds, text) => expect(duration(seconds)).toBe(text));

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1536, '1.5 KiB'],
    [128 * 2 ** 20, '128 MiB'],
    [2 ** 44, '16.0 TiB'],
  ])('bytes %i', (count, text) => expect(bytes(count)).toBe(text));

  it('cuts and fills columns by characters', () => {
    expect(left('ab', 4)).toBe('ab  ');
    expect(left('abcd', 4)).toBe('abcd');
    expect(left('abcde', 4)).toBe('abc…');
    expect(left('😀😀😀', 2)).toBe('😀…');
  });

  it('wraps at spaces, within long words, and not beyond the last line', () => {
    expect(wrap('one two three', 7, 9)).toEqual(['one two', 'three']);
    expect(wrap('one  two', 4, 9)).toEqual(['one ', 'two']);
    expect(wrap('abcdefgh ij', 3, 9)).toEqual(['abc', 'def', 'gh', 'ij']);
    expect(wrap('a\n\nb', 3, 9)).toEqual(['a', '', 'b']);
    expect(wrap('', 3, 9)).toEqual(['']);
    expect(wrap('a b c d', 1, 3)).toEqual(['a', 'b', '…']);
  });
});

describe('drawFrameGraph', () => {
  const graph = { width: 40, height: 50, pitch: 4, target: 0.02 };
  /** The colour of the column, bottom up, as long as it is opaque. */
  const barAt = (pixels: Uint8Array, x: number) => {
    let rows = 0;
    const at = (row: number) => pixels.subarray(((49 - row) * 40 + x) * 4).subarray(0, 4);
    while (rows < 50 && at(rows)[3] === 255) rows++;
    return { rows, color: [...at(0).subarray(0, 3)].join() };
  };

  it('draws a bar for each interval, newest at the right, a fifth of the height for half the target', () => {
    const pixels = drawFrameGraph({ ...graph, intervals: [0.01, 0.02, 0.03, 0.04, 9] });
    expect([20, 24, 28, 32, 36].map((x) => barAt(pixels, x).rows)).toEqual([10, 20, 30, 40, 50]);
    expect(barAt(pixels, 16).rows).toBe(0);
    const colors = [20, 24, 28, 32, 36].map((x) => barAt(pixels, x).color);
    expect(colors[0]).toBe(colors[1]);
    expect(new Set(colors.slice(1, 4)).size).toBe(3);
    expect(colors[4]).toBe(colors[3]);
    // A gap between the bars.
    expect(barAt(pixels, 39).rows).toBe(0);
  });

  it('takes none, too many, and no target', () => {
    expect(barAt(drawFrameGraph({ ...graph, intervals: [] }), 36).rows).toBe(0);
    const many = drawFrameGraph({ ...graph, intervals: Array(1000).fill(0.02) });
    expect(barAt(many, 0).rows).toBe(20);
    const none = drawFrameGraph({ ...graph, target: 0, intervals: [0, 1] });
    expect(none).toHaveLength(40 * 50 * 4);
  });
});

describe('drawText', () => {
  /** The first and last column and row with ink. */
  const inkOf = (image: ImageU8) => {
    const pixels = download(image);
    const inked = [...Array(image.width * image.height).keys()].filter(
      (i) => (pixels[i * 4 + 3] as number) > 0,
    );
    const [xs, ys] = [
      inked.map((i) => i % image.width),
      inked.map((i) => Math.floor(i / image.width)),
    ];
    return [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)] as const;
  };
  const plain = (text: string): Line => [{ text, color: '#ffffff' }];

  it.each([9, 13, 26])('puts every character in its cell at %i pixels', async (size) => {
    const cell = await cellOf(size);
    for (const [column, row] of [
      [0, 0],
      [7, 0],
      [3, 4],
    ] as const) {
      const lines = Array(row).fill(plain(''));
      using image = await drawText([...lines, plain(`${' '.repeat(column)}.`)], size);
      const [x0, x1, y0, y1] = inkOf(image);
      expect(x0).toBeGreaterThanOrEqual(Math.floor((column + 1) * cell.width));
      expect(x1).toBeLessThanOrEqual(Math.ceil((column + 2) * cell.width));
      expect(y0).toBeGreaterThanOrEqual(Math.floor(row * cell.height));
      expect(y1).toBeLessThanOrEqual(Math.ceil((row + 1) * cell.height));
    }
  });

  it('takes any text as text', async () => {
    using tag = await drawText([plain('<b>&amp;</b>')], 13);
    using plainTag = await drawText([plain('xbxxampxxxbx')], 13);
    expect(tag.width).toBeGreaterThan(plainTag.width - 13);
    for (const text of ['', '\u0001\u001b[31m\u007f', '\ud800', 'é漢字😀', '%s\\n${x}']) {
      using image = await drawText([plain(text)], 13);
      expect(image.height).toBeGreaterThan(8);
    }
  });

  it('looks the same on a machine without fonts, with every sign that is used', async () => {
    const signs = [...'▶●○■□▸‖←→↑↓…×µ≥≤–█'];
    const drawn = withoutFonts(
      folder,
      `import { download } from 'framelane';
      import { cellOf, drawText } from './dist/preview/hud/text.js';
      const pixels = [];
      for (const text of ${JSON.stringify(signs)}) {
        pixels.push([...download(await drawText([[{ text, color: '#ffffff' }]], 26))]);
      }
      console.log(JSON.stringify({ cell: await cellOf(26), pixels }));`,
    ) as { readonly cell: unknown; readonly pixels: readonly number[][] };
    expect(drawn.cell).toEqual(await cellOf(26));
    // Hinting is what fontconfig says, so edges differ; a box in place of a sign is another thing.
    const alphaOf = (pixels: ArrayLike<number>) => Array.from(pixels).filter((_, i) => i % 4 === 3);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    for (const [i, sign] of signs.entries()) {
      using image = await drawText([plain(sign)], 26);
      const here = alphaOf(download(image));
      const there = alphaOf(drawn.pixels[i] as number[]);
      expect(there, sign).toHaveLength(here.length);
      const difference = sum(here.map((alpha, at) => Math.abs(alpha - (there[at] as number))));
      expect(difference / sum(here), sign).toBeLessThan(0.5);
    }
  });

  it('draws in the given colour', async () => {
    using image = await drawText([[{ text: '█', color: '#63d297' }]], 13);
    const { width } = await cellOf(13);
    const x = Math.round(1.5 * width);
    const at = (Math.floor(image.height / 2) * image.width + x) * 4;
    expect([...download(image).subarray(at, at + 4)]).toEqual([0x63, 0xd2, 0x97, 255]);
  });
});

describe('sections', () => {
  it('show what the state says', () => {
    const text = linesOf(statistics).join('\n');
    for (const part of [
      '▶ 0:12.480 / 1:30.000   1.5×',
      'clip.mp4',
      '64.00 of 64.00 fps',
      'p50 15.6 ms   p95 15.6 ms   p99 15.6 ms   max 15.6 ms',
      'late 7',
      'ready ■■□ 2/3',
      '128 MiB in use    1.5 KiB kept    1.0 GiB at most',
      'yuv420p 64x48 -> sepia -> yuv420p',
      '1.23 ms  45.6 µs',
      '1 ● sepia         intensity 0.5',
      '2 ○ vignette      radius 0.9',
      '5 of 9   1 changed, w writes them',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toMatch(/▸ 5 p4 +1.3333 px \* ≥ 0 {2}default 1/);
  });

  it('keep the selected parameter in view', () => {
    for (const selected of [0, 1, 4, 7, 8]) {
      const lines = linesOf(statistics, { selected });
      const shown = lines.filter((line) => /^[▸ ] \d p\d/.test(line));
      expect(shown).toHaveLength(5);
      expect(shown.find((line) => line.startsWith('▸'))).toContain(`p${selected} `);
    }
  });

  it('never are wider than the panel', () => {
    const long = 'x'.repeat(300);
    const views: HudView[] = [
      statistics,
      { statistics: false, help: true },
      {
        statistics: false,
        help: false,
        error: { title: long, message: `${long} ${long}` },
        note: long,
      },
    ];
    const wide: Partial<HudState> = {
      ...{ source: long, format: long, device: long, display: long },
      ...{ position: 360_000, duration: 360_000, live: true, paused: true },
      passes: Array.from({ length: 20 }, () => ({ text: long, p50: 123, p95: 1e-7 })),
      stages: Array.from({ length: 20 }, () => ({
        stage: pipeline().blend({ source: { image: `/${long}` } }).stages[0] as never,
        on: true,
      })),
      parameters: [{ ...parameter(long, 0), kind: 'enum', value: 'x', values: [long] } as never],
      selected: 0,
    };
    for (const view of views) {
      for (const line of [...linesOf(view), ...linesOf(view, wide)]) {
        expect([...line].length, line).toBeLessThanOrEqual(lineColumns);
      }
    }
  });

  it('take a state in which there is nothing yet', () => {
    const times0 = new FrameTimes();
    const empty: Partial<HudState> = {
      ...{ frameTimes: times0.summary(), intervals: [], frameInterval: undefined },
      ...{ duration: undefined, live: true, queues: [], passes: [], stages: [], parameters: [] },
    };
    const lines = linesOf(statistics, empty);
    expect(lines.join('\n')).toContain('● 0:12.480');
    expect(lines.join('\n')).not.toMatch(/NaN|Infinity|undefined|Stages|Parameter|p50/);
    const later = { ...empty, frameInterval: 1 / 30 };
    expect(linesOf(statistics, later).join('\n')).toContain('– of 30.00 fps');
    const graphs = sectionsOf(statistics, { ...state, ...later }).filter(({ graph }) => graph);
    expect(graphs).toEqual([]);
  });

  it('show a queue that is fuller than usual', () => {
    const queues = [{ name: 'queued', length: 5, capacity: 2 }];
    expect(linesOf(statistics, { queues }).join('\n')).toContain('queued ■■ 5/2');
  });

  it('list every key in the help', () => {
    const help = linesOf({ statistics: true, help: true });
    for (const row of keyGroups.flatMap(({ rows }) => rows)) {
      const line = help.find((text) => text.endsWith(row.does));
      expect(line, row.does).toBeDefined();
      for (const label of keyLabels(row)) expect(line).toContain(label);
    }
  });

  it('show the values of every operation', () => {
    expect(Object.keys(ops).length).toBeGreaterThan(10);
    const stages = pipeline()
      .crop({ x: 1, y: 2, width: 3, height: 4 })
      .flip()
      .lut3d('/a/film.cube').stages;
    const lines = linesOf(statistics, { stages: stages.map((stage) => ({ stage, on: true })) });
    expect(lines.join('\n')).toMatch(
      /crop +x 1 {2}y 2 {2}width 3.*direction horizontal.*lut film.cube/s,
    );
  });
});

describe('Hud', () => {
  it('draws in the background, and again only what has changed, when it is time to look', async () => {
    using hud = new Hud();
    let asked = 0;
    const ask = (now: number, view = statistics) =>
      hud.update(now, view, () => {
        asked++;
        return state;
      });
    expect(hud.image).toBeUndefined();
    expect(ask(0)).toBe(false);
    expect(hud.image).toBeUndefined();
    await hud.settled();
    expect(ask(0.01)).toBe(true);
    const image = hud.image as ImageU8;
    const before = download(image);
    for (let now = 0.02; now < 0.19; now += 0.01) expect(ask(now)).toBe(false);
    expect(asked).toBe(1);
    // Looked at again, nothing new.
    expect(ask(0.25)).toBe(false);
    await hud.settled();
    expect(ask(0.26)).toBe(false);
    expect(asked).toBe(2);
    // One line of one section is.
    expect(await drawn(hud, 1, statistics, { position: 12.5 })).toBe(image);
    const after = download(image);
    const rows = [...Array(image.height).keys()].filter((y) => {
      const row = (pixels: Uint8Array) =>
        pixels.subarray(y * image.width * 4, (y + 1) * image.width * 4);
      return Buffer.compare(row(before), row(after)) !== 0;
    });
    expect(rows.length).toBeGreaterThan(3);
    expect(Math.max(...rows) - Math.min(...rows)).toBeLessThan(20);
  });

  it('is settled when what was asked for last is drawn, whatever was being drawn then', async () => {
    using hud = new Hud();
    using other = new Hud();
    hud.update(0, statistics, () => state);
    hud.touch();
    hud.update(0.01, statistics, () => ({ ...state, shown: 301 }));
    await hud.settled();
    hud.update(0.02, statistics, () => ({ ...state, shown: 302 }));
    const expected = await drawn(other, 0, statistics, { shown: 301 });
    expect(Buffer.compare(download(hud.image as ImageU8), download(expected))).toBe(0);
  });

  it('updates at once when the view changes or after touch()', async () => {
    using hud = new Hud();
    await drawn(hud, 0);
    const whole = hud.image?.height as number;
    const help = { statistics: true, help: true };
    expect(hud.update(0.01, help, () => state)).toBe(false);
    expect(hud.image?.height).toBe(whole);
    await hud.settled();
    expect(hud.update(0.02, help, () => state)).toBe(true);
    expect(hud.image?.height).not.toBe(whole);
    expect(hud.update(0.03, { statistics: false, help: false }, () => state)).toBe(true);
    expect(hud.image).toBeUndefined();
    let asked = false;
    hud.touch();
    hud.update(0.04, statistics, () => {
      asked = true;
      return state;
    });
    expect(asked).toBe(true);
  });

  it('shows errors and notes without the statistics', async () => {
    using hud = new Hud();
    const error = {
      title: 'look.json cannot be used',
      message: 'look.json:1:1: no <such> & thing',
    };
    const panel = await drawn(hud, 0, { statistics: false, help: false, error });
    expect(panel.height).toBeLessThan(80);
    const [red, green, , alpha] = download(panel);
    expect(red).toBeGreaterThan(2 * (green as number));
    expect(alpha).toBe(Math.round(grounds.error[3] * 255));
    const note = await drawn(hud, 1, { statistics: false, help: false, note: 'Speed 2×' });
    expect(note.width).toBeLessThan(150);
    expect(alphaOf(note, 0, 0)).toBe(Math.round(grounds.header[3] * 255));
  });

  it('grows with the scale of the display and fits the window', async () => {
    using hud = new Hud();
    hud.resize(1280, 720, 1);
    const one = (await drawn(hud, 0)).width;
    hud.resize(2560, 1440, 2);
    expect((await drawn(hud, 1)).width / one).toBeCloseTo(2, 1);
    for (const [width, height] of [
      [1920, 1080],
      [640, 360],
      [500, 300],
      ...[440, 480, 504, 530, 570, 600].map((width) => [width, 1000] as const),
    ] as const) {
      hud.resize(width, height, 1);
      const image = await drawn(hud, width);
      expect(image.width + 2 * hud.margin).toBeLessThanOrEqual(width);
      expect(image.height + 2 * hud.margin).toBeLessThanOrEqual(height);
    }
  });

  it('holds the same memory after any number of redraws, and none after free', async () => {
    const live = () => memoryUsage('cpu').device.live;
    const before = live();
    const hud = new Hud();
    await drawn(hud, 0);
    const held = live();
    for (let i = 1; i <= 40; i++) await drawn(hud, i, statistics, { position: i, shown: i });
    expect(live()).toBe(held);
    hud.free();
    hud.free();
    expect(live()).toBe(before);
  });
});

describe('contrast', () => {
  /** WCAG 2.2: relative luminance. */
  const luminance = (color: readonly number[]) => {
    const linear = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = color.slice(0, 3).map(linear) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };

  it.each(Object.entries(tones))('%s can be read over any picture', (tone, color) => {
    for (const [name, [r, g, b, alpha]] of Object.entries(grounds)) {
      for (const behind of [0, 1]) {
        const ground = [r, g, b].map((v) => v * alpha + behind * (1 - alpha));
        const [light, dark] = [luminance(parseColor(color) ?? []), luminance(ground)];
        const least = tone === 'off' ? 3 : 4.5;
        expect((light + 0.05) / (dark + 0.05), `${name} over ${behind}`).toBeGreaterThan(least);
      }
    }
  });
});

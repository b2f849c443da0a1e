import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readPipeline, type VariableValues } from 'framelane';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setJsonValue } from '../../src/preview/live/json-edit.ts';
import { LivePipeline } from '../../src/preview/live/live-pipeline.ts';

let folder: string;
let file: string;
let opened: LivePipeline[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'framelane-live-'));
  file = join(folder, 'look.json');
  opened = [];
});

afterEach(() => {
  for (const live of opened) live.close();
  rmSync(folder, { recursive: true });
});

const open = async (text: string, values: VariableValues = {}) => {
  writeFileSync(file, text);
  const live = await LivePipeline.open(file, values);
  opened.push(live);
  return live;
};

const event = (live: LivePipeline, name: 'change' | 'error') =>
  once(live, name, { signal: AbortSignal.timeout(5000) });

const written = () => readFileSync(file, 'utf8');
const named = (live: LivePipeline, name: string) => {
  const found = live.parameters.find((parameter) => parameter.name === name);
  if (!found) throw new Error(`no ${name} among ${live.parameters.map((p) => p.name)}`);
  return found;
};

const look = `{
  "$schema": "x",
  "description": "keep   me",
  "variables": {
    "strength":  { "default": 0.5, "type": "number" },
    "shade": { "type": "color", "default": "#28140580" },
    "anchor": { "type": "string", "default": "center" }
  },
  "stages": [
    {"op":"sepia", "intensity":"\${strength}"}, { "op": "contrast",   "factor": 1.10 },
    {
      "op": "gaussianBlur",
      "radius": 8
    },
    { "op": "vignette", "color": "\${shade}" },
    { "op": "fillColor", "color": [ 0.1,0.2, 0.3 ] }
  ]
}
`;

describe('setJsonValue', () => {
  it.each([
    ['{"a":1 , "b": 2}', 'a', -0.5, '{"a":-0.5 , "b": 2}'],
    ['{"a": [1, {"b" : "x,}"}], "c": 3}', 'a[1].b', 'y', '{"a": [1, {"b" : "y"}], "c": 3}'],
    ['{"a": [1, 2]}', 'a', [0, 1], '{"a": [0, 1]}'],
    ['{"a": {"b": 1}}', 'a.c', true, '{"a": {"b": 1, "c": true}}'],
    ['{"a": { "b": 1 } }', 'a.c', 2, '{"a": { "b": 1, "c": 2 } }'],
    ['{"a": {\n\t"b": [1,\n2]\n}}', 'a.c', 2, '{"a": {\n\t"b": [1,\n2],\n\t"c": 2\n}}'],
    ['{\r\n  "b": 1\r\n}', 'c', 2, '{\r\n  "b": 1,\r\n  "c": 2\r\n}'],
    ['\uFEFF{"b": "é😀", "c": 1}', 'c', 2, '\uFEFF{"b": "é😀", "c": 2}'],
    ['\uFEFF{"b": 1}', 'c', 2, '\uFEFF{"b": 1, "c": 2}'],
    ['// x\n{"a": /* y */ 1, // z\n}', 'a', 2, '// x\n{"a": /* y */ 2, // z\n}'],
    ['{\n  "a": 1, // "b": 3\n}', 'b', 2, '{\n  "a": 1,\n  "b": 2, // "b": 3\n}'],
    ['{"a": {"b.c": 1}}', 'a.b.c', 2, '{"a": {"b.c": 2}}'],
  ])('%j: %s', (text, path, value, expected) => {
    expect(setJsonValue(text, path, value)).toBe(expected);
  });
});

describe('what can be changed', () => {
  it('is listed with ranges and steps from the operations', async () => {
    const live = await open(look);
    expect(live.parameters.map(({ name }) => name)).toEqual([
      'strength',
      ...['red', 'green', 'blue', 'alpha'].map((channel) => `shade.${channel}`),
      'stages[1].factor',
      'stages[2].radius',
      'stages[3].radius',
      'stages[3].softness',
      ...['red', 'green', 'blue', 'alpha'].map((channel) => `stages[4].color.${channel}`),
    ]);
    expect(named(live, 'stages[2].radius')).toMatchObject({
      label: 'gaussianBlur radius',
      kind: 'integer',
      value: 8,
      default: undefined,
      min: 0,
      max: 10000,
      step: 1,
      unit: 'px',
      stage: 2,
      changed: false,
    });
    expect(named(live, 'stages[3].radius')).toMatchObject({ value: 0.9, default: 0.9, min: 0 });
    expect(named(live, 'shade.alpha')).toMatchObject({ value: 128 / 255, max: 1, step: 0.01 });
    expect(named(live, 'stages[4].color.alpha')).toMatchObject({ value: 1, default: undefined });
  });

  it('takes the range of a variable from where it is used', async () => {
    const live = await open(`{
      "variables": {
        "r": {"type": "number", "default": 4}, "o": {"type": "number", "default": 1},
        "m": {"type": "string", "default": "hlg"}, "n": {"type": "string", "default": "x"},
        "g": {"type": "number", "default": 2.2}, "s": {"type": "boolean", "default": true}
      },
      "stages": [
        {"op": "gaussianBlur", "radius": "\${r}"}, {"op": "resize", "width": "\${r}", "antialias": "\${s}"},
        {"op": "opacity", "factor": "\${o}"}, {"op": "toneMap", "from": "\${m}"},
        {"op": "gamma", "gamma": "\${g}"}
      ]
    }`);
    expect(named(live, 'r')).toMatchObject({ kind: 'integer', min: 1, max: 10000, unit: 'px' });
    expect(named(live, 'o')).toMatchObject({ min: 0, max: undefined });
    expect(named(live, 'm')).toMatchObject({ kind: 'enum', values: ['auto', 'pq', 'hlg'] });
    expect(named(live, 'g')).toMatchObject({ min: 0.001 + 0.1, step: 0.1 });
    expect(named(live, 's')).toMatchObject({ kind: 'boolean', value: true });
    expect(live.parameters.some(({ name }) => name === 'n')).toBe(false);
    await live.change('r', 1);
    await live.change('m', 1);
    await live.change('m', 1);
    await live.change('s', 1);
    await live.change('g', -100);
    expect(live.pipeline.stages).toMatchObject([
      { radius: 5 },
      { width: 5, antialias: false },
      {},
      { from: 'pq' },
      { gamma: 0.101 },
    ]);
  });

  it('has parameters for every pipeline that comes with it', async () => {
    for (const name of readdirSync('pipelines').filter((entry) => entry.endsWith('.json'))) {
      using live = await LivePipeline.open(`pipelines/${name}`);
      expect(live.parameters.length, name).toBeGreaterThan(0);
      for (const { name: parameter } of live.parameters) {
        await live.change(parameter, 1);
        await live.change(parameter, -1);
      }
      expect(live.stages.every(({ on }) => on)).toBe(true);
    }
  });
});

describe('a change', () => {
  it('applies at once, adds up and says so', async () => {
    const live = await open(look);
    let changes = 0;
    live.on('change', () => changes++);
    await Promise.all(Array.from({ length: 20 }, () => live.change('stages[1].factor', 1)));
    expect(live.pipeline.stages[1]).toEqual({ op: 'contrast', factor: 1.3 });
    expect(changes).toBe(20);
    expect(named(live, 'stages[1].factor').changed).toBe(true);
    expect(live.isChanged).toBe(true);
    await live.reset('stages[1].factor');
    expect(live.pipeline.stages[1]).toEqual({ op: 'contrast', factor: 1.1 });
    expect(live.isChanged).toBe(false);
    expect(written()).toBe(look);
  });

  it('stops at the ends of the range', async () => {
    const live = await open(look);
    await live.change('stages[2].radius', -10);
    expect(live.pipeline.stages[2]).toMatchObject({ radius: 0 });
    let changes = 0;
    live.on('change', () => changes++);
    await live.change('stages[2].radius', -1);
    expect(changes).toBe(0);
    await live.change('shade.alpha', 100);
    expect(live.pipeline.stages[3]).toMatchObject({ color: [40 / 255, 20 / 255, 5 / 255, 1] });
  });

  it('that the pipeline does not take is refused and changes nothing', async () => {
    const live = await open(look);
    const before = live.pipeline;
    await expect(live.set('stages[2].radius', -1)).rejects.toMatchObject({
      code: 'ERR_INVALID_OPTION',
      path: 'stages[2].radius',
    });
    await expect(live.set('stages[2].radius', 1.5)).rejects.toMatchObject({
      code: 'ERR_INVALID_OPTION',
    });
    for (const [name, value] of [
      ['stages[2].radius', '8'],
      ['stages[2].radius', Number.NaN],
      ['strength', true],
      ['stages[9].radius', 1],
      ['anchor', 'left'],
    ] as const) {
      await expect(live.set(name, value), name).rejects.toMatchObject({
        code: 'ERR_INVALID_ARGUMENT',
      });
    }
    await expect(live.change('strength', 0.5)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
    });
    await expect(live.set('strength', 1e39)).rejects.toMatchObject({
      code: 'ERR_INVALID_PIPELINE',
    });
    await expect(live.toggleStage(5)).rejects.toThrow('there is no stage 6; the pipeline has 5');
    expect(live.pipeline).toBe(before);
    expect(live.isChanged).toBe(false);
  });

  it('turns stages off and on', async () => {
    const live = await open(look);
    await live.toggleStage(0);
    await live.toggleStage(3);
    expect(live.pipeline.stages.map(({ op }) => op)).toEqual([
      'contrast',
      'gaussianBlur',
      'fillColor',
    ]);
    expect(live.stages.map(({ on }) => on)).toEqual([false, true, true, false, true]);
    await live.change('stages[2].radius', 1);
    expect(live.pipeline.stages[1]).toMatchObject({ radius: 9 });
    await live.toggleStage(0);
    expect(live.pipeline.stages[0]).toMatchObject({ op: 'sepia', intensity: 0.5 });
    await live.save();
    expect(JSON.parse(written()).stages).toHaveLength(5);
  });
});

describe('save', () => {
  it('changes the values in the text and nothing else', async () => {
    const live = await open(look, { strength: 0.7 });
    expect(live.pipeline.stages[0]).toMatchObject({ intensity: 0.7 });
    expect(named(live, 'strength')).toMatchObject({ value: 0.7, default: 0.5, changed: true });
    await live.set('stages[1].factor', 1.25);
    await live.set('stages[2].radius', 12);
    await live.set('stages[3].softness', 0.4);
    await live.set('shade.red', 1);
    await live.set('stages[4].color.blue', 0.75);
    await live.save();
    expect(written()).toBe(
      look
        .replace('0.5,', '0.7,')
        .replace('1.10', '1.25')
        .replace('"radius": 8', '"radius": 12')
        .replace('"color": "${shade}"', '"color": "${shade}", "softness": 0.4')
        .replace('#28140580', '#ff140580')
        .replace('[ 0.1,0.2, 0.3 ]', '[0.1, 0.2, 0.75]'),
    );
    expect(live.isChanged).toBe(false);
    expect(live.parameters.every(({ changed }) => !changed)).toBe(true);
    expect((await readPipeline(file)).stages).toEqual(live.pipeline.stages);
  });

  it('keeps permissions and links, leaves nothing beside the file, and is not read again', async () => {
    writeFileSync(file, look);
    await chmod(file, 0o646); // more than the umask lets a new file have
    const link = join(folder, 'link.json');
    await symlink(file, link);
    const live = await LivePipeline.open(link);
    opened.push(live);
    await live.set('strength', 0.25);
    let events = 0;
    live.on('change', () => events++).on('error', () => events++);
    await live.save();
    await delay(300);
    expect(events).toBe(0);
    expect(readdirSync(folder).toSorted()).toEqual(['link.json', 'look.json']);
    expect(statSync(file).mode & 0o777).toBe(0o646);
    expect(written()).toBe(look.replace('0.5,', '0.25,'));
    await live.save();
    expect(written()).toBe(look.replace('0.5,', '0.25,'));
  });

  it('overwrites nobody', async () => {
    const live = await open(look);
    live.on('error', () => {});
    await live.set('strength', 0.25);
    const theirs = look.replace('1.10', '1.2');
    writeFileSync(file, theirs);
    await expect(live.save()).rejects.toMatchObject({ code: 'ERR_OUTPUT_CHANGED' });
    expect(written()).toBe(theirs);
    await event(live, 'change');
    await live.save();
    expect(written()).toBe(theirs.replace('0.5,', '0.25,'));
    // Not even what is broken.
    writeFileSync(file, '{ "stages": [');
    await event(live, 'error');
    await live.set('strength', 0.3);
    await expect(live.save()).rejects.toMatchObject({ code: 'ERR_OUTPUT_CHANGED' });
    expect(written()).toBe('{ "stages": [');
    await rm(file);
    await expect(live.save()).rejects.toMatchObject({ code: 'ERR_OUTPUT_INVALID' });
  });

  it('writes the path of an image as the file needs it', async () => {
    await mkdir(join(folder, 'sub'));
    writeFileSync(join(folder, 'sub', 'a.png'), '');
    writeFileSync(join(folder, 'b.png'), '');
    const text = `{"variables": {"logo": {"type": "image", "default": "b.png"}},
      "stages": [{"op": "blend", "source": {"image": "\${logo}"}}]}`;
    const live = await open(text, { logo: join(folder, 'sub', 'a.png') });
    await live.save();
    expect(written()).toBe(text.replace('b.png', 'sub/a.png'));
  });
});

describe('hot reload', () => {
  it('applies what is saved in place, by renaming, and after the file was away', async () => {
    const live = await open(look);
    const saved = async (factor: number, save: (text: string) => Promise<void>) => {
      const change = event(live, 'change');
      await save(look.replace('1.10', String(factor)));
      await change;
      expect(live.pipeline.stages[1]).toMatchObject({ factor });
    };
    await saved(2, (text) => writeFile(file, text));
    await saved(3, async (text) => {
      await writeFile(`${file}~`, text);
      await rename(`${file}~`, file);
    });
    await saved(4, async (text) => {
      await rename(file, `${file}.bak`);
      await delay(150);
      await writeFile(file, text);
    });
    // The watch has survived the replacements.
    await saved(5, (text) => writeFile(file, text));
    await saved(6, async (text) => {
      await writeFile(file, '');
      await delay(100);
      await writeFile(file, text);
    });
  });

  it('tells of a file that stays empty, and goes on when it is not', async () => {
    const live = await open(look);
    const failed = event(live, 'error');
    await writeFile(file, '');
    expect(await failed).toMatchObject([{ code: 'ERR_INVALID_PIPELINE' }]);
    const change = event(live, 'change');
    await writeFile(file, look.replace('1.10', '2'));
    await change;
    expect(live.pipeline.stages[1]).toMatchObject({ factor: 2 });
  });

  it('follows a link to the file that it means now', async () => {
    for (const name of ['a', 'b', 'links']) await mkdir(join(folder, name));
    const [first, second, link] = ['a/1.json', 'b/2.json', 'links/look.json'].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    writeFileSync(first, look);
    writeFileSync(second, look.replace('1.10', '2'));
    await symlink(first, link);
    const live = await LivePipeline.open(link);
    opened.push(live);
    const changed = async (factor: number, change: () => Promise<void>) => {
      const applied = event(live, 'change');
      await change();
      await applied;
      expect(live.pipeline.stages[1]).toMatchObject({ factor });
    };
    await changed(2, async () => {
      await symlink(second, `${link}~`);
      await rename(`${link}~`, link);
    });
    await changed(3, () => writeFile(second, look.replace('1.10', '3')));
  });

  it('goes on in a folder that has been replaced', async () => {
    const sub = join(folder, 'sub');
    await mkdir(sub);
    const inside = join(sub, 'look.json');
    writeFileSync(inside, look);
    const live = await LivePipeline.open(inside);
    opened.push(live);
    let errors = 0;
    live.on('error', () => errors++);
    await rm(sub, { recursive: true });
    await expect.poll(() => errors, { timeout: 5000 }).toBe(1);
    await mkdir(sub);
    for (const factor of [2, 3]) {
      const change = event(live, 'change');
      writeFileSync(inside, look.replace('1.10', String(factor)));
      await change;
      expect(live.pipeline.stages[1]).toMatchObject({ factor });
    }
    expect(errors).toBe(1);
    expect(live.error).toBeUndefined();
  });

  it('keeps the last good pipeline while the file is bad, and says where', async () => {
    const live = await open(look);
    const before = live.pipeline;
    const failed = event(live, 'error');
    writeFileSync(file, look.replace('"radius": 8', '"radius": -8'));
    const [error] = await failed;
    expect(error).toMatchObject({ code: 'ERR_INVALID_OPTION', path: 'stages[2].radius' });
    expect(error.message).toMatch(/look\.json:13:7: /);
    expect(live.error).toBe(error);
    expect(live.pipeline).toBe(before);
    await live.set('strength', 0.1);
    expect(live.pipeline.stages[0]).toMatchObject({ intensity: 0.1 });
    // Back to what it was: good again, although nothing is new.
    const change = event(live, 'change');
    writeFileSync(file, look);
    await change;
    expect(live.error).toBeUndefined();
    const gone = event(live, 'error');
    rmSync(file);
    expect((await gone)[0].message).toMatch(/no such file/);
  });

  it('keeps what the window changed where the file has left the place alone', async () => {
    const live = await open(look);
    await live.set('strength', 0.9);
    await live.set('stages[1].factor', 3);
    await live.set('stages[2].radius', 20);
    await live.set('stages[3].softness', 0.4);
    await live.toggleStage(2);
    await live.toggleStage(3);
    const change = event(live, 'change');
    const theirs = look
      .replace('1.10', '2')
      .replace('"op": "gaussianBlur"', '"op": "resize"')
      .replace('"radius": 8', '"width": 4');
    writeFileSync(file, theirs);
    await change;
    expect(live.pipeline.stages.map(({ op }) => op)).toEqual([
      'sepia',
      'contrast',
      'resize',
      'fillColor',
    ]);
    expect(live.pipeline.stages).toMatchObject([
      { intensity: 0.9 },
      { factor: 2 },
      { width: 4 },
      {},
    ]);
    expect(named(live, 'stages[3].softness')).toMatchObject({ value: 0.4, changed: true });
    expect(named(live, 'stages[1].factor')).toMatchObject({ value: 2, changed: false });
  });

  it('drops changes that the new file cannot take', async () => {
    const live = await open(
      '{"variables": {"a": {"type": "number", "default": 1}}, "stages": [{"op": "sepia", "intensity": "${a}"}]}',
    );
    await live.set('a', 0.5);
    const change = event(live, 'change');
    writeFileSync(
      file,
      '{"variables": {"a": {"type": "integer", "default": 1}}, "stages": [{"op": "sepia", "intensity": "${a}"}]}',
    );
    await change;
    expect(live.pipeline.stages).toEqual([{ op: 'sepia', intensity: 1 }]);
    expect(live.isChanged).toBe(false);
  });

  it('does nothing when the same text is written again, or after close', async () => {
    const live = await open(look);
    let events = 0;
    live.on('change', () => events++).on('error', () => events++);
    writeFileSync(file, look);
    await delay(200);
    writeFileSync(file, '');
    live.close();
    live.close();
    writeFileSync(file, '');
    await delay(200);
    expect(events).toBe(0);
  });

  it('takes a burst of writes', async () => {
    const live = await open(look);
    live.on('error', () => {});
    for (let i = 0; i < 100; i++) writeFileSync(file, look.replace('1.10', String(i)));
    await expect.poll(() => live.pipeline.stages[1]).toMatchObject({ factor: 99 });
  });
});

describe('open', () => {
  it('refuses what readPipeline refuses', async () => {
    await expect(open('{')).rejects.toMatchObject({ code: 'ERR_INVALID_PIPELINE' });
    await expect(open(look, { strenght: 1 })).rejects.toThrow(/did you mean "strength"/);
    await expect(open(look, { strength: 'x' })).rejects.toThrow(/expected a number/);
    await expect(LivePipeline.open(join(folder, 'none.json'))).rejects.toThrow(/no such file/);
  });
});

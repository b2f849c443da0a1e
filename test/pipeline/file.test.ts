import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FramelaneError } from '../../src/errors/errors.ts';
import { openPipelineFile, readPipeline, type VariableValues } from '../../src/pipeline/file.ts';

const folder = mkdtempSync(join(tmpdir(), 'framelane-'));
const file = join(folder, 'look.json');
writeFileSync(join(folder, 'logo.png'), '');
afterAll(() => rmSync(folder, { recursive: true }));

const read = (text: string, values?: VariableValues) => {
  writeFileSync(file, text);
  return readPipeline(file, values);
};

/** The error without the folder's name. */
const failure = async (text: string, values?: VariableValues) => {
  const error = await read(text, values).catch((thrown: unknown) => thrown);
  if (!(error instanceof FramelaneError)) throw error;
  return `${error.code} ${error.message.replaceAll(`${folder}/`, '')}`;
};

const brightness = (factor: string, variables = '{"a": {"type": "number", "default": 0.5}}') =>
  `{"variables": ${variables},\n "stages": [{"op": "brightness",\n  "factor": ${factor}}]}`;

const noJson = 'an invalid symbol; keys and strings need double quotes';

describe('readPipeline', () => {
  it('builds the stages with their defaults', async () => {
    const { stages } = await read(
      '\uFEFF{"$schema": "x", "description": "d", "stages": [{"op": "sepia"}]}',
    );
    expect(stages).toEqual([{ op: 'sepia', intensity: 1 }]);
  });

  it('takes comments and trailing commas', async () => {
    const { stages } = await read(`// a look
      { /* two
           lines */ "stages": [ // first
        { "op": "sepia", "intensity": 0.5, }, // "no": 1
      ], }`);
    expect(stages).toEqual([{ op: 'sepia', intensity: 0.5 }]);
    expect(
      await failure('/* one\n*/ {"stages": [ // two\n {"op": "sepia", "intensity": "x",}]}'),
    ).toMatch(/^ERR_INVALID_OPTION look\.json:3:18: stages\[0\]\.intensity/);
  });

  it('quotes nothing of a file that is no pipeline', async () => {
    const secrets = [
      'root:$6$salt:19000:0:99999:7:::\n',
      'hunter2',
      '"hunter2',
      '{"hunter2',
      '{hunter2: 1}',
    ];
    for (const text of [...secrets, '["hunter2"]', '{"hunter2": "hunter2"}', '{"a": hunter2}']) {
      const message = await failure(text);
      expect(message).toMatch(/^ERR_INVALID_PIPELINE look\.json/);
      expect(message).not.toMatch(/hunter2|salt|root/);
    }
  });

  it('a key __proto__ changes no prototype', async () => {
    const message = await failure('{"stages": [], "__proto__": {"description": 5}}');
    expect(message).toMatch(/look\.json:1:16: __proto__: expected one of/);
    expect(({} as { description?: unknown }).description).toBeUndefined();
  });

  it('large files are refused, whatever they are', async () => {
    const text = `{"description": "${'x'.repeat(2 ** 18)}", "stages": []}`;
    expect(await failure(text)).toMatch(
      /expected a pipeline file of at most 256 KiB, received more$/,
    );
    expect((await read(text.replace('x'.repeat(100), ''))).stages).toEqual([]);
    await expect(readPipeline('/dev/zero')).rejects.toMatchObject({ code: 'ERR_INVALID_PIPELINE' });
  });

  it('long names and many keys take no time', async () => {
    const begin = performance.now();
    const long = 'k'.repeat(20_000);
    const members = Array.from({ length: 20_000 }, (_, i) => `"a${String(i).padStart(6, '0')}":1`);
    expect(await failure(`{"stages":[],"variables":{"${long}":{${members}}}}`)).toMatch(
      /variables\.k+: expected a name|"type", "default"|one of type/,
    );
    expect(await failure(`{"stages":[{"op":"${'k'.repeat(240_000)}"}]}`)).toMatch(
      /^ERR_UNKNOWN_OP/,
    );
    expect(await failure(`{"stages":[],"${'k'.repeat(240_000)}":1}`)).toMatch(/^ERR_INVALID_P/);
    expect(performance.now() - begin).toBeLessThan(10_000);
  });

  it('variables cannot make a text of gigabytes', async () => {
    const text = `{"variables": {"a": {"type": "string", "default": "${'x'.repeat(100_000)}"}},
      "stages": [{"op": "blend", "source": {"image": "${'${a}'.repeat(30_000)}"}}]}`;
    expect(await failure(text)).toMatch(
      /image: expected variables to insert at most 10000 characters, /,
    );
  });

  it('puts images where the file is', async () => {
    const { stages } = await read(
      '{"stages": [{"op": "blend", "source": {"image": "./logo.png"}}]}',
    );
    expect(stages[0]).toMatchObject({ source: { image: join(folder, 'logo.png') } });
  });

  it.each([
    ['{"stages": [}', 'look.json:1:13: expected a value, found "}"'],
    ['{"stages": [,]}', 'look.json:1:13: expected a value, found ","'],
    ['{"stages": [{"op"\n "sepia"}]}', 'look.json:2:2: expected ":", found a string'],
    ['{"stages": [\n  {"op": "sepia"}', 'look.json:2:18: expected "," or "]", the file ends'],
    ['{"stages": [] /* x', 'look.json:1:15: an unterminated comment'],
    ['{"stages": ["a\nb"]}', 'look.json:1:13: a string without a closing quote on its line'],
    ['{"stages": ["\\x"]}', 'look.json:1:13: a string with an invalid escape'],
    ['{"stages": ["\x01"]}', 'look.json:1:13: a string with a control character'],
    ['{"stages": [01]}', 'look.json:1:14: expected "," or a closing bracket, found a number'],
    ['{"stages": []} {}', 'look.json:1:16: expected the end of the file, found "{"'],
    ['{"stages": []} x', `look.json:1:16: ${noJson}`],
    ["{'stages': []}", `look.json:1:2: ${noJson}`],
    ['{"stages": [NaN]}', `look.json:1:13: ${noJson}`],
    ['{"stages": [],\n "stages": []}', 'look.json:2:2: the same key as at line 1, column 2'],
    [`${'['.repeat(2e5)}`, 'look.json:1:101: nested deeper than 100'],
    [`${'{"a":'.repeat(5e4)}`, 'look.json:1:501: nested deeper than 100'],
    ['', 'look.json:1:1: expected a value, the file ends'],
    ['[]', 'look.json: expected an object with "stages"'],
    ['{}', 'look.json: expected an object with "stages"'],
    ['"root:x:0:0"', 'look.json: expected an object with "stages"'],
    ['{"token": "1234"}', 'look.json: expected an object with "stages"'],
    ['{"stages": {}}', 'look.json:1:2: stages: expected an array of stages, received an object'],
    [
      '{"stages": [], "description": 1}',
      'look.json:1:16: description: expected a string, received 1',
    ],
    [
      '{"stages": [],\n"stage": 1}',
      'look.json:2:1: stage: expected one of $schema, description, variables, stages, received "stage" (did you mean "stages"?)',
    ],
    [
      '{"stages": [5]}',
      'look.json:1:13: stages[0]: expected a stage, { "op": name, … }, received 5',
    ],
  ])('refuses %s', async (text, message) => {
    expect(await failure(text)).toBe(`ERR_INVALID_PIPELINE ${message}`);
  });

  it('says where an option is wrong', async () => {
    expect(
      await failure('{"stages": [{"op": "sepia"},\n  {"op": "gaussianBlur",\n   "radius": -1}]}'),
    ).toBe(
      'ERR_INVALID_OPTION look.json:3:4: stages[1].radius: gaussianBlur expects an integer from 0 to 10000, received -1',
    );
    expect(await failure('{"stages": [{"op": "blend", "source": "logo.png"}]}')).toMatch(
      /stages\[0\]\.source: blend expects an Image, an ImageU8, \{ image: path \}, \{ stages: \[…\] \}, \{ input: name \} or \{ previous: frames \}, received "logo.png"$/,
    );
    expect(await failure('{"stages": [\n {"op": "resize"}]}')).toBe(
      'ERR_INVALID_OPTION look.json:2:2: stages[0]: resize expects width or height, received neither',
    );
    expect(await failure('{"stages": [\n {"op": "blurr"}]}')).toMatch(
      /^ERR_UNKNOWN_OP look\.json:2:3: stages\[0\]\.op: expected the name of an operation, received "blurr"/,
    );
    expect(await failure('{"stages": [{"op": "sepia", "__proto__": {}}]}')).toMatch(
      /^ERR_INVALID_OPTION look\.json:1:29: stages\[0\]\.__proto__: sepia has no option/,
    );
  });

  it('says which image is missing', async () => {
    expect(await failure('{"stages": [{"op": "blend",\n "source": {"image": "nope.png"}}]}')).toBe(
      'ERR_INVALID_PIPELINE look.json:2:13: stages[0].source.image: cannot read the file nope.png',
    );
  });

  it('says that the file is missing', async () => {
    await expect(readPipeline(join(folder, 'none.json'))).rejects.toThrow(
      /^pipeline .*none\.json: no such file$/,
    );
    await expect(readPipeline(folder)).rejects.toMatchObject({ code: 'ERR_INVALID_PIPELINE' });
  });
});

describe('variables', () => {
  it('keep their type as a whole value and are text inside one', async () => {
    expect((await read(brightness('"${a}"'))).stages[0]).toMatchObject({ factor: 0.5 });
    expect((await read(brightness('"${a}"'), { a: -2 })).stages[0]).toMatchObject({ factor: -2 });
    expect(await failure(brightness('"x${a}$${a}"'))).toMatch(/received "x0.5\$\{a\}"$/);
  });

  it('may stand inside lists and names of images', async () => {
    const text = `{"variables": {"r": {"type": "number", "default": 0.25}, "name": {"type": "string", "default": "logo"}},
      "stages": [{"op": "fillColor", "color": ["\${r}", 0, 0]}, {"op": "blend", "source": {"image": "\${name}.png"}}]}`;
    expect((await read(text)).stages).toMatchObject([
      { color: [0.25, 0, 0, 1] },
      { source: { image: join(folder, 'logo.png') } },
    ]);
  });

  it('of type image are relative to the file by default and to the working directory when given', async () => {
    const text = `{"variables": {"logo": {"type": "image", "default": "logo.png"}},
      "stages": [{"op": "blend", "source": {"image": "\${logo}"}}]}`;
    expect((await read(text)).stages[0]).toMatchObject({
      source: { image: join(folder, 'logo.png') },
    });
    const given = await read(text, { logo: 'package.json' });
    expect(given.stages[0]).toMatchObject({ source: { image: resolve('package.json') } });
  });

  it('of files are whole options, too, and in branches and masks', async () => {
    const text = `{"variables": {"logo": {"type": "image", "default": "logo.png"}, "film": {"type": "lut", "default": "film.cube"}},
      "stages": [{"op": "blend", "source": {"stages": [
        {"op": "blend", "source": "\${logo}"}, {"op": "lut3d", "lut": "\${film}", "mask": "\${logo}"}]}}]}`;
    writeFileSync(join(folder, 'film.cube'), '');
    const logo = { image: join(folder, 'logo.png') };
    expect((await read(text)).stages[0]).toMatchObject({
      source: { stages: [{ source: logo }, { lut: join(folder, 'film.cube'), mask: logo }] },
    });
    const given = await read(text, { logo: 'package.json' });
    expect(given.stages[0]).toMatchObject({
      source: { stages: [{ source: { image: resolve('package.json') } }, {}] },
    });
  });

  it('of files that are missing or of another type are refused where they stand', async () => {
    const of = (type: string, path: string) =>
      `{"variables": {"a": {"type": "${type}", "default": "${path}"}}, "stages": [{"op": "blend",\n "source": "\${a}"}]}`;
    expect(await failure(of('image', 'nope.png'))).toBe(
      'ERR_INVALID_PIPELINE look.json:2:2: stages[0].source.image: cannot read the file nope.png',
    );
    for (const type of ['string', 'lut']) {
      expect(await failure(of(type, 'logo.png'))).toMatch(
        /^ERR_INVALID_OPTION look\.json:2:2: stages\[0\]\.source: blend expects an Image, .*logo\.png"$/,
      );
    }
  });

  it.each([
    [brightness('"${b}"'), 'look.json:3:3: stages[0].factor: unknown variable "b"; it has a'],
    [brightness('"${}"'), 'look.json:3:3: stages[0].factor: unknown variable ""; it has a'],
    [
      brightness('"${b}"', '{}'),
      'look.json:3:3: stages[0].factor: unknown variable "b"; the pipeline has none',
    ],
    [brightness('1', '[]'), 'look.json:1:2: variables: expected an object, received []'],
    [
      brightness('1', '{"a": 1}'),
      'look.json:1:16: variables.a: expected { "type", "default" }, received 1',
    ],
    [
      brightness('1', '{"a": {"type": "float", "default": 1}}'),
      'look.json:1:22: variables.a.type: expected one of number, integer, boolean, string, color, image, lut, received "float"',
    ],
    [
      brightness('1', '{"a": {"type": "integer", "default": 1.5}}'),
      'look.json:1:41: variables.a.default: expected an integer, received 1.5',
    ],
    [
      brightness('1', '{"a": {"type": "integer"}}'),
      'look.json:1:16: variables.a.default: expected an integer, received undefined',
    ],
    [
      brightness('1', '{"a": {"type": "string", "default": "", "min": 1}}'),
      'look.json:1:55: variables.a.min: expected one of type, default, description, received "min"',
    ],
    [
      brightness('1', '{"a b": {}}'),
      'look.json:1:16: variables.a b: expected a name of letters, digits and _, received "a b"',
    ],
  ])('%s', async (text, message) => {
    expect(await failure(text)).toBe(`ERR_INVALID_PIPELINE ${message}`);
  });

  it('are checked when they are given', async () => {
    expect(await failure(brightness('"${a}"'), { a: 'x' })).toBe(
      'ERR_INVALID_PIPELINE look.json:1:16: variables.a: expected a number, received "x"',
    );
    expect(await failure(brightness('"${a}"'), { aa: 1 })).toBe(
      'ERR_INVALID_PIPELINE look.json:1:2: the pipeline has no variable "aa" (did you mean "a"?); it has a',
    );
  });

  it('are parsed by their type', async () => {
    const types = ['number', 'integer', 'boolean', 'string', 'color', 'image'];
    const defaults = ['0', '0', 'false', '""', '"#000"', '"x"'];
    const declared = types.map(
      (type, i) => `"${type}": {"type": "${type}", "default": ${defaults[i]}}`,
    );
    writeFileSync(file, `{"variables": {${declared}}, "stages": []}`);
    const { parseValue } = await openPipelineFile(file);
    expect(parseValue('number', '.5')).toBe(0.5);
    expect(parseValue('integer', '-3')).toBe(-3);
    expect(parseValue('boolean', 'true')).toBe(true);
    expect(parseValue('string', '12')).toBe('12');
    expect(parseValue('color', '#ff0000')).toBe('#ff0000');
    expect(parseValue('color', '[1, 0, 0]')).toEqual([1, 0, 0]);
    expect(parseValue('image', 'a=b.png')).toBe('a=b.png');
    for (const [name, text] of [
      ['number', ''],
      ['number', '1px'],
      ['integer', '1.5'],
      ['boolean', '1'],
      ['color', 'red'],
      ['image', ''],
    ]) {
      expect(() => parseValue(name as string, text as string), `${name}=${text}`).toThrow(
        /expected/,
      );
    }
  });
});

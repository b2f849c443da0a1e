/** What an editor shows of the builder, the groups and their options, in a project that has installed the package. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Adjust, Blend, Effect, Fill, Filter, Measure, Resize, Transform } from 'framelane';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { editorHelp } from '../../src/ops/editor-help.ts';
import { ops } from '../../src/ops/index.ts';
import { scope } from '../../src/ops/scope.ts';
import type { OpDeclaration } from '../../src/schema/declaration.ts';
import type { Parameter, Parameters } from '../../src/schema/parameter.ts';
import { temporaryFolder } from '../helpers/files.ts';
import { LanguageServer } from '../helpers/language-server.ts';
import { expectHelp } from '../helpers/option-help.ts';

const groups = { Fill, Adjust, Filter, Blend, Effect, Transform, Resize, Measure };
const table = Object.values<OpDeclaration>(ops);

interface Row {
  /** What stands before the method: `pipeline()` or `Filter`. */
  readonly object: string;
  readonly method: string;
  readonly op: OpDeclaration;
  /** Arguments before the options. */
  readonly before: string;
  readonly parameters: Parameters;
  /** Options that are documented by name only. */
  readonly extra: readonly string[];
}

const stages = table.map(
  (op): Row => ({
    object: 'pipeline()',
    method: op.name,
    op,
    before: '',
    parameters: op.parameters,
    extra: Object.keys(scope),
  }),
);

const methods = Object.entries(groups).flatMap(([object, methodsOf]) =>
  Object.keys(methodsOf).map((method): Row => {
    const op = table.find((one) => one.group === object && Object.hasOwn(one.methods, method));
    if (op === undefined) throw new Error(`${object}.${method} is in no table`);
    const given = Object.entries(op.parameters).filter(
      ([name]) => !Object.hasOwn(op.methods[method] ?? {}, name),
    );
    const buffers = op.pattern === 'dst' ? ['dst', 'temp'] : [];
    const extra = op.pattern === 'result' ? [] : [...buffers, ...Object.keys(scope)];
    const parameters: Parameters = Object.fromEntries(given);
    return { object, method, op, before: 'image, ', parameters, extra };
  }),
);

const rows = [...stages, ...methods].map((row) => [`${row.object}.${row.method}`, row] as const);

const preamble = [
  `import { Image, Lut, pipeline, ${Object.keys(groups).join(', ')} } from 'framelane';`,
  'declare const image: Image, overlay: Image, lut: Lut;',
  '',
].join('\n');

let server: LanguageServer;

/** Writes the code behind the preamble and gives the offset of the `|` in it. */
function type(code: string): number {
  const offset = preamble.length + code.indexOf('|');
  server.write(preamble + code.replace('|', ''));
  return offset;
}

const folder = temporaryFolder('editor');

beforeAll(async () => {
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(resolve('.'), join(folder, 'node_modules', 'framelane'));
  const compilerOptions = { strict: true, module: 'nodenext', target: 'es2023', types: [] };
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['look.ts'] }),
  );
  server = await LanguageServer.start(folder, join(folder, 'look.ts'));
});

afterAll(() => server.stop());

describe('the files', () => {
  it.each([...editorHelp()])('%s is what the table says (npm run docs writes it)', (path, text) => {
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('are all that there are', () => {
    const found = ['src/ops/help', 'src/image/help'].flatMap((path) =>
      readdirSync(path).map((name) => `${path}/${name}`),
    );
    expect(new Set(found)).toEqual(new Set(editorHelp().keys()));
  });
});

it('an example that does not compile is found', async () => {
  type('pipeline().brightness();|');
  expect(await server.errors()).toHaveLength(1);
});

describe.each(rows)('%s', (name, { object, method, op, before, parameters, extra }) => {
  const codeOf = (help: string) => /\*@example\*\n```\w*\n([\s\S]*?)\n```/.exec(help)?.[1] ?? '';

  it('shows its sentence, every option and an example', async () => {
    const help = await server.hover(type(`${object}.|${method}`));
    expect(help).toContain(`\n${op.doc}`);
    const lines = help.split('\n').filter((line) => line.startsWith('- '));
    const documented = lines.flatMap((line) =>
      Array.from(line.split(': ')[0]?.matchAll(/`(\w+)`/g) ?? [], ([, option]) => option),
    );
    expect(documented).toEqual([...Object.keys(parameters), ...extra]);
    for (const [index, [option, parameter]] of Object.entries(parameters).entries()) {
      const line = lines[index] ?? '';
      expectHelp(line.slice(line.indexOf(': ') + 2), parameter, op, option);
      expect(line.includes('by position')).toBe(option === op.primary);
    }
    expect(codeOf(help)).toMatch(new RegExp(`^${name.replace('()', '\\(\\)')}\\(.*\\)$`));
  });

  it('has an example that compiles', async () => {
    const example = codeOf(await server.hover(type(`${object}.|${method}`)));
    type(`${example};|`);
    expect(await server.errors()).toEqual([]);
  });

  it('is completed with the same help', async () => {
    const offered = await server.completions(type(`${object}.|`));
    const help = await server.hover(type(`${object}.|${method}`));
    expect(offered.get(method)).toBe(help.slice(help.indexOf('```\n') + 4));
  });

  it('completes its options, each with its help', async () => {
    const all = { ...parameters, ...(before === '' && scope) };
    const offered = await server.completions(type(`${object}.${method}(${before}{ | })`));
    expectOptions(offered, all, op);
    if (op.primary === undefined) return;
    const others = Object.entries(all).filter(([option]) => option !== op.primary);
    const code = `${object}.${method}(${before}overlay as never, { | })`;
    expectOptions(await server.completions(type(code)), Object.fromEntries(others), op);
  });
});

it('the immediate API asks for objects, the builder takes files and branches, too', async () => {
  const shown = async (code: string) => (await server.hover(type(code))).split('\n');
  const isSource = (line: string) => /`(source|lut)`/.test(line);
  const rows = ['Blend.|add', 'Adjust.|lut3d', 'pipeline().|blend', 'pipeline().|lut3d'].map(shown);
  const values = (await Promise.all(rows)).map((lines) => lines.find(isSource)?.split('. ')[1]);
  expect(values).toEqual([
    'An Image, an ImageU8 or { stages: […] }; required.',
    'A Lut; required.',
    expect.stringMatching(
      /^An Image, an ImageU8, \{ image: path \}, \{ stages: \[…\] \}.*; required\.$/,
    ),
    'A Lut or the path of a .cube file; required.',
  ]);
});

describe.each(stages.map((row) => [row.method, row] as const))('a stage of %s', (name, { op }) => {
  it('completes its options, each with its help', async () => {
    const offered = await server.completions(type(`pipeline([{ op: '${name}', | }])`));
    expectOptions(offered, { ...op.parameters, ...scope }, op);
  });
});

function expectOptions(
  offered: ReadonlyMap<string, string>,
  parameters: Readonly<Record<string, Parameter>>,
  op: OpDeclaration,
): void {
  for (const [option, parameter] of Object.entries(parameters)) {
    expectHelp(offered.get(option) ?? '', parameter, op, option);
  }
}

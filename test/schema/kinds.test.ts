/** A new kind is a file and a row in `kinds`: all that depends on the kind of a parameter follows from them. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it, vi } from 'vitest';
import { FramelaneError } from '../../src/errors/errors.ts';
import { nativeStages } from '../../src/image/stages.ts';
import type { StageInput } from '../../src/ops/index.ts';
import { referenceMarkdown } from '../../src/ops/reference.ts';
import { parsePipelineFile } from '../../src/pipeline/file.ts';
import { pipelineSchema } from '../../src/pipeline/json-schema.ts';
import { pipeline } from '../../src/pipeline/pipeline.ts';
import { draftOf } from '../../src/preview/live/draft.ts';
import { stepped } from '../../src/preview/live/parameter-steps.ts';
import type { Kind } from '../../src/schema/kind.ts';
import { kinds } from '../../src/schema/kinds.ts';
import type { VariableValue } from '../../src/schema/variable.ts';
import { errorOf } from '../helpers/errors.ts';

vi.mock('../../src/schema/kinds.ts', async (original) => {
  const actual = await original<typeof import('../../src/schema/kinds.ts')>();
  const { pointKind } = await import('../helpers/point-kind.ts');
  return { ...actual, kinds: { ...actual.kinds, point: pointKind } };
});

vi.mock('../../src/ops/index.ts', async (original) => {
  const actual = await original<typeof import('../../src/ops/index.ts')>();
  const at = { kind: 'point', doc: 'Where it falls.', unit: 'px', default: [8, 6] };
  const spotlight = {
    name: 'spotlight',
    group: 'Effect',
    doc: 'Lights a place.',
    formula: 'none',
    source: 'none',
    pattern: 'inPlace',
    primary: 'at',
    methods: { spotlight: {} },
    parameters: { at },
  };
  return { ...actual, ops: { ...actual.ops, spotlight } };
});

const spotlight = (at?: unknown) => ({ op: 'spotlight', ...(at !== undefined && { at }) });
const build = (at?: unknown) => pipeline([spotlight(at) as unknown as StageInput]);

describe('a kind that is new', () => {
  it('is accepted, and its default filled in', () => {
    expect(build([1, 2.5]).stages).toEqual([{ op: 'spotlight', at: [1, 2.5] }]);
    expect(build().stages).toEqual([{ op: 'spotlight', at: [8, 6] }]);
  });

  it.each([
    [[1], '[1]'],
    [[1, 2, 3], '[1, 2, 3]'],
    [[1, Number.NaN], '[1, NaN]'],
    ['1, 2', '"1, 2"'],
  ])('refuses %j in its own words', (at, received) => {
    const error = errorOf(() => build(at));
    expect(error).toBeInstanceOf(FramelaneError);
    expect(error).toMatchObject({ code: 'ERR_INVALID_OPTION', path: 'stages[0].at' });
    expect(error.message).toBe(
      `stages[0].at: spotlight expects a point [x, y], received ${received}`,
    );
  });

  it('may be given by position, and comes back from JSON', () => {
    const builder = pipeline() as unknown as { spotlight(at: unknown): ReturnType<typeof build> };
    const built = builder.spotlight([3, 4]);
    const { stages } = JSON.parse(JSON.stringify(built));
    expect(pipeline(stages).stages).toEqual([{ op: 'spotlight', at: [3, 4] }]);
  });

  it('is in the JSON Schema, of stages and of variables', () => {
    const ajv = new Ajv2020({ strictRequired: false, strictTypes: false });
    const validate = ajv.compile(pipelineSchema());
    const variables = (value: unknown) => ({ p: { type: 'point', default: value } });
    const stages = (at?: unknown) => [spotlight(at)];
    expect(validate({ stages: stages([1, 2]) })).toBe(true);
    expect(validate({ stages: stages() })).toBe(true);
    expect(validate({ stages: stages(['${x}', 2]) })).toBe(true);
    expect(validate({ variables: variables([0, 1]), stages: stages('${p}') })).toBe(true);
    expect(validate({ stages: stages([1]) })).toBe(false);
    expect(validate({ stages: stages('middle') })).toBe(false);
    expect(validate({ variables: variables([0]), stages: [] })).toBe(false);
  });

  it('is in the reference', () => {
    expect(referenceMarkdown()).toContain(
      '| `at` *(first)* | a point [x, y], px | [8,6] | Where it falls. |',
    );
  });

  const text = (value: string) =>
    `{"variables": {"p": {"type": "point", "default": ${value}}}, "stages": [{"op": "spotlight", "at": "\${p}"}]}`;

  it('is a type of variable', async () => {
    const file = parsePipelineFile('look.json', text('[1, 2]'));
    expect((await file.build()).stages).toEqual([spotlight([1, 2])]);
    expect(file.parseValue('p', '[5, 6]')).toEqual([5, 6]);
    const { stages } = await file.build({ p: [7, 8] as unknown as VariableValue });
    expect(stages).toEqual([spotlight([7, 8])]);
    expect(errorOf(() => parsePipelineFile('look.json', text('[1]'))).message).toBe(
      'look.json:1:39: variables.p.default: expected a point [x, y], received [1]',
    );
  });

  it('is changed by steps in a preview, part by part, as a variable and as an option', async () => {
    const option = '{"stages": [{"op": "spotlight", "at": [1, 2]}]}';
    for (const [written, name, place] of [
      [text('[1, 2]'), 'p', 'variables.p.default'],
      [option, 'stages[0].at', 'stages[0].at'],
    ] as const) {
      const { parameters } = await draftOf('look.json', written, new Map());
      expect(parameters.map((one) => [one.name, one.value, one.changed])).toEqual([
        [`${name}.x`, 1, false],
        [`${name}.y`, 2, false],
      ]);
      const [, y] = parameters;
      if (y === undefined) throw new Error('there is no y');
      expect(y.place).toBe(place);
      const changes = new Map([[place, y.written(stepped(y, 3))]]);
      const draft = await draftOf('look.json', written, changes);
      expect(draft.stages).toEqual([spotlight([1, 2.3])]);
      expect(draft.parameters.map(({ changed }) => changed)).toEqual([false, true]);
    }
  });

  it('goes to the addon as it is', () => {
    expect(nativeStages(build([1, 2]).stages, 'cpu')).toEqual([spotlight([1, 2])]);
  });
});

describe('the table of kinds', () => {
  it.each(Object.entries<Kind>(kinds))('%s: what its schema refers to is there', (name, kind) => {
    const parameter = { kind: name, doc: '', values: ['a'], expects: 'text' };
    const written = JSON.stringify([kind.schema(parameter), kind.variable?.schema]);
    const names = [...written.matchAll(/#\/\$defs\/(\w+)/g)].map(([, definition]) => definition);
    for (const definition of names) {
      expect(['variable', ...Object.keys(kind.definitions ?? {})]).toContain(definition);
    }
  });

  it.each(Object.entries<Kind>(kinds).flatMap(([name, { file }]) => (file ? [[name, file]] : [])))(
    '%s: its file can be replaced',
    (_, file) => {
      // As a caller writes it: the message says how.
      const value = file.at === '' ? 'a.x' : { [file.at.slice(1)]: 'a.x' };
      expect(file.of(value)).toBe('a.x');
      expect(file.of(file.with(value, '/b.x'))).toBe('/b.x');
      for (const none of [undefined, null, 1, '', [], {}, new Map()]) {
        expect(file.of(none)).toBeUndefined();
      }
    },
  );
});

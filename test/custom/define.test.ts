/** A defined operation is treated like those of the table: builder, files, schema, variables, preview, stages for the addon. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import {
  defineOp,
  defineStencilOp,
  Image,
  Lut,
  pipeline,
  pipelineSchema,
  readPipeline,
  type StageInput,
} from 'framelane';
import { afterAll, describe, expect, it } from 'vitest';
import { nativeStages } from '../../src/image/stages.ts';
import { referenceMarkdown } from '../../src/ops/reference.ts';
import { parsePipelineFile } from '../../src/pipeline/file.ts';
import { withValue } from '../../src/pipeline/value.ts';
import { listParameters } from '../../src/preview/live/list-parameters.ts';
import { errorOf } from '../helpers/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'framelane-'));
afterAll(() => rmSync(folder, { recursive: true }));

const gradeDefinition = {
  name: 'grade',
  doc: 'Tints the picture.',
  primary: 'amount',
  params: {
    amount: { type: 'number', min: 0, max: 1, default: 0.5, doc: 'How much.' },
    tint: { type: 'color', default: '#ff8000' },
    mode: { type: 'enum', values: ['soft', 'hard'], default: 'soft' },
    keep: { type: 'boolean', default: false },
    steps: { type: 'integer', min: 1 },
  },
  pixel: 'c.rgb = keep || mode == mode.hard ? c.rgb : mix(c.rgb, tint.rgb, amount / steps)',
} as const;
const grade = defineOp(gradeDefinition);
const soften = defineStencilOp({
  name: 'soften',
  radius: 2,
  pixel: 'c = (at(-2, 0) + c + at(2, 0)) / 3.0',
});
// Names that other definitions of the schema have.
defineOp({ name: 'color', pixel: 'c.r = 1.0' });
defineOp({ name: 'constructor', pixel: 'c.r = 1.0' });

const stages = (...list: readonly object[]) => pipeline(list as readonly StageInput[]).stages;

describe('a definition', () => {
  it('given again is the same operation', () => {
    expect(defineOp({ ...gradeDefinition })).toBe(grade);
    expect(grade.name).toBe('grade');
  });

  it('with the same name and another text, parameter or radius is refused', () => {
    for (const change of [
      { pixel: 'c.r = 1.0' },
      { doc: 'Another.' },
      { params: { ...gradeDefinition.params, amount: { type: 'number' } } },
    ] as const) {
      const { code, message } = errorOf(() => defineOp({ ...gradeDefinition, ...change }));
      expect([code, message]).toEqual([
        'ERR_INVALID_OP',
        'grade: name: expected a name other than one with another definition, received "grade"',
      ]);
    }
    const other = { name: 'soften', radius: 3, pixel: 'c = (at(-2, 0) + c + at(2, 0)) / 3.0' };
    expect(errorOf(() => defineStencilOp(other)).code).toBe('ERR_INVALID_OP');
  });
});

describe('a stage', () => {
  const complete = {
    op: 'grade',
    amount: 0.5,
    tint: [1, 128 / 255, 0, 1],
    mode: 'soft',
    keep: false,
    steps: 2,
  };

  it('is completed and checked like any other', () => {
    expect(stages({ op: 'grade', steps: 2 })).toEqual([complete]);
  });

  it.each([
    [{ op: 'grade' }, 'stages[0].steps: grade expects an integer of at least 1, received nothing'],
    [
      { op: 'grade', steps: 2, amuont: 1 },
      'stages[0].amuont: grade has no option "amuont" (did you mean "amount"?); it has amount, tint, mode, keep, steps, mask, region',
    ],
    [
      { op: 'grade', steps: 2, amount: 2 },
      'stages[0].amount: grade expects a number from 0 to 1, received 2',
    ],
    [
      { op: 'grade', steps: 2, mode: 'sfot' },
      'stages[0].mode: grade expects one of soft, hard, received "sfot" (did you mean "soft"?)',
    ],
    [
      { op: 'gradee', steps: 2 },
      'stages[0].op: expected the name of an operation, received "gradee" (did you mean "grade"?)',
    ],
  ])('%j', (stage, message) => {
    expect(errorOf(() => stages(stage)).message).toBe(message);
  });

  it('is made by the builder from the function or the name', () => {
    const wanted = [complete, { op: 'invert' }, { op: 'soften' }];
    const built = pipeline().op(grade, { steps: 2 }).invert().op(soften);
    expect(built.stages).toEqual(wanted);
    expect(pipeline().op('grade', { steps: 2 }).op('invert').op('soften').stages).toEqual(wanted);
    expect(pipeline().op(grade, 0.25, { steps: 2 }).stages).toEqual([
      { ...complete, amount: 0.25 },
    ]);
    expect(JSON.parse(JSON.stringify(built))).toEqual({ stages: wanted });
    expect(withValue(built, 'stages[0].amount', 0.75).stages[0]).toEqual({
      ...complete,
      amount: 0.75,
    });
  });

  it.each([undefined, null, 1, () => {}])('is not made from %s', (value) => {
    const { code, message } = errorOf(() => pipeline().op(value as never));
    expect(code).toBe('ERR_INVALID_ARGUMENT');
    expect(message).toContain('op: expected an operation from defineOp, or the name of one');
  });

  it('in a branch and in a file takes variables', async () => {
    const path = join(folder, 'look.json');
    const file = {
      variables: { much: { type: 'number', default: 0.25 } },
      stages: [
        {
          op: 'blend',
          source: { stages: [{ op: 'grade', amount: '${much}', steps: 2 }, { op: 'soften' }] },
        },
      ],
    };
    writeFileSync(path, JSON.stringify(file));
    const [blend] = (await readPipeline(path, { much: 0.75 })).stages;
    expect(blend).toMatchObject({
      source: { stages: [{ ...complete, amount: 0.75 }, { op: 'soften' }] },
    });
  });
});

describe('the schema', () => {
  const validate = new Ajv2020({ strict: false }).compile(pipelineSchema());
  const accepts = (stage: object) => validate({ stages: [stage] });

  it('knows the operation and its options', () => {
    expect(accepts({ op: 'grade', steps: 2, amount: 0.5, mode: 'hard', tint: '#fff' })).toBe(true);
    expect(accepts({ op: 'grade', steps: 2, mask: { image: 'm.png' } })).toBe(true);
    expect(accepts({ op: 'grade' })).toBe(false);
    expect(accepts({ op: 'grade', steps: 2, amount: 2 })).toBe(false);
    expect(accepts({ op: 'grade', steps: 2, other: 2 })).toBe(false);
    expect(accepts({ op: 'color' })).toBe(true);
    expect(accepts({ op: 'constructor' })).toBe(true);
    expect(accepts({ op: 'fillColor', color: '#ff0000' })).toBe(true);
  });
});

it('the reference lists it', () => {
  const text = referenceMarkdown();
  expect(text).toContain('## Custom\n\n### grade\n\nTints the picture.');
  expect(text).toContain('| `amount` *(first)* | a number from 0 to 1 | 0.5 | How much. |');
});

it('a preview changes its parameters', () => {
  const file = parsePipelineFile('look.json', '{ "stages": [{ "op": "grade", "steps": 2 }] }');
  const found = listParameters(file, stages({ op: 'grade', steps: 2 }), () => undefined);
  expect(found.map(({ label, kind }) => [label, kind])).toEqual([
    ['grade amount', 'number'],
    ...['red', 'green', 'blue', 'alpha'].map((part) => [`grade tint ${part}`, 'number']),
    ['grade mode', 'enum'],
    ['grade keep', 'boolean'],
    ['grade steps', 'integer'],
  ]);
});

describe('the stage for the addon', () => {
  it('has the number of the code, and the parameters as numbers', () => {
    const list = stages({ op: 'grade', steps: 3, keep: true, mode: 'hard', tint: [0.25, 0.5, 1] });
    const [stage] = nativeStages(list, 'cpu');
    expect(stage).toEqual({
      op: 'custom',
      code: expect.any(Number),
      parameters: Float32Array.of(0.5, 0.25, 0.5, 1, 1, 1, 1, 3),
    });
  });

  it('of a stencil has a radius', () => {
    const [stage] = nativeStages(stages({ op: 'soften' }), 'cpu');
    expect(stage).toMatchObject({ op: 'customStencil', radius: 2 });
  });

  it('keeps its mask and region', () => {
    const region = { x: 0, y: 0, width: 2, height: 2 };
    using mask = new Image(2, 2, { device: 'cpu' });
    const [stage] = nativeStages(stages({ op: 'soften', region, mask }), 'cpu');
    expect(stage).toMatchObject({ region, mask: expect.objectContaining({ width: 2 }) });
  });

  it('has the same code each time', () => {
    const list = stages({ op: 'soften' }, { op: 'soften' }, { op: 'grade', steps: 3 });
    const codes = nativeStages(list, 'cpu').map((stage) => stage['code']);
    expect(codes[0]).toBe(codes[1]);
    expect(codes[0]).not.toBe(codes[2]);
  });
});

describe('a call', () => {
  using image = new Image(4, 4, { device: 'cpu' });

  it.each([
    [
      () => grade(image, {} as never),
      'steps: grade expects an integer of at least 1, received nothing',
    ],
    [
      () => grade(image, { steps: 1, dst: image } as never),
      'dst: grade has no option "dst"; it has amount, tint, mode, keep, steps, mask, region',
    ],
    [
      () => soften(image, { radius: 1 } as never),
      'radius: soften has no option "radius"; it has mask, region',
    ],
    [
      () => soften(new Lut({ size: 2, entries: Array(24).fill(0) }) as never),
      'image: expected an Image or ImageU8, received an instance of Lut',
    ],
  ])('that is wrong: %s', (call, message) => {
    expect(errorOf(call).message).toBe(message);
  });
});

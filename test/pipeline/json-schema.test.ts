import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { openPipelineFile } from '../../src/pipeline/file.ts';
import { pipelineSchema } from '../../src/pipeline/json-schema.ts';

const validate = new Ajv2020({
  allErrors: true,
  strictRequired: false,
  strictTypes: false,
}).compile(pipelineSchema());
const accepts = (...stages: object[]) => validate({ stages });
const files = readdirSync('pipelines').filter((name) => name.endsWith('.json'));

describe('the JSON Schema', () => {
  it('is the one beside the pipelines (npm run docs writes it)', () => {
    const committed = readFileSync('pipelines/schema/pipeline.schema.json', 'utf8');
    expect(JSON.parse(committed)).toEqual(JSON.parse(JSON.stringify(pipelineSchema())));
  });

  it('accepts what the builder accepts', () => {
    expect(accepts()).toBe(true);
    expect(
      accepts({ op: 'gaussianBlur', radius: 8 }, { op: 'invert' }, { op: 'gaussianBlur' }),
    ).toBe(true);
    expect(accepts({ op: 'fillColor', color: '#fff' }, { op: 'fillColor', color: [1, 0, 0] })).toBe(
      true,
    );
    expect(
      accepts({ op: 'resize', width: 10 }, { op: 'resize', height: 10, antialias: false }),
    ).toBe(true);
    expect(accepts({ op: 'blend', source: { image: 'a.png' }, mode: 'add' })).toBe(true);
  });

  it('accepts a variable wherever a value goes', () => {
    expect(accepts({ op: 'brightness', factor: '${a}' }, { op: 'flip', direction: '${a}' })).toBe(
      true,
    );
    expect(
      accepts({ op: 'fillColor', color: '${a}' }, { op: 'fillColor', color: ['${a}', 0, 0] }),
    ).toBe(true);
    expect(
      accepts({ op: 'blend', source: '${a}' }, { op: 'blend', source: { image: '${a}/b.png' } }),
    ).toBe(true);
  });

  it.each([
    [{ op: 'nonsense' }],
    [{ factor: 1 }],
    [{ op: 'brightness' }],
    [{ op: 'brightness', factor: 'much' }],
    [{ op: 'brightness', factor: 1, radius: 1 }],
    [{ op: 'gaussianBlur', radius: -1 }],
    [{ op: 'gaussianBlur', radius: 1.5 }],
    [{ op: 'gamma', gamma: 0.001 }],
    [{ op: 'flip', direction: 'sideways' }],
    [{ op: 'resize' }],
    [{ op: 'fillColor', color: '#ff' }],
    [{ op: 'fillColor', color: [1, 2] }],
    [{ op: 'blend', source: 'a.png' }],
    [{ op: 'blend', source: { path: 'a.png' } }],
  ])('refuses %j', (stage) => {
    expect(accepts(stage)).toBe(false);
  });

  it.each([
    [{ a: { type: 'number', default: 1 } }, true],
    [{ a: { type: 'image', default: 'a.png', description: 'x' } }, true],
    [{ a: { type: 'number', default: 'x' } }, false],
    [{ a: { type: 'float', default: 1 } }, false],
    [{ a: { type: 'number' } }, false],
    [{ 'a b': { type: 'number', default: 1 } }, false],
  ])('variables %j: %s', (variables, valid) => {
    expect(validate({ variables, stages: [] })).toBe(valid);
  });
});

describe.each(files)('pipelines/%s', (name) => {
  const path = `pipelines/${name}`;

  it('follows the schema and names it', () => {
    const document: unknown = JSON.parse(readFileSync(path, 'utf8'));
    validate(document);
    expect(validate.errors).toBeNull();
    expect(document).toMatchObject({ $schema: 'schema/pipeline.schema.json' });
  });

  it('builds with its defaults, and describes itself and its variables', async () => {
    const file = await openPipelineFile(path);
    expect((await file.build()).stages).not.toHaveLength(0);
    expect(file.description).toMatch(/^[A-Z].*\.$/);
    for (const [variable, { description }] of Object.entries(file.variables)) {
      expect(description, variable).toBeTruthy();
    }
  });

  it('uses every variable it declares', async () => {
    const text = readFileSync(path, 'utf8');
    const { variables } = await openPipelineFile(path);
    for (const variable of Object.keys(variables)) expect(text).toContain(`\${${variable}}`);
  });
});

/** What an editor shows of a pipeline file: the schema beside the pipelines, compared with the table. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { ops } from '../../src/ops/index.ts';
import { scope } from '../../src/ops/scope.ts';
import { pipeline } from '../../src/pipeline/pipeline.ts';
import type { OpDeclaration } from '../../src/schema/declaration.ts';
import type { Parameter } from '../../src/schema/parameter.ts';
import { expectHelp } from '../helpers/option-help.ts';

type Schema = Readonly<Record<string, unknown>>;
type Properties = Readonly<Record<string, Schema>>;

const schema = JSON.parse(readFileSync('pipelines/schema/pipeline.schema.json', 'utf8')) as {
  readonly $defs: Readonly<Record<string, Schema & { readonly properties: Properties }>>;
};
const ajv = new Ajv2020({ strictRequired: false, strictTypes: false });
const validate = ajv.compile(schema);

/** Of the values that are no variables. */
function rangeOf({ anyOf = [] }: { readonly anyOf?: readonly Schema[] }) {
  const { type, minimum, exclusiveMinimum, maximum, enum: values } = anyOf[0] ?? {};
  return { type, minimum, exclusiveMinimum, maximum, values };
}

function declaredRange(parameter: Parameter) {
  if (parameter.kind === 'enum') return { values: parameter.values };
  if (parameter.kind === 'boolean') return { type: 'boolean' };
  if (parameter.kind !== 'number' && parameter.kind !== 'integer') return {};
  const { kind, min, exclusiveMin, max } = parameter;
  return { type: kind, minimum: min, exclusiveMinimum: exclusiveMin, maximum: max };
}

describe.each(Object.values<OpDeclaration>(ops).map((op) => [op.name, op] as const))(
  '%s',
  (name, op) => {
    const { properties, description, examples } = schema.$defs[name] ?? { properties: {} };
    const parameters: Readonly<Record<string, Parameter>> = { ...op.parameters, ...scope };

    it('says at its name what it does, with every option', () => {
      expect(description).toBe(op.doc);
      const help = String(properties['op']?.['description']).split('\n\n');
      expect(help[0]).toBe(op.doc);
      for (const [index, [option, parameter]] of Object.entries(op.parameters).entries()) {
        const [start, text] = [`${option}: `, String(help[index + 1])];
        expect(text.startsWith(start)).toBe(true);
        expectHelp(text.slice(start.length), parameter, op, option);
      }
      expect(help.slice(Object.keys(op.parameters).length + 1)).toEqual([
        `Example: ${JSON.stringify((examples as unknown[])[0])}`,
      ]);
    });

    it('has a description, the default and the range of every option', () => {
      expect(Object.keys(properties)).toEqual(['op', ...Object.keys(parameters)]);
      for (const [option, parameter] of Object.entries(parameters)) {
        const property = properties[option] ?? {};
        expectHelp(String(property['description']), parameter, op, option);
        const value = 'default' in parameter ? parameter.default : undefined;
        expect(property['default']).toEqual(value);
        expect(rangeOf(property)).toEqual({ ...rangeOf({}), ...declaredRange(parameter) });
      }
    });

    it('has examples that are valid, of each option and of all', () => {
      for (const example of examples as { op: typeof name }[]) {
        expect(validate({ stages: [example] }), JSON.stringify(example)).toBe(true);
        expect(pipeline([example as never]).stages[0]?.op).toBe(name);
        for (const [option, property] of Object.entries(properties)) {
          if (option === 'op') continue;
          const values = [property['default'], ...((property['examples'] ?? []) as unknown[])];
          const given = values.filter((value) => value !== undefined);
          expect(given, option).not.toHaveLength(0);
          for (const value of given) {
            const stage = { ...example, [option]: value };
            expect(validate({ stages: [stage] }), JSON.stringify(stage)).toBe(true);
            expect(() => pipeline([stage as never])).not.toThrow();
          }
        }
      }
      expect(examples).toHaveLength(1);
    });
  },
);

it('nothing that a value refers to hides what its option says', () => {
  const shared = Object.entries(schema.$defs).filter(([name]) => !Object.hasOwn(ops, name));
  expect(shared.length).toBeGreaterThan(3);
  for (const [name, value] of shared) {
    if (name !== 'stages') expect(value, name).not.toHaveProperty('description');
  }
});

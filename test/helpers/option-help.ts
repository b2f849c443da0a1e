/** What help for an option has to say, read from the table field by field. */
import { expect } from 'vitest';
import type { OpDeclaration } from '../../src/schema/declaration.ts';
import type { Parameter } from '../../src/schema/parameter.ts';

/** The sentence, then the range, the unit and the default, and no other number. */
export function expectHelp(
  help: string,
  parameter: Parameter,
  { atLeastOneOf }: Pick<OpDeclaration, 'atLeastOneOf'>,
  name: string,
): void {
  expect(help.startsWith(`${parameter.doc} `), `${name}: ${help}`).toBe(true);
  const facts = help.slice(parameter.doc.length);
  const value = 'default' in parameter ? parameter.default : undefined;
  if (parameter.kind === 'number' || parameter.kind === 'integer') {
    const { min, exclusiveMin, max } = parameter;
    const said = Array.from(facts.replace('cd/m2', '').matchAll(/-?\d+(?:\.\d+)?/g), Number);
    expect(said).toEqual([min ?? exclusiveMin, max, value].filter((one) => one !== undefined));
    expect(/\babove\b/.test(facts)).toBe(exclusiveMin !== undefined);
    expect(/\binteger\b/.test(facts)).toBe(parameter.kind === 'integer');
  }
  if (parameter.kind === 'enum') expect(facts).toContain(parameter.values.join(', '));
  if (parameter.unit !== undefined) expect(facts).toContain(` in ${parameter.unit};`);
  expect(facts.slice(facts.lastIndexOf(';') + 2)).toBe(presence(parameter, atLeastOneOf, name));
}

function presence(parameter: Parameter, oneOf: readonly string[] = [], name: string): string {
  if ('default' in parameter) return `default ${JSON.stringify(parameter.default)}.`;
  if (oneOf.includes(name)) return `one of ${oneOf.join(', ')} is required.`;
  return parameter.optional === true ? 'optional.' : 'required.';
}

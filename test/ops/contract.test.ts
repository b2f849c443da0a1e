/** The native operations, as they record what they read, against the table that TypeScript checks with. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { addon } from '../../src/native/binding.ts';
import type { ManifestParameter } from '../../src/native/native.ts';
import { ops } from '../../src/ops/index.ts';
import type { OpDeclaration } from '../../src/schema/declaration.ts';
import type { Parameter } from '../../src/schema/parameter.ts';

function expectedParameter(name: string, parameter: Parameter): ManifestParameter {
  const { kind, optional = false } = parameter;
  return { name, kind, optional, ...('values' in parameter && { values: parameter.values }) };
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

it('native and TypeScript declare the same operations, with the same options in the same order', () => {
  const native = addon()
    .manifest()
    .map(({ name, parameters }) => ({ name, parameters }));
  const declared = Object.values<OpDeclaration>(ops).map(({ name, parameters }) => ({
    name,
    parameters: Object.entries(parameters).map(([option, p]) => expectedParameter(option, p)),
  }));
  expect(native.sort(byName)).toEqual(declared.sort(byName));
});

it('shared code asks what an operation declares, and never for its name', () => {
  const folder = new URL('../../src/', import.meta.url);
  const own = /^(ops\/|pipeline\/tone-mapping\.ts)/; // the declarations, and what toneMap alone means
  const asks = new RegExp(`\\b(op|name) [!=]==? '(${Object.keys(ops).join('|')})'`);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const found = files
    .filter((file) => /\.m?ts$/.test(file) && !own.test(file))
    .filter((file) => asks.test(readFileSync(new URL(file, folder), 'utf8')));
  expect(found).toEqual([]);
  expect(asks.test(readFileSync(new URL('pipeline/tone-mapping.ts', folder), 'utf8'))).toBe(true);
});

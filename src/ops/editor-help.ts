/**
 * Help for editors: interfaces with a comment for every method and option, generated from the table. The types of the members
 * are derived from the table; only the comments need declarations, because editors show no comments on properties of mapped
 * types.
 */

import type { GroupName, OpDeclaration } from '../schema/declaration.ts';
import type { Parameter } from '../schema/parameter.ts';
import { ops } from './index.ts';
import { methodExample, optionHelp, stageExample } from './op-help.ts';
import { scope } from './scope.ts';

type Entries = readonly (readonly [name: string, Parameter])[];

/** The generated files by their paths in the package. */
export function editorHelp(): ReadonlyMap<string, string> {
  const table = Object.values<OpDeclaration>(ops);
  const groups = [...new Set(table.map((op) => op.group))];
  const files = new Map([
    ['src/ops/help/scope.ts', scopeHelp()],
    ['src/ops/help/index.ts', stagesIndex(groups)],
    ['src/image/help/index.ts', methodsIndex(groups)],
  ]);
  for (const group of groups) {
    const members = table.filter((op) => op.group === group);
    const name = `${group.toLowerCase()}.ts`;
    files.set(`src/ops/help/${name}`, stagesHelp(group, members));
    files.set(`src/image/help/${name}`, methodsHelp(group, members));
  }
  return files;
}

const origin = 'Made from the table in `src/ops` by `npm run docs`.';

function scopeHelp(): string {
  return lines(
    `/** The options that every stage can have. ${origin} */`,
    "import type { Written } from '../../schema/parameter.ts';",
    "import type { scope } from '../scope.ts';",
    '',
    'export type Scope = {',
    ...optionMembers(
      { parameters: scope },
      Object.entries(scope),
      (name) => `Written<typeof scope, '${name}'>`,
    ).map(indent),
    '};',
  );
}

const fileOf = (group: GroupName) => `./${group.toLowerCase()}.ts`;

function stagesIndex(groups: readonly GroupName[]): string {
  return lines(
    `/** Options and builder methods of all operations, for editors. ${origin} */`,
    ...groups.map((g) => `import type { ${g}Options, ${g}Stages } from '${fileOf(g)}';`),
    '',
    `export interface StageOptions extends ${groups.map((g) => `${g}Options`).join(', ')} {}`,
    '',
    `export interface Stages<P> extends ${groups.map((g) => `${g}Stages<P>`).join(', ')} {}`,
  );
}

function methodsIndex(groups: readonly GroupName[]): string {
  return lines(
    `/** The groups of the immediate API, for editors. ${origin} */`,
    ...groups.map((g) => `import type { ${g}Methods } from '${fileOf(g)}';`),
    '',
    'export interface Groups {',
    ...groups.map((g) => `  readonly ${g}: ${g}Methods;`),
    '}',
  );
}

/** The options of a group's operations, and the methods of the builder. */
function stagesHelp(group: GroupName, members: readonly OpDeclaration[]): string {
  return lines(
    `/** Options and builder methods of the group ${group}, for editors. ${origin} */`,
    "import type { OptionOf, StageMethod } from '../index.ts';",
    '',
    '/** Each option by itself, so that a method can omit those that it sets and keep the comments of the others. */',
    `export interface ${group}Options {`,
    ...members.flatMap(optionsOf).map(indent),
    '}',
    '',
    `export interface ${group}Stages<P> {`,
    ...members
      .flatMap((op) => [
        ...comment(
          op.doc,
          optionList(op, Object.entries(op.parameters), 'pipeline'),
          scoped,
          `@example\n${stageExample(op)}`,
        ),
        `readonly ${op.name}: StageMethod<'${op.name}', P>;`,
      ])
      .map(indent),
    '}',
  );
}

function optionsOf(op: OpDeclaration): string[] {
  const entries = Object.entries(op.parameters);
  if (entries.length === 0) return [`readonly ${op.name}: Record<never, never>;`];
  const options = entries.flatMap((entry) => [
    `readonly ${entry[0]}: {`,
    ...optionMembers(op, [entry], (name) => `OptionOf<'${op.name}', '${name}'>`).map(indent),
    '};',
  ]);
  return [`readonly ${op.name}: {`, ...options.map(indent), '};'];
}

function optionMembers(
  options: Pick<OpDeclaration, 'parameters' | 'atLeastOneOf'>,
  entries: Entries,
  typeOf: (name: string) => string,
): string[] {
  return entries.flatMap(([name, parameter]) => {
    const isOmittable = 'default' in parameter || parameter.optional;
    return [
      ...comment(optionHelp(options, name, parameter, 'pipeline')),
      `readonly ${name}${isOmittable ? '?' : ''}: ${typeOf(name)};`,
    ];
  });
}

const scoped = '- `mask`, `region`: where it acts, as in every stage.';

const patterns: Readonly<Record<OpDeclaration['pattern'], string>> = {
  inPlace: 'In place.',
  dst: 'Makes an image, or fills `dst`.',
  result: 'Returns the data, and waits for the image.',
};

/** The methods of the immediate API. */
function methodsHelp(group: GroupName, members: readonly OpDeclaration[]): string {
  const methods = members.flatMap((op) =>
    Object.entries(op.methods).flatMap(([method, preset]) => {
      const given = Object.entries(op.parameters).filter(([name]) => !(name in preset));
      const buffers = '- `dst`, `temp`: images whose memory it uses instead of new memory.';
      return [
        ...comment(
          `${op.doc} ${patterns[op.pattern]}`,
          optionList(op, given, 'immediate'),
          op.pattern === 'dst' ? buffers : '',
          op.pattern === 'result' ? '' : scoped,
          `@example\n${methodExample(op, method)}`,
        ),
        `readonly ${method}: Method<'${op.name}', '${method}'>;`,
      ];
    }),
  );
  return lines(
    `/** Methods of the group ${group}, for editors. ${origin} */`,
    "import type { Method } from '../method.ts';",
    '',
    `export interface ${group}Methods {`,
    ...methods.map(indent),
    '}',
  );
}

function optionList(op: OpDeclaration, entries: Entries, place: 'pipeline' | 'immediate'): string {
  const rows = entries.map(([name, parameter]) => {
    const first = op.primary === name ? ' *(also by position)*' : '';
    return `- \`${name}\`${first}: ${optionHelp(op, name, parameter, place)}`;
  });
  return rows.join('\n');
}

function comment(...paragraphs: readonly string[]): string[] {
  const text = paragraphs.filter((paragraph) => paragraph !== '').join('\n');
  const rows = text.replaceAll('*/', '*\\/').split('\n');
  return rows.length === 1
    ? [`/** ${rows[0]} */`]
    : ['/**', ...rows.map((row) => ` * ${row}`), ' */'];
}

const indent = (line: string) => (line === '' ? '' : `  ${line}`);
const lines = (...rows: readonly string[]) => `${rows.join('\n')}\n`;

/** The operation reference (docs/ops.md), generated from the table. */

import type { OpDeclaration } from '../schema/declaration.ts';
import { describeParameter, type Parameter } from '../schema/parameter.ts';
import { defaultText } from './op-help.ts';
import { allOps } from './registry.ts';
import { scope } from './scope.ts';

/** The whole reference, in Markdown. */
export function referenceMarkdown(): string {
  const table = allOps();
  const groups = [...new Set(table.map((op) => op.group))];
  const sections = groups.map((group) => {
    const members = table.filter((op) => op.group === group);
    return [`## ${group}`, ...members.map(opMarkdown)].join('\n\n');
  });
  return `${[introduction(groups), ...sections].join('\n\n')}\n`;
}

function introduction(groups: readonly string[]): string {
  return [
    '# Operations',
    'Made from the table in `src/ops` by `npm run docs`.',
    'Colours are floats with straight alpha, 0..1 displayable; nothing is clamped between operations. Every operation is a ' +
      'stage of a pipeline file, a method of the builder (`pipeline().brightness(0.1)`) and a method of its group ' +
      '(`Adjust.brightness(image, 0.1)`). An option marked *first* can be passed by position, as in these examples.',
    'Every stage can also have these options, and so can every call except those of `Measure`; such a call runs at once:',
    ['| option | value | |', '|---|---|---|', ...Object.entries(scope).map(scopeRow)].join('\n'),
    groups.map((group) => `[${group}](#${group.toLowerCase()})`).join(' · '),
  ].join('\n\n');
}

const scopeRow = ([name, parameter]: [string, Parameter]) =>
  `| \`${name}\` | ${describeParameter(parameter)} | ${parameter.doc} |`;

const patterns: Readonly<Record<OpDeclaration['pattern'], string>> = {
  inPlace: 'in place',
  dst: 'makes an image, or fills `dst`',
  result: 'returns the data, and waits for the image',
};

function opMarkdown(op: OpDeclaration): string {
  const methods = groupMethods(op)
    .map((method) => `\`${method}\``)
    .join(', ');
  const parts = [
    `### ${op.name}`,
    op.doc,
    `- Formula: \`${op.formula}\`\n- Source: ${op.source}\n- Immediate: ${methods}; ${patterns[op.pattern]}`,
  ];
  const rows = Object.entries(op.parameters).map(([name, p]) => optionRow(op, name, p));
  if (rows.length > 0) {
    parts.push(['| option | value | default | |', '|---|---|---|---|', ...rows].join('\n'));
  }
  return parts.join('\n\n');
}

/** Its names in the immediate API, such as `Blend.multiply`. */
export function groupMethods(op: OpDeclaration): string[] {
  if (op.group === 'Custom') return [op.name];
  return Object.keys(op.methods).map((method) => `${op.group}.${method}`);
}

function optionRow(op: OpDeclaration, name: string, parameter: Parameter): string {
  const first = op.primary === name ? ' *(first)*' : '';
  const unit = parameter.unit === undefined ? '' : `, ${parameter.unit}`;
  const value = describeParameter(parameter) + unit;
  return `| \`${name}\`${first} | ${value} | ${defaultText(op, name)} | ${parameter.doc} |`;
}

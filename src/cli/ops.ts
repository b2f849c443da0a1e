import { Command } from 'commander';
import { findOp } from '../ops/find-op.ts';
import { ops } from '../ops/index.ts';
import { capitalise, defaultText } from '../ops/op-help.ts';
import { groupMethods, referenceMarkdown } from '../ops/reference.ts';
import type { OpDeclaration } from '../schema/declaration.ts';
import { describeParameter } from '../schema/parameter.ts';
import { columns, print } from './output.ts';

export function opsCommand(): Command {
  return new Command('ops')
    .description('list the operations, or show one with its options')
    .argument('[name]', 'an operation')
    .option('--markdown', 'print the whole reference in Markdown')
    .action((name: string | undefined, { markdown }: { markdown?: true }) => {
      if (name !== undefined) print(describeOp(findOp(name, 'ops')));
      else print(markdown ? referenceMarkdown().trimEnd() : listOps());
    });
}

function listOps(): string {
  const table = Object.values<OpDeclaration>(ops);
  const rows = table.map((op) => [op.name, op.group, op.doc]);
  return `${columns(rows)}\n\nframelane ops <name> shows the options of one.`;
}

function describeOp(op: OpDeclaration): string {
  const rows = Object.entries(op.parameters).map(([name, parameter]) => {
    const unit = parameter.unit === undefined ? '' : ` ${parameter.unit}`;
    const value = describeParameter(parameter) + unit;
    return [name, defaultText(op, name), `${parameter.doc} ${capitalise(value)}.`];
  });
  const heading = `${op.name}: ${op.doc}`;
  const facts = columns([
    ['formula', op.formula],
    ['source', op.source],
    ['in code', groupMethods(op).join(', ')],
  ]);
  const options = rows.length === 0 ? 'It has no options.' : columns(rows);
  return [heading, facts, options].join('\n\n');
}

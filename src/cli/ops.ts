import { Command } from 'commander';
import { capitalise, defaultText } from '../ops/op-help.ts';
import { groupMethods, referenceMarkdown } from '../ops/reference.ts';
import { allOps, findOp } from '../ops/registry.ts';
import type { OpDeclaration } from '../schema/declaration.ts';
import { describeParameter } from '../schema/parameter.ts';
import { loadOps, opsOption } from './load-ops.ts';
import { columns, print } from './output.ts';
import { collect } from './pipeline-arguments.ts';

interface Flags {
  readonly markdown?: true;
  readonly ops?: readonly string[];
}

export function opsCommand(): Command {
  return new Command('ops')
    .description('list the operations, or show one with its options')
    .argument('[name]', 'an operation')
    .option('--markdown', 'print the whole reference in Markdown')
    .option(...opsOption, collect)
    .action(async (name: string | undefined, { markdown, ops }: Flags) => {
      await loadOps(ops);
      if (name !== undefined) print(describeOp(findOp(name, 'ops')));
      else print(markdown ? referenceMarkdown().trimEnd() : listOps());
    });
}

function listOps(): string {
  const rows = allOps().map((op) => [op.name, op.group, op.doc]);
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

import { Command } from 'commander';
import { pipelineSchema } from '../pipeline/json-schema.ts';
import { loadOps, opsOption } from './load-ops.ts';
import { print } from './output.ts';
import { collect } from './pipeline-arguments.ts';

export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of pipeline files')
    .option(...opsOption, collect)
    .action(async ({ ops }: { ops?: readonly string[] }) => {
      await loadOps(ops);
      print(JSON.stringify(pipelineSchema(), null, 2));
    });
}

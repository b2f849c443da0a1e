import { Command } from 'commander';
import { pipelineSchema } from '../pipeline/json-schema.ts';
import { print } from './output.ts';

export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of pipeline files')
    .action(() => print(JSON.stringify(pipelineSchema(), null, 2)));
}

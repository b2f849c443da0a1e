/** The JSON Schema of pipeline files, generated from the table, for completion and validation in editors. */

import { capitalise, exampleOptions, optionHelp } from '../ops/op-help.ts';
import { allOps } from '../ops/registry.ts';
import { scope } from '../ops/scope.ts';
import type { OpDeclaration } from '../schema/declaration.ts';
import type { JsonSchema } from '../schema/json.ts';
import type { Kind } from '../schema/kind.ts';
import { kinds } from '../schema/kinds.ts';
import { exampleOf, kindOf } from '../schema/parameter.ts';
import { type VariableKind, variableKinds } from '../schema/variable.ts';

/**
 * The JSON Schema (draft 2020-12) of pipeline files.
 *
 * @example
 * await writeFile('pipeline.schema.json', JSON.stringify(pipelineSchema(), null, 2))
 */
export function pipelineSchema(): JsonSchema {
  const table = allOps();
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'framelane pipeline',
    description: 'A list of operations for images and videos, with variables.',
    type: 'object',
    required: ['stages'],
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      description: { type: 'string', description: 'What the pipeline does, in one line.' },
      variables: {
        description: 'Values that `--set name=value` can replace; "${name}" inserts one.',
        type: 'object',
        propertyNames: { pattern: '^[A-Za-z_]\\w*$' },
        additionalProperties: { oneOf: [...variableKinds.values()].map(variableSchema) },
      },
      stages: { $ref: '#/$defs/stages' },
    },
    $defs: {
      stages: {
        description: 'The operations, in order.',
        type: 'array',
        items: { oneOf: table.map((op) => ({ $ref: `#/$defs/${definitionOf(op)}` })) },
      },
      variable: {
        $comment: 'A variable.',
        type: 'string',
        pattern: '^\\$\\{[A-Za-z_]\\w*\\}$',
      },
      ...Object.assign({}, ...Object.values<Kind>(kinds).map(({ definitions }) => definitions)),
      ...Object.fromEntries(table.map((op) => [definitionOf(op), opSchema(op)])),
    },
  };
}

/** Names that a program has chosen, such as `color`, may be those of other definitions. */
const definitionOf = ({ name, group }: OpDeclaration) =>
  group === 'Custom' ? `custom.${name}` : name;

function variableSchema({ type, schema, expected }: VariableKind): JsonSchema {
  return {
    type: 'object',
    required: ['type', 'default'],
    additionalProperties: false,
    properties: {
      type: { const: type },
      default: { description: `${capitalise(expected)}.`, ...schema },
      description: { type: 'string' },
    },
  };
}

function opSchema(op: OpDeclaration): JsonSchema {
  const { name, doc, parameters, atLeastOneOf } = op;
  const entries = Object.entries(parameters);
  const required = entries.filter(([, p]) => !('default' in p) && !p.optional);
  const rows = entries.map(([option, p]) => `${option}: ${optionHelp(op, option, p, 'file')}`);
  const example = { op: name, ...exampleOptions(op) };
  const help = [doc, ...rows, `Example: ${JSON.stringify(example)}`];
  return {
    description: doc,
    examples: [example],
    type: 'object',
    required: ['op', ...required.map(([option]) => option)],
    additionalProperties: false,
    properties: {
      op: { const: name, description: help.join('\n\n') },
      ...optionSchemas(op),
      ...optionSchemas({ parameters: scope }),
    },
    ...(atLeastOneOf && { anyOf: atLeastOneOf.map((option) => ({ required: [option] })) }),
  };
}

function optionSchemas(options: Pick<OpDeclaration, 'parameters' | 'atLeastOneOf'>): JsonSchema {
  const schemas = Object.entries(options.parameters).map(([name, parameter]) => {
    const hasDefault = 'default' in parameter;
    const help = {
      description: optionHelp(options, name, parameter, 'file'),
      ...(hasDefault && { default: parameter.default }),
      ...((!hasDefault || parameter.example !== undefined) && { examples: [exampleOf(parameter)] }),
    };
    return [name, { ...help, ...kindOf(parameter).schema(parameter) }];
  });
  return Object.fromEntries(schemas);
}

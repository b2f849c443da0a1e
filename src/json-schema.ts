/** The JSON Schema of pipeline files, made from the table: what editors complete and check. */
import { ops } from './ops/index.ts';
import { scope } from './ops/scope.ts';
import type { JsonSchema } from './schema/json.ts';
import type { Kind } from './schema/kind.ts';
import { kinds } from './schema/kinds.ts';
import { kindOf, type Parameter } from './schema/parameter.ts';
import { type VariableKind, variableKinds } from './schema/variable.ts';
import type { OpDeclaration } from './schema.ts';

/**
 * The JSON Schema (draft 2020-12) of pipeline files.
 *
 * @example
 * await writeFile('pipeline.schema.json', JSON.stringify(pipelineSchema(), null, 2))
 */
export function pipelineSchema(): JsonSchema {
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
        description: 'Values that `--set name=value` may replace; "${name}" stands for one.',
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
        items: { oneOf: Object.keys(ops).map((name) => ({ $ref: `#/$defs/${name}` })) },
      },
      variable: {
        description: 'A variable.',
        type: 'string',
        pattern: '^\\$\\{[A-Za-z_]\\w*\\}$',
      },
      ...Object.assign({}, ...Object.values<Kind>(kinds).map(({ definitions }) => definitions)),
      ...Object.fromEntries(Object.values<OpDeclaration>(ops).map((op) => [op.name, opSchema(op)])),
    },
  };
}

function variableSchema({ type, schema }: VariableKind): JsonSchema {
  return {
    type: 'object',
    required: ['type', 'default'],
    additionalProperties: false,
    properties: {
      type: { const: type },
      default: schema,
      description: { type: 'string' },
    },
  };
}

function opSchema({ name, doc, parameters, atLeastOneOf }: OpDeclaration): JsonSchema {
  const entries = Object.entries(parameters);
  const required = entries.filter(([, p]) => !('default' in p) && !p.optional);
  return {
    description: doc,
    type: 'object',
    required: ['op', ...required.map(([option]) => option)],
    additionalProperties: false,
    properties: {
      op: { const: name },
      ...Object.fromEntries(entries.map(([option, p]) => [option, parameterSchema(p)])),
      ...scopeSchema(),
    },
    ...(atLeastOneOf && { anyOf: atLeastOneOf.map((option) => ({ required: [option] })) }),
  };
}

/** What every stage can have. */
function scopeSchema(): JsonSchema {
  return Object.fromEntries(
    Object.entries(scope).map(([option, parameter]) => [option, parameterSchema(parameter)]),
  );
}

function parameterSchema(parameter: Parameter): JsonSchema {
  const unit = parameter.unit === undefined ? '' : ` (${parameter.unit})`;
  return {
    description: parameter.doc + unit,
    ...('default' in parameter && { default: parameter.default }),
    ...kindOf(parameter).schema(parameter),
  };
}

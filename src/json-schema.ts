/** The JSON Schema of pipeline files, made from the table: what editors complete and check. */
import { ops } from './ops/index.ts';
import type { NumericParameter, Parameter } from './parameter.ts';
import type { OpDeclaration } from './schema.ts';
import { variableTypes } from './variables.ts';

type Schema = { readonly [key: string]: unknown };

const variable: Schema = { $ref: '#/$defs/variable' };

/**
 * The JSON Schema (draft 2020-12) of pipeline files.
 *
 * @example
 * await writeFile('pipeline.schema.json', JSON.stringify(pipelineSchema(), null, 2))
 */
export function pipelineSchema(): Schema {
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
        additionalProperties: { oneOf: variableTypes.map(variableSchema) },
      },
      stages: {
        description: 'The operations, in order.',
        type: 'array',
        items: { oneOf: Object.keys(ops).map((name) => ({ $ref: `#/$defs/${name}` })) },
      },
    },
    $defs: {
      variable: {
        description: 'A variable.',
        type: 'string',
        pattern: '^\\$\\{[A-Za-z_]\\w*\\}$',
      },
      color: {
        description: 'A colour: [r, g, b], [r, g, b, a] (0..1 is displayable) or "#rrggbb[aa]".',
        anyOf: [
          {
            type: 'array',
            minItems: 3,
            maxItems: 4,
            items: { anyOf: [{ type: 'number' }, variable] },
          },
          { type: 'string', pattern: '^#([0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$' },
          { type: 'string', pattern: '\\$\\{' },
        ],
      },
      image: {
        description: 'An image file, relative to the pipeline file.',
        anyOf: [
          {
            type: 'object',
            required: ['image'],
            additionalProperties: false,
            properties: { image: { type: 'string', minLength: 1 } },
          },
          variable,
        ],
      },
      ...Object.fromEntries(Object.values<OpDeclaration>(ops).map((op) => [op.name, opSchema(op)])),
    },
  };
}

function variableSchema(type: (typeof variableTypes)[number]): Schema {
  const defaults: Readonly<Record<typeof type, Schema>> = {
    number: { type: 'number' },
    integer: { type: 'integer' },
    boolean: { type: 'boolean' },
    string: { type: 'string' },
    color: { $ref: '#/$defs/color' },
    image: { type: 'string', minLength: 1 },
    lut: { type: 'string', minLength: 1 },
  };
  return {
    type: 'object',
    required: ['type', 'default'],
    additionalProperties: false,
    properties: {
      type: { const: type },
      default: defaults[type],
      description: { type: 'string' },
    },
  };
}

function opSchema({ name, doc, parameters, atLeastOneOf }: OpDeclaration): Schema {
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
    },
    ...(atLeastOneOf && { anyOf: atLeastOneOf.map((option) => ({ required: [option] })) }),
  };
}

function parameterSchema(parameter: Parameter): Schema {
  const unit = parameter.unit === undefined ? '' : ` (${parameter.unit})`;
  return {
    description: parameter.doc + unit,
    ...('default' in parameter && { default: parameter.default }),
    ...valueSchema(parameter),
  };
}

function valueSchema(parameter: Parameter): Schema {
  switch (parameter.kind) {
    case 'number':
    case 'integer':
      return { anyOf: [{ type: parameter.kind, ...range(parameter) }, variable] };
    case 'boolean':
      return { anyOf: [{ type: 'boolean' }, variable] };
    case 'enum':
      return { anyOf: [{ enum: parameter.values }, { type: 'string', pattern: '\\$\\{' }] };
    case 'color':
    case 'image':
      return { $ref: `#/$defs/${parameter.kind}` };
    case 'lut':
    case 'text':
      return { type: 'string', minLength: 1 };
  }
}

function range({ min, exclusiveMin, max }: NumericParameter): Schema {
  return {
    ...(min !== undefined && { minimum: min }),
    ...(exclusiveMin !== undefined && { exclusiveMinimum: exclusiveMin }),
    ...(max !== undefined && { maximum: max }),
  };
}

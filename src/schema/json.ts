/** Pieces of JSON Schema that the kinds share. */
export type JsonSchema = { readonly [key: string]: unknown };

/** A string that consists of one variable. */
export const variable: JsonSchema = { $ref: '#/$defs/variable' };

/** A string that contains variables. */
export const template: JsonSchema = { type: 'string', pattern: '\\$\\{' };

export const someText: JsonSchema = { type: 'string', minLength: 1 };

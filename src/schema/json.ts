/** Pieces of JSON Schema that the kinds share. */
export type JsonSchema = { readonly [key: string]: unknown };

/** A text that is one variable and nothing else. */
export const variable: JsonSchema = { $ref: '#/$defs/variable' };

/** A text with variables somewhere in it. */
export const template: JsonSchema = { type: 'string', pattern: '\\$\\{' };

export const someText: JsonSchema = { type: 'string', minLength: 1 };

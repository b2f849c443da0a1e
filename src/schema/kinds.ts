/** The table of kinds. To add one, add a file to this folder and a row here. */
import { booleanKind } from './boolean.ts';
import { colorKind } from './color.ts';
import { enumKind } from './enum.ts';
import { imageKind } from './image.ts';
import { integerKind } from './integer.ts';
import { lutKind } from './lut.ts';
import { numberKind } from './number.ts';
import { regionKind } from './region.ts';
import { textKind } from './text.ts';

export const kinds = {
  number: numberKind,
  integer: integerKind,
  boolean: booleanKind,
  enum: enumKind,
  color: colorKind,
  image: imageKind,
  lut: lutKind,
  region: regionKind,
  text: textKind,
};

export type Kinds = typeof kinds;
export type KindName = keyof Kinds;

/** The kinds whose values may name a file; modules above have tables keyed by it. */
export type FileKind = {
  [K in KindName]: Kinds[K] extends { readonly file: object } ? K : never;
}[KindName];

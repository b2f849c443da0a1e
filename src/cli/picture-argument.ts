/** `-o 'out/{name}.webp,quality=80'`: the names of output pictures and their encoding. */
import type { EncodeOptions } from '../image/encode-options.ts';
import { splitOutput, toBoolean, toNumber } from './output-argument.ts';

const readers = {
  quality: toNumber,
  lossless: toBoolean,
  effort: toNumber,
  depth: toNumber,
  icc: (_: string, text: string) => text,
  background: (_: string, text: string) => text,
} as const satisfies Partial<Record<keyof EncodeOptions, (name: string, text: string) => unknown>>;

export interface PictureArgument {
  readonly path: string;
  /** Checked against the format later, with all other options. */
  readonly encoding: EncodeOptions;
}

export function parsePictureOutput(text: string): PictureArgument {
  const { path, given } = splitOutput(text, Object.keys(readers));
  const encoding = Object.entries(given).map(([name, value]) => {
    return [name, readers[name as keyof typeof readers](name, value)];
  });
  return { path, encoding: Object.fromEntries(encoding) };
}

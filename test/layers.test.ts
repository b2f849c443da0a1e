/** What the linter's import rules cannot say: who may end the process, load the addon, or see which headers. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const files = (folder: string, pattern: RegExp) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .map((name) => `${folder}/${name}`);

const codeOf = (name: string) =>
  readFileSync(name, 'utf8').replaceAll(/^ *(\*|\/\/|\/\*).*$/gm, '');

/** The files among `names` that contain `pattern`, except where it belongs. */
const offenders = (names: readonly string[], pattern: RegExp, home: RegExp) =>
  names.filter((name) => !home.test(name) && pattern.test(codeOf(name)));

const sources = files('src', /\.ts$/);
const native = files('native', /\.(cpp|hpp|cu|cuh|inl)$/);

describe('TypeScript', () => {
  it.each([
    [
      'writes to stdout or ends the process',
      /(?<![#.])process\.(exit\(|exitCode|stdout|stderr)|console\./,
      /^src\/(cli[./]|log\.ts$|image\/sharp-child\.ts$)/,
    ],
    [
      'makes a require',
      /createRequire\(/,
      /^src\/(native\/binding|display\/raub|text\/fonts)\.ts$/,
    ],
  ])('only the right files: %s', (_, pattern, home) => {
    expect(offenders(sources, pattern, home)).toEqual([]);
  });

  it.each(['ops', 'schema', '--help', 'check pipelines/vintage.json'])(
    '%s loads neither the addon nor sharp',
    async (line) => {
      const lazy = sources.filter((name) =>
        /^src\/(cli|cli\/(ops|schema|check|program|failure|output|run|probe|doctor))\.ts$/.test(
          name,
        ),
      );
      expect(lazy.length, line).toBeGreaterThan(5);
      const eager =
        /^(import|export) (?!type)[^;]*from '[^']*(native\/binding|device|plan|image\/\w+|video\/\w+\/\w+|sharp)(\.ts)?'/ms;
      expect(offenders(lazy, eager, /^$/)).toEqual([]);
    },
  );
});

describe('native', () => {
  it.each([
    ['napi.h in the binding', /#include <napi\.h>/, /^native\/(addon\.cpp|binding\/)/],
    ['CUDA headers in CUDA code', /#include <cuda/, /^native\/(cuda|gl|interop)\/|\.cuh?$/],
  ])('only %s', (_, pattern, home) => {
    expect(offenders(native, pattern, home)).toEqual([]);
  });

  it.each([
    ['core', /#include "(?!core\/)/],
    ['media', /#include "(?!core\/|media\/)/],
    ['ops', /#include "(?!core\/|cpu\/|cuda\/|ops\/)/],
  ])('%s includes no room above it', (room, pattern) => {
    const inside = native.filter((name) => name.startsWith(`native/${room}/`));
    expect(inside.length).toBeGreaterThan(20);
    expect(offenders(inside, pattern, /^$/)).toEqual([]);
  });
});

it('no source file is longer than 400 lines', () => {
  const long = [...sources, ...native].filter(
    (name) => readFileSync(name, 'utf8').split('\n').length > 400,
  );
  expect(long).toEqual([]);
});

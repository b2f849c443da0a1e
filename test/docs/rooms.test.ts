/** The rooms of the house: what their picture shows, and that imports go down. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importsBetweenRooms, roomsPicture } from '../../src/setup/rooms.mjs';

interface Room {
  readonly name: string;
  readonly files: number;
  readonly below: ReadonlySet<string>;
}

const rooms = (side: 'src' | 'native') => importsBetweenRooms(side) as Map<string, Room>;

describe.each(['src', 'native'] as const)('%s', (side) => {
  it('is drawn as it is (npm run docs draws it)', () => {
    expect(readFileSync(`docs/rooms-${side}.svg`, 'utf8')).toBe(roomsPicture(side));
  });
});

it('rooms of src do not import each other in a circle', () => {
  const left = new Map([...rooms('src')].map(([name, { below }]) => [name, new Set(below)]));
  for (;;) {
    const lowest = [...left].filter(([, below]) => below.size === 0).map(([name]) => name);
    if (lowest.length === 0) break;
    for (const name of lowest) {
      left.delete(name);
      for (const below of left.values()) below.delete(name);
    }
  }
  expect([...left.keys()]).toEqual([]);
});

it('the linter has a rule for every room of src', () => {
  const { overrides } = JSON.parse(readFileSync('biome.json', 'utf8')) as {
    overrides: readonly { readonly includes: readonly string[] }[];
  };
  const globs = overrides.flatMap(({ includes }) => includes);
  const isCovered = (name: string) =>
    globs.some((glob) => glob.startsWith(`src/${name}/`) || glob === `src/${name}.ts`);
  // What nothing may import, or all may.
  const free = ['cli', 'index', 'thread'];
  expect(
    [...rooms('src').keys()].filter((name) => !isCovered(name) && !free.includes(name)),
  ).toEqual([]);
});

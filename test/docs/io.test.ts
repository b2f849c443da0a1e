/** docs/io.md and docs/text.md name a test for each cell of their tables: that test exists. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const text = ['io', 'text'].map((name) => readFileSync(`docs/${name}.md`, 'utf8')).join('\n');
const cells = Array.from(
  text.matchAll(/\]\((\S+) "(.*?)"\)/g),
  (m) => [m[2] ?? '', m[1] ?? ''] as const,
);

it('has cells', () => {
  expect(cells.length).toBeGreaterThan(30);
});

it.each(cells)('%s in %s', (name, link) => {
  const source = readFileSync(join('docs', link), 'utf8');
  const [group, test] = name.split(' › ') as [string, string];
  const start = source.indexOf(`describe('${group}'`);
  expect(start).toBeGreaterThanOrEqual(0);
  const next = source.indexOf('\ndescribe(', start + 1);
  // As the formatter may have broken it into lines.
  const flat = source.slice(start, next < 0 ? undefined : next).replaceAll(/\s+/g, ' ');
  expect(flat).toContain(test);
});

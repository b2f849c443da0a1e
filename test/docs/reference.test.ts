import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ops } from '../../src/ops/index.ts';
import { referenceMarkdown } from '../../src/ops/reference.ts';
import { encoderMarkdown } from '../../src/video/output/encoder-reference.ts';
import { encoders } from '../../src/video/output/encoders/index.ts';

it('docs/ops.md is what the table says (npm run docs writes it)', () => {
  expect(readFileSync('docs/ops.md', 'utf8')).toBe(referenceMarkdown());
});

it('docs/encoders.md is what the tables say (npm run docs writes it)', () => {
  const text = readFileSync('docs/encoders.md', 'utf8');
  expect(text).toBe(encoderMarkdown());
  for (const name of Object.keys(encoders)) expect(text).toContain(`## ${name}`);
});

it('docs/video.md names tests that there are', () => {
  const rows = readFileSync('docs/video.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^[| -]+$|test \s*\|$/.test(line));
  const named = rows.flatMap((row) => {
    const cells = row.split('|').map((cell) => cell.trim());
    const said = /\((?:also )?((?:[a-z]+\/[a-z-]+(?:, )?)+)\)$/.exec(cells.at(-2) ?? '')?.[1];
    return (cells.length === 5 ? (cells.at(-2) ?? '') : (said ?? '')).split(', ');
  });
  const tests = new Set(named.map((name) => name.replace('²', '')).filter((name) => name !== ''));
  expect(tests.size).toBeGreaterThan(20);
  for (const test of tests) expect(existsSync(`test/${test}.test.ts`), test).toBe(true);
});

it('the reference names every operation and every option', () => {
  const text = referenceMarkdown();
  for (const [name, op] of Object.entries(ops)) {
    expect(text).toContain(`### ${name}\n`);
    for (const option of Object.keys(op.parameters)) expect(text).toContain(`| \`${option}\``);
  }
});

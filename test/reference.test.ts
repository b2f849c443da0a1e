import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ops } from '../src/ops/index.ts';
import { referenceMarkdown } from '../src/reference.ts';

it('docs/ops.md is what the table says (npm run docs writes it)', () => {
  expect(readFileSync('docs/ops.md', 'utf8')).toBe(referenceMarkdown());
});

it('the reference names every operation and every option', () => {
  const text = referenceMarkdown();
  for (const [name, op] of Object.entries(ops)) {
    expect(text).toContain(`### ${name}\n`);
    for (const option of Object.keys(op.parameters)) expect(text).toContain(`| \`${option}\``);
  }
});

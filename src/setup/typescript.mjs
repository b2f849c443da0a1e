import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isCheckout, makeExecutable } from './packages.mjs';
import { run } from './run.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const stamp = (root) => join(root, 'dist', '.stamp');
const sources = (root) => hashOf(root, ['src', 'tsconfig.json', 'package.json']);

export function typeScriptIsCurrent(root) {
  if (!isCheckout(root)) return true;
  return existsSync(join(root, 'dist', 'index.js')) && readStamp(stamp(root)) === sources(root);
}

export async function buildTypeScript(root) {
  const hash = sources(root);
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  await run(process.execPath, [compiler, '--pretty', 'false'], { cwd: root });
  removeOrphans(join(root, 'src'), join(root, 'dist'));
  makeExecutable(join(root, 'dist', 'cli.js'));
  writeStamp(stamp(root), hash);
  return 'TypeScript compiled';
}

/** Removes compiled files without a source; folders missing in `source` belong to others (dist/bench). */
export function removeOrphans(source, output) {
  for (const entry of readdirSync(output, { withFileTypes: true })) {
    const compiled = join(output, entry.name);
    if (entry.isDirectory()) {
      const folder = join(source, entry.name);
      if (existsSync(folder)) removeOrphans(folder, compiled);
      continue;
    }
    const stem = /^(.*?)\.(?:d\.ts|js|js\.map)$/.exec(entry.name)?.[1];
    if (stem !== undefined && !existsSync(join(source, `${stem}.ts`))) rmSync(compiled);
  }
}

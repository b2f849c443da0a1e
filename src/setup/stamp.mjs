/** A stamp is a hash of all inputs of a build, stored beside its result. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The hash of files (names and contents; folders recursively) and of further values. */
export function hashOf(root, paths, facts = []) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((path) => filesUnder(root, path))) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  for (const fact of facts) hash.update(`${fact}\0`);
  return hash.digest('hex');
}

function filesUnder(root, path) {
  const entries = readdirSync(dirname(join(root, path)), { withFileTypes: true });
  const entry = entries.find(({ name }) => join(dirname(path), name) === path);
  if (!entry?.isDirectory()) return entry ? [path] : [];
  const names = readdirSync(join(root, path)).sort();
  return names.flatMap((name) => filesUnder(root, join(path, name)));
}

export function readStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

export function writeStamp(file, hash) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, hash);
}

/**
 * Makes a checkout runnable: packages, TypeScript, the native addon; each step runs only if its inputs have changed.
 * `node src/setup.mjs native` always runs that step. Plain JavaScript without dependencies, because it
 * runs before they are installed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildNative, nativeIsCurrent } from './setup/native.mjs';
import { installPackages, packagesAreCurrent } from './setup/packages.mjs';
import { SetupError } from './setup/run.mjs';
import { buildTypeScript, typeScriptIsCurrent } from './setup/typescript.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const steps = [
  { name: 'packages', isCurrent: packagesAreCurrent, make: installPackages },
  { name: 'typescript', isCurrent: typeScriptIsCurrent, make: buildTypeScript },
  { name: 'native', isCurrent: nativeIsCurrent, make: buildNative },
];

function checkNode() {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node;
  const [major, minor] = /(\d+)\.(\d+)/.exec(wanted).slice(1).map(Number);
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  throw new SetupError(
    `Node ${wanted} is needed, this is ${process.versions.node}: https://nodejs.org`,
  );
}

async function setUp(forced) {
  checkNode();
  for (const { name, isCurrent, make } of steps) {
    if (isCurrent(root) && !forced.includes(name)) continue;
    const start = performance.now();
    const done = await make(root);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    process.stderr.write(`setup: ${done} in ${seconds} s\n`);
  }
}

try {
  await setUp(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`setup: ${error.message}\n`);
  process.exitCode = 1;
}

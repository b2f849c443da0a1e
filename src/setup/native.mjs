import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run, SetupError, which } from './run.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const stamp = (root) => join(root, 'build', '.stamp');

/** The addon depends on the sources, the headers of Node-API, the place of the checkout and whether nvcc is there. */
function sources(root) {
  const headers = ['node-addon-api', 'node-api-headers'].map(
    (name) => `node_modules/${name}/package.json`,
  );
  return hashOf(root, ['native', 'CMakeLists.txt', ...headers], [root, which('nvcc') ?? 'no nvcc']);
}

export function nativeIsCurrent(root) {
  const places = ['build/Release/framelane.node', 'build/framelane.node'];
  const isBuilt = places.some((place) => existsSync(join(root, place)));
  return isBuilt && readStamp(stamp(root)) === sources(root);
}

export async function buildNative(root) {
  const missing = missingTool((program) => which(program));
  if (missing) throw new SetupError(missing);
  const hash = sources(root);
  const cmakeJs = join(root, 'node_modules', 'cmake-js', 'bin', 'cmake-js');
  const options = ['--out', 'build', '--parallel', String(availableParallelism())];
  const build = (command) => run(process.execPath, [cmakeJs, command, ...options], { cwd: root });
  await build('build').catch((error) => {
    // A build folder that was configured in another place cannot be built in this one.
    if (!/CMakeCache\.txt directory|does not match the source/.test(error.message)) throw error;
    return build('rebuild');
  });
  writeStamp(stamp(root), hash);
  return `native addon built (${which('nvcc') ? 'CPU and CUDA' : 'CPU only, no nvcc found'})`;
}

/** What keeps the addon from being built and what to do about it, or undefined. */
export function missingTool(find) {
  const needs = [
    { tool: 'cmake', programs: ['cmake'], packages: 'cmake' },
    { tool: 'a C++ compiler', programs: ['c++', 'g++', 'clang++'], packages: 'g++' },
    { tool: 'make or ninja', programs: ['ninja', 'make'], packages: 'make' },
  ];
  const missing = needs.filter(({ programs }) => !programs.some(find));
  if (missing.length === 0) return undefined;
  const tools = missing.map(({ tool }) => tool).join(' and ');
  const packages = missing.map((need) => need.packages).join(' ');
  return `the native addon needs ${tools}: apt-get install -y ${packages}`;
}

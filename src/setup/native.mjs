import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { run, SetupError, which } from './run.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

/** `FRAMELANE_CUDA=OFF` builds without CUDA despite nvcc, `ON` requires it. */
const cuda = process.env.FRAMELANE_CUDA ?? 'AUTO';

const stamp = (root) => join(root, 'build', '.stamp');
const configurationStamp = (root) => join(root, 'build', '.configuration');

/** What CMake caches: the path of the checkout, and the compilers. */
function configuration(root) {
  return hashOf(root, [], [root, cuda, which('nvcc') ?? 'no nvcc']);
}

/** Wherever npm has put a dependency. */
function packageFile(root, name) {
  return createRequire(join(root, 'package.json')).resolve(`${name}/package.json`);
}

function sources(root) {
  const headers = ['node-addon-api', 'node-api-headers'].map((name) => {
    return readFileSync(packageFile(root, name), 'utf8');
  });
  return hashOf(root, ['native', 'CMakeLists.txt'], [configuration(root), ...headers]);
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
  const configured = readStamp(configurationStamp(root));
  const command = configured === '' || configured === configuration(root) ? 'build' : 'rebuild';
  const cmakeJs = join(dirname(packageFile(root, 'cmake-js')), 'bin', 'cmake-js');
  const options = ['--out', 'build', '--parallel', availableParallelism(), `--CDFL_CUDA=${cuda}`];
  await run(process.execPath, [cmakeJs, command, ...options], { cwd: root });
  writeStamp(configurationStamp(root), configuration(root));
  writeStamp(stamp(root), hash);
  return `native addon built (${hasCuda() ? 'CPU and CUDA' : 'CPU only'})`;
}

function hasCuda() {
  return cuda !== 'OFF' && which('nvcc') !== undefined;
}

/** Missing build tools and how to install them, or undefined. */
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

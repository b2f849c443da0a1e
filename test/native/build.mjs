// Builds what sanitizers and fuzzers run, with Clang and without CUDA, in folders of their own below build/.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs a program to its end; a failure ends this process, too. */
export function run(program, args, options = {}) {
  const { status, signal, error } = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    ...options,
  });
  if (status === 0) return;
  console.error(
    `${program} ${args.join(' ')}: ${error?.message ?? signal ?? `exit code ${status}`}`,
  );
  process.exit(1);
}

function has(program) {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Where a library of Clang's lies. */
export function runtime(name) {
  const { stdout } = spawnSync('clang++', [`-print-file-name=${name}`], { encoding: 'utf8' });
  const path = stdout?.trim() ?? '';
  if (path.includes('/')) return path;
  console.error(
    `Clang has no ${name}: apt-get install -y clang libclang-rt-14-dev (of your Clang's version)`,
  );
  return process.exit(1);
}

/** `sanitize` is what FL_SANITIZE in CMakeLists.txt takes; the folder it was built in. */
export function build(sanitize, { targets = [] } = {}) {
  if (!has('clang++')) {
    console.error('sanitizers and fuzzers need Clang: apt-get install -y clang libclang-rt-14-dev');
    process.exit(1);
  }
  const folder = join(root, 'build', sanitize);
  mkdirSync(folder, { recursive: true });
  const generator = has('ninja') ? ['-G', 'Ninja'] : [];
  const definitions = ['-DFL_CUDA=OFF', `-DFL_SANITIZE=${sanitize}`, '-DCMAKE_BUILD_TYPE=None'];
  run('cmake', [
    '-S',
    root,
    '-B',
    folder,
    ...generator,
    '-DCMAKE_CXX_COMPILER=clang++',
    ...definitions,
  ]);
  const only = targets.flatMap((target) => ['--target', target]);
  run('cmake', ['--build', folder, '--parallel', String(availableParallelism()), ...only]);
  return folder;
}

import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

/** A package from the registry has no lock file and is compiled already; its user installs the dependencies. */
export function isCheckout(root) {
  return existsSync(join(root, 'package-lock.json'));
}

/** Whether node_modules matches package-lock.json (packages of other platforms may be missing). */
export function packagesAreCurrent(root) {
  if (!isCheckout(root)) return true;
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = readPackages(join(root, 'package-lock.json'));
  const present = readPackages(installed);
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    return present[path] ? present[path].version === version : optional === true;
  });
}

function readPackages(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

/** Without install scripts, which npm may block anyway: they only set the executable bits, as `makeExecutable` does. */
export async function installPackages(root) {
  const options = ['--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'];
  await run('npm', ['ci', '--loglevel=error', ...options], { cwd: root });
  for (const program of bundledPrograms(join(root, 'node_modules'))) makeExecutable(program);
  return 'packages installed';
}

/** FFmpeg, ffprobe and esbuild of the installed platform. */
export function bundledPrograms(modules) {
  const places = [
    ['@ffmpeg-installer', 'ffmpeg'],
    ['@ffprobe-installer', 'ffprobe'],
    ['@esbuild', 'bin/esbuild'],
  ];
  return places.flatMap(([scope, program]) => {
    const folder = join(modules, scope);
    const packages = existsSync(folder) ? readdirSync(folder) : [];
    const programs = packages.map((name) => join(folder, name, program));
    return programs.filter((path) => existsSync(path) && statSync(path).isFile());
  });
}

export function makeExecutable(file) {
  const { mode } = statSync(file);
  if ((mode & 0o111) !== 0o111) chmodSync(file, mode | 0o755);
}

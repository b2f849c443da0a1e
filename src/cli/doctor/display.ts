import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from './finding.ts';

/** What showing frames can use: EGL without a window, GLFW or the raub packages with one. */
export function displayFindings(): Finding[] {
  return [
    library('EGL', 'libEGL.so.1', 'apt-get install -y libegl1'),
    library('GLFW', 'libglfw.so.3', 'apt-get install -y libglfw3'),
    raubPackage('glfw-raub', 'glfw-raub@5'),
    raubPackage('webgl-raub', 'webgl-raub@4'),
  ];
}

function library(name: string, file: string, remedy: string): Finding {
  const path = libraryFolders()
    .map((folder) => join(folder, file))
    .find((candidate) => existsSync(candidate));
  if (path !== undefined) return { name, ok: true, detail: path };
  return { name, ok: false, detail: `${file} is not in the library folders`, remedy };
}

/** Where the dynamic linker looks on common systems. */
function libraryFolders(): string[] {
  const given = (process.env['LD_LIBRARY_PATH'] ?? '').split(':').filter((folder) => folder !== '');
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const roots = ['/usr/local', '/usr', ''];
  const standard = roots.flatMap((root) => {
    return [`${root}/lib/${machine}-linux-gnu`, `${root}/lib64`, `${root}/lib`];
  });
  return [...given, ...standard];
}

/** These packages download their binary in an install script, which npm may have blocked. */
function raubPackage(name: string, version: string): Finding {
  const folder = packageFolder(name);
  if (folder === undefined) {
    return {
      name,
      ok: false,
      detail: 'not installed (optional)',
      remedy: `npm install ${version}`,
    };
  }
  if (hasBinary(folder)) return { name, ok: true, detail: folder };
  const detail = `${folder} has no binary: its install script did not run`;
  return { name, ok: false, detail, remedy: `npm rebuild ${name} --foreground-scripts` };
}

function packageFolder(name: string): string | undefined {
  try {
    let folder = dirname(fileURLToPath(import.meta.resolve(name)));
    while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
    return folder;
  } catch {
    return undefined;
  }
}

function hasBinary(folder: string): boolean {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.some((file) => file.endsWith('.node'));
}

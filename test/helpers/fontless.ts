/** Programs on a machine without fonts. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

/** The JSON that a module prints where fontconfig knows no font; its cache is a folder in `folder`. */
export function withoutFonts(folder: string, script: string): unknown {
  const config = join(folder, 'none.conf');
  writeFileSync(config, '<fontconfig></fontconfig>');
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { ...process.env, FONTCONFIG_FILE: config, XDG_CACHE_HOME: join(folder, 'cache') },
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as unknown;
}

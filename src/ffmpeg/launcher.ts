/** The launcher, built beside the addon: programs started through it die with the thread that started them. */
import { accessSync, constants } from 'node:fs';
import { dirname, join } from 'node:path';
import { getSystemErrorName } from 'node:util';
import { addonPaths } from '../native/addon-paths.ts';

let found: string | null | undefined;

/** Undefined where the addon is not built; then only our `exit` event ends a program, not a crash. */
function launcher(): string | undefined {
  found ??=
    addonPaths()
      .map((path) => join(dirname(path), 'framelane-launcher'))
      .find(isExecutable) ?? null;
  return found ?? undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The command that starts a program through the launcher. */
export function launched(
  program: string,
  args: readonly string[],
): readonly [program: string, args: readonly string[]] {
  const path = launcher();
  return path === undefined ? [program, args] : [path, [`${process.pid}`, program, ...args]];
}

/** The error by which the launcher could not start the program, as `spawn` names it: `ENOENT`. */
export function launchFailure(code: number | null, said: string): string | undefined {
  if (code !== 127) return undefined;
  const number = /^framelane-launcher: errno (\d+)$/m.exec(said)?.[1];
  return number === undefined ? undefined : getSystemErrorName(-Number(number));
}

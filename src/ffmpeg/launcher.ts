/** The program that starts others so that they die with the thread that asked for them; built with the addon, beside it. */
import { accessSync, constants } from 'node:fs';
import { dirname, join } from 'node:path';
import { getSystemErrorName } from 'node:util';
import { addonPaths } from '../native/addon-paths.ts';

let found: string | null | undefined;

/** Undefined where the addon has not been built: a program that is started directly ends with the `exit` event alone. */
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

/** What is to be spawned for a program. */
export function launched(
  program: string,
  args: readonly string[],
): readonly [program: string, args: readonly string[]] {
  const path = launcher();
  return path === undefined ? [program, args] : [path, [`${process.pid}`, program, ...args]];
}

/** Why the launcher could not start the program, as `spawn` would say it: `ENOENT`. */
export function launchFailure(code: number | null, said: string): string | undefined {
  if (code !== 127) return undefined;
  const number = /^framelane-launcher: errno (\d+)$/m.exec(said)?.[1];
  return number === undefined ? undefined : getSystemErrorName(-Number(number));
}

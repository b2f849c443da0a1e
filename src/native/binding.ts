/** Loads framelane.node or explains why it cannot; no other file requires it. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { FramelaneError, reasonOf } from '../errors/errors.ts';
import { addonPaths } from './addon-paths.ts';
import type { Addon } from './native.ts';

const require = createRequire(import.meta.url);

function load(): Addon {
  const tried = addonPaths();
  const found = tried.find((path) => existsSync(path));
  if (found === undefined) {
    throw new FramelaneError(
      'ERR_ADDON_UNAVAILABLE',
      `the native addon is not built: expected ${tried.join(' or ')}; run "npm run build:native"`,
    );
  }
  try {
    const addon = require(found) as Addon;
    addon.initialize(FramelaneError);
    return addon;
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new FramelaneError(
      'ERR_ADDON_UNAVAILABLE',
      `the native addon ${found} does not load: ${reason}; run "npm run build:native"`,
      { cause },
    );
  }
}

let loaded: Addon | undefined;

/** The addon, loaded at the first call. */
export function addon(): Addon {
  loaded ??= load();
  return loaded;
}

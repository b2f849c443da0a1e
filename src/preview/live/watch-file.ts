/** Watches a file for being written, replaced or removed. */
import { existsSync, type FSWatcher, realpathSync, watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

/** Milliseconds without events that end a change: an editor causes a burst, from truncating or renaming to the last byte. */
const quiet = 40;

/**
 * Watches the folder, because an editor that saves by renaming replaces the file itself; for a link, also the folder of its
 * target. Does not keep the process alive. `onError` is called when the watch ends or cannot begin: at the system's limits, or
 * without the folder.
 */
export function watchFile(path: string, onChange: () => void, onError: () => void): Disposable {
  const watchers: FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    clearTimeout(timer);
    for (const watcher of watchers.splice(0)) watcher.close();
  };
  const begin = () => {
    end();
    try {
      for (const file of namesOf(path)) {
        const watcher = watch(dirname(file), { persistent: false }, (_, name) => {
          if (name !== null && name !== basename(file)) return;
          clearTimeout(timer);
          timer = setTimeout(changed, quiet).unref();
        });
        watchers.push(watcher.on('error', onError));
      }
    } catch {
      onError();
    }
  };
  const changed = () => {
    begin(); // a link may have another target now
    onChange();
  };
  begin();
  return { [Symbol.dispose]: end };
}

/** The path and the target of a link; a missing file may come back. */
function namesOf(path: string): ReadonlySet<string> {
  const named = resolve(path);
  return new Set([named, existsSync(named) ? realpathSync(named) : named]);
}

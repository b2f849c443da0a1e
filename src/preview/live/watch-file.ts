/** Tells when a file has been written, replaced or removed. */
import { existsSync, type FSWatcher, realpathSync, watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

/** An editor's burst of events, from truncating or renaming to the last byte, counts as one change. */
const quiet = 40;

/**
 * Watches the folder, because an editor that saves by renaming replaces the file itself; where the path is a link, also that
 * of the file it means. Does not keep the process alive. `onError` is told what ends the watch, or keeps it from
 * beginning: the system's limits, a folder that is gone.
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
    begin(); // a link may mean another file now
    onChange();
  };
  begin();
  return { [Symbol.dispose]: end };
}

/** The path, and where it is a link the file it means; a file that is missing may come back. */
function namesOf(path: string): ReadonlySet<string> {
  const named = resolve(path);
  return new Set([named, existsSync(named) ? realpathSync(named) : named]);
}

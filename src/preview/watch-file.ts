/** Tells when a file has been written, replaced or removed. */
import { type FSWatcher, realpathSync, watch } from 'node:fs';
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
  const dispose = () => {
    clearTimeout(timer);
    for (const watcher of watchers.splice(0)) watcher.close();
  };
  try {
    for (const file of new Set([resolve(path), realpathSync(path)])) {
      const watcher = watch(dirname(file), { persistent: false }, (_, name) => {
        if (name !== null && name !== basename(file)) return;
        clearTimeout(timer);
        timer = setTimeout(onChange, quiet).unref();
      });
      watchers.push(watcher.on('error', onError));
    }
  } catch {
    onError();
  }
  return { [Symbol.dispose]: dispose };
}

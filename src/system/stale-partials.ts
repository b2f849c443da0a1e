/**
 * What processes that were killed have left behind. The name of a partial says whose it is, and one is removed only where it is
 * certain that its owner is gone: on another machine that shares the disk, after a restart or in another container nobody can
 * tell, so there it stays. Locks would not help: some network disks keep them on each machine alone.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a process's number means the same process: this start of this machine, and this container. */
let world: string | undefined;

function worldMark(): string {
  world ??= createHash('sha256')
    .update(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))
    .update(readlinkSync('/proc/self/ns/pid'))
    // The time that a thread was started at is counted in it.
    .update(existsSync('/proc/self/ns/time') ? readlinkSync('/proc/self/ns/time') : '')
    .digest('hex')
    .slice(0, 16);
  return world;
}

/** For the name of a partial: `world-process-thread-start.`, or nothing where the kernel does not tell. */
export function ownerMark(): string {
  try {
    // A terminated worker is as dead as a process. The link is read by the thread itself.
    const [process_, , thread] = readlinkSync('/proc/thread-self').split('/');
    if (process_ !== String(process.pid)) return '';
    const start = startOf(readFileSync(`/proc/thread-self/stat`, 'utf8'));
    return `${worldMark()}-${process_}-${thread}-${start}.`;
  } catch {
    return '';
  }
}

const partialName = /^\..*\.([0-9a-f]{16})-(\d+)-(\d+)-(\d+)\.[0-9a-f]{18}\.partial$/s;

/** When folders with more names than `many` were looked at last: they are not read again for every picture of a batch. */
const looked = new Map<string, number>();
const many = 1000;
const often = 10_000;

export async function removeStalePartials(folder: string): Promise<void> {
  const now = performance.now();
  if (now - (looked.get(folder) ?? Number.NEGATIVE_INFINITY) < often) return;
  try {
    const names = await readdir(folder);
    if (names.length > many) looked.set(folder, now);
    for (const name of names) if (isStale(name)) await removeOurs(join(folder, name));
  } catch {
    // Whoever writes here will say what is wrong with the folder.
  }
}

/** A folder of that name that is not ours may be anything. */
async function removeOurs(path: string): Promise<void> {
  const info = await lstat(path);
  if (!info.isDirectory() || info.uid !== process.getuid?.()) return;
  await rm(path, { force: true, recursive: true }).catch(() => {});
}

function isStale(name: string): boolean {
  const [, mark, owner, thread, start] = partialName.exec(name) ?? [];
  if (mark === undefined || mark !== worldMark()) return false;
  try {
    const text = readFileSync(`/proc/${owner}/task/${thread}/stat`, 'utf8');
    return startOf(text) !== start || / [ZX] /.test(text.slice(text.lastIndexOf(')')));
  } catch {
    return isGone(Number(owner));
  }
}

/** Whether the process has ended, or lives and has no such thread; /proc may hide processes of others. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  return existsSync(`/proc/${pid}`);
}

/** Field 22 of the kernel's line about a thread: ticks since the machine was started. */
function startOf(stat: string): string {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

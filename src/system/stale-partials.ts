/**
 * Removes the partials of killed processes. The name of a partial identifies its owner, and it is removed only if the owner is
 * certainly gone. For another machine on a shared disk, another boot or another container that is unknown, so it stays. Locks
 * would not help: some network file systems keep them local to each machine.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The scope in which a process ID is unique: this boot of this machine, and this container. */
let world: string | undefined;

function worldMark(): string {
  world ??= createHash('sha256')
    .update(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))
    .update(readlinkSync('/proc/self/ns/pid'))
    // The start time of a thread is relative to it.
    .update(existsSync('/proc/self/ns/time') ? readlinkSync('/proc/self/ns/time') : '')
    .digest('hex')
    .slice(0, 16);
  return world;
}

/** For the name of a partial: `world-process-thread-start.`, or empty if /proc is not available. */
export function ownerMark(): string {
  try {
    // Owners are threads, because workers can be terminated. The thread itself must read the link.
    const [process_, , thread] = readlinkSync('/proc/thread-self').split('/');
    if (process_ !== String(process.pid)) return '';
    const start = startOf(readFileSync(`/proc/thread-self/stat`, 'utf8'));
    return `${worldMark()}-${process_}-${thread}-${start}.`;
  } catch {
    return '';
  }
}

const partialName = /^\..*\.([0-9a-f]{16})-(\d+)-(\d+)-(\d+)\.[0-9a-f]{18}\.partial$/s;

/** When folders with more names than `many` were last read, so that a batch does not read them for every image. */
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
    // The writer will report what is wrong with the folder.
  }
}

/** A folder of another user with such a name may be anything. */
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

/** Whether the process has ended, or is alive without that thread; /proc may hide other users' processes. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  return existsSync(`/proc/${pid}`);
}

/** Field 22 of /proc/…/stat: the start time in ticks since boot. */
function startOf(stat: string): string {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

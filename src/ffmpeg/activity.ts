/** What a program and those that it started are doing, as the kernel counts it. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Activity {
  /** Milliseconds of processor time. */
  readonly cpu: number;
  /** Bytes that were read and written. */
  readonly bytes: number;
  /** Which processes there are. */
  readonly ids: string;
  /** Whether one waits for a processor or a disk. */
  readonly busy: boolean;
  /** Whether one is stopped, by job control or a debugger. */
  readonly stopped: boolean;
}

/** Linux counts processor time in hundredths of a second for programs, whatever the kernel does. */
const tick = 10;

/** Undefined where it has ended, or the kernel does not tell. */
export function activityOf(pid: number): Activity | undefined {
  try {
    const ids = family(pid);
    const states = ids.flatMap((id) => threadsOf(id).map((thread) => statOf(id, thread).state));
    return {
      cpu: sum(ids.map((id) => statOf(id).cpu)),
      bytes: sum(ids.map(bytesOf)),
      ids: ids.join(),
      busy: states.some((state) => /[RD]/.test(state)),
      stopped: states.some((state) => /[Tt]/.test(state)),
    };
  } catch {
    return undefined;
  }
}

/** Whether something has been done in between. A shell that only waits in a loop starts processes, but hardly works. */
export function hasWorked(before: Activity, now: Activity, milliseconds: number): boolean {
  if (now.cpu - before.cpu > 0.05 * milliseconds) return true;
  return now.ids === before.ids && now.bytes !== before.bytes;
}

function family(pid: number): number[] {
  const children = threadsOf(pid).flatMap((thread) => {
    const ids = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ');
    return ids.filter(Boolean).map(Number);
  });
  return [pid, ...children.flatMap(family)];
}

function threadsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`);
}

function statOf(pid: number, thread?: string): { state: string; cpu: number } {
  const path = thread === undefined ? `/proc/${pid}/stat` : `/proc/${pid}/task/${thread}/stat`;
  const text = readFileSync(path, 'utf8');
  // The name before may hold anything, brackets and spaces too.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // Of its own in user and kernel mode, and the same of its children that have ended.
  return { state: fields[0] ?? '', cpu: tick * sum(fields.slice(11, 15).map(Number)) };
}

function bytesOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/io`, 'utf8');
  return sum(Array.from(text.matchAll(/^[rw]char: (\d+)/gm), ([, count]) => Number(count)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

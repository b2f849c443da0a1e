/** What a process and its descendants are doing, from the counters of the kernel. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Activity {
  /** Milliseconds of processor time. */
  readonly cpu: number;
  /** Bytes read and written. */
  readonly bytes: number;
  /** The ids of the processes. */
  readonly ids: string;
  /** Whether one of them runs, or waits for a processor or a disk. */
  readonly busy: boolean;
  /** Whether one of them is stopped, by job control or a debugger. */
  readonly stopped: boolean;
}

/** Milliseconds: Linux reports processor time in hundredths of a second, whatever the kernel's own tick is. */
const tick = 10;

/** Undefined where the process has ended, or /proc cannot be read. */
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

/** Whether work was done in between. A shell that waits in a loop starts processes, but uses hardly any processor time. */
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
  // The process name before the last `)` may contain anything, brackets and spaces too.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // User and kernel time of its own, and of its children that have ended.
  return { state: fields[0] ?? '', cpu: tick * sum(fields.slice(11, 15).map(Number)) };
}

function bytesOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/io`, 'utf8');
  return sum(Array.from(text.matchAll(/^[rw]char: (\d+)/gm), ([, count]) => Number(count)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** What this process has open and running, as the kernel counts it. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Belongings {
  readonly descriptors: number;
  readonly threads: number;
  readonly children: number;
  readonly residentMiB: number;
}

export function belongings(): Belongings {
  const tasks = readdirSync('/proc/self/task');
  const children = tasks.flatMap((task) => {
    try {
      return readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean);
    } catch {
      return []; // the thread has ended
    }
  });
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    threads: tasks.length,
    children: children.length,
    residentMiB: process.memoryUsage().rss / 2 ** 20,
  };
}

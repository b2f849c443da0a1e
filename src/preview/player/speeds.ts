/** The range of playback speeds, and the speeds that the keys step through. */
import { invalidOption } from '../../errors/invalid-option.ts';

const [slowest, fastest] = [0.25, 4];
const speeds = [slowest, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, fastest] as const;

/** The next slower or faster speed; the ends stay. */
export function nextSpeed(speed: number, steps: 1 | -1): number {
  const next =
    steps > 0 ? speeds.find((known) => known > speed) : speeds.findLast((known) => known < speed);
  return next ?? (steps > 0 ? speeds[speeds.length - 1] : speeds[0]) ?? speed;
}

export function checkSpeed(speed: number): void {
  if (typeof speed === 'number' && speed >= slowest && speed <= fastest) return;
  throw invalidOption('speed', `a number from ${slowest} to ${fastest}`, speed);
}

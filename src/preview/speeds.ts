/** The speeds that keys go through. */
const speeds = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4] as const;

/** The next slower or faster one; stays at the ends. */
export function nextSpeed(speed: number, steps: 1 | -1): number {
  const next =
    steps > 0 ? speeds.find((known) => known > speed) : speeds.findLast((known) => known < speed);
  return next ?? (steps > 0 ? speeds[speeds.length - 1] : speeds[0]) ?? speed;
}

import { print, printJson } from './output.ts';

/** What a run did. */
export interface Result {
  readonly output: string;
  readonly frames: number;
  readonly seconds: number;
  readonly device: string;
  /** How much video was made per second; none for a picture. */
  readonly speed?: number;
  /** Whether it was ended before its end. */
  readonly stopped?: boolean;
  /** What was left out or assumed, or was wrong with the input. */
  readonly warnings?: readonly string[];
}

interface Style {
  readonly json?: true;
  readonly quiet?: true;
}

/** The last line of a run. */
export function reportResult(result: Result, style: Style): void {
  const { seconds, speed } = result;
  const fps = round(result.frames / Math.max(seconds, 1e-6));
  const rounded = { ...result, seconds: round(seconds), fps };
  if (style.json) printJson({ event: 'done', ...rounded, ...(speed && { speed: round(speed) }) });
  else if (!style.quiet) print(describe(result, fps));
}

function describe(
  { output, frames, seconds, device, speed, stopped }: Result,
  fps: number,
): string {
  const time = `${seconds.toFixed(seconds < 10 ? 2 : 1)} s on ${device}`;
  if (speed === undefined) return `${output}: done in ${time}`;
  const pace = `${fps.toFixed(fps < 10 ? 1 : 0)} frames/s, ${speed.toFixed(1)}× real time`;
  const early = stopped ? ', stopped early' : '';
  return `${output}: ${frames} frames in ${time} (${pace})${early}`;
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

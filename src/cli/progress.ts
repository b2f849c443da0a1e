import { Presets, SingleBar } from 'cli-progress';
import type { BatchProgress } from '../batch/batch.ts';
import { printJson } from './output.ts';
import { round } from './result.ts';

/** The progress of a session. */
export interface Progress {
  readonly frames: number;
  /** Undefined where the input does not tell. */
  readonly totalFrames: number | undefined;
  readonly fps: number;
  readonly speed: number;
  readonly pass: number;
  readonly passes: number;
}

export interface ProgressDisplay<T = Progress> {
  update(progress: T): void;
  stop(): void;
}

interface Style {
  readonly json?: true | undefined;
  readonly quiet?: true | undefined;
}

/** Lines of JSON under --json, a bar where stderr is a terminal, else nothing. */
export function progressDisplay(style: Style): ProgressDisplay {
  return display(style, {
    line: ({ frames, totalFrames, fps, speed, pass, passes }) => {
      const which = passes > 1 ? { pass, passes } : {};
      return { ...which, frames, totalFrames, fps: round(fps), speed: round(speed) };
    },
    format: '{which}{bar} {value}/{frames} frames  {fps} fps  {speed}× {left}',
    bar: ({ frames, totalFrames, fps, speed, pass, passes }) => ({
      which: passes > 1 ? `pass ${pass} of ${passes} ` : '',
      total: totalFrames ?? 0,
      value: frames,
      frames: totalFrames ?? '?',
      fps: fps.toFixed(0),
      speed: speed.toFixed(1),
      left: totalFrames === undefined ? '' : timeLeft((totalFrames - frames) / fps),
    }),
  });
}

/** The same for pictures. */
export function batchDisplay(style: Style): ProgressDisplay<BatchProgress> {
  return display(style, {
    line: ({ done, failed, total }) => ({ done, failed, total }),
    format: '{bar} {value}/{total} pictures{failures} {left}',
    bar: ({ done, failed, total, seconds }) => {
      const value = done + failed;
      const failures = failed === 0 ? '' : `  ${failed} failed`;
      return { total, value, failures, left: timeLeft(((total - value) * seconds) / value) };
    },
  });
}

interface Presentation<T> {
  /** The event under --json. */
  line(progress: T): object;
  readonly format: string;
  /** The values of the placeholders in `format`; a `total` of 0 is unknown. */
  bar(progress: T): { readonly total: number; readonly value: number };
}

function display<T>(style: Style, { line, format, bar }: Presentation<T>): ProgressDisplay<T> {
  if (style.json) {
    const update = (progress: T) => printJson({ event: 'progress', ...line(progress) });
    return { update, stop() {} };
  }
  if (style.quiet || !process.stderr.isTTY) return { update() {}, stop() {} };
  const options = {
    format,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 30,
  };
  const single = new SingleBar(options, Presets.shades_classic);
  let state: 'idle' | 'running' | 'stopped' = 'idle';
  return {
    update(progress) {
      if (state === 'stopped') return;
      const { total, value, ...payload } = bar(progress);
      if (state === 'idle') single.start(total, 0, payload);
      state = 'running';
      single.update(value, payload);
    },
    stop() {
      if (state === 'running') single.stop();
      state = 'stopped';
    },
  };
}

function timeLeft(seconds: number): string {
  if (!Number.isFinite(seconds)) return '';
  const whole = Math.max(0, Math.round(seconds));
  return ` ${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')} left`;
}

import { Presets, SingleBar } from 'cli-progress';
import { printJson } from './output.ts';
import { round } from './result.ts';

/** How far a session is. */
export interface Progress {
  readonly frames: number;
  /** Undefined where the input does not say. */
  readonly totalFrames: number | undefined;
  readonly fps: number;
  readonly speed: number;
}

export interface ProgressDisplay {
  update(progress: Progress): void;
  stop(): void;
}

const none: ProgressDisplay = { update() {}, stop() {} };

/** Lines of JSON under --json, a bar where stderr is a terminal, else nothing. */
export function progressDisplay(style: {
  readonly json?: true;
  readonly quiet?: true;
}): ProgressDisplay {
  if (style.json) return jsonLines();
  return style.quiet || !process.stderr.isTTY ? none : bar();
}

function jsonLines(): ProgressDisplay {
  return {
    update: ({ frames, totalFrames, fps, speed }) => {
      printJson({ event: 'progress', frames, totalFrames, fps: round(fps), speed: round(speed) });
    },
    stop() {},
  };
}

function bar(): ProgressDisplay {
  const options = {
    format: '{bar} {value}/{frames} frames  {fps} fps  {speed}× {left}',
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 30,
  };
  const single = new SingleBar(options, Presets.shades_classic);
  let state: 'idle' | 'running' | 'stopped' = 'idle';
  return {
    update({ frames, totalFrames, fps, speed }) {
      if (state === 'stopped') return;
      const payload = {
        frames: totalFrames ?? '?',
        fps: fps.toFixed(0),
        speed: speed.toFixed(1),
        left: totalFrames === undefined ? '' : timeLeft((totalFrames - frames) / fps),
      };
      if (state === 'idle') single.start(totalFrames ?? 0, 0, payload);
      state = 'running';
      single.update(frames, payload);
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

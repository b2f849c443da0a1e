import type { Pipeline } from '../pipeline.ts';
import type { SessionOptions } from '../video/options.ts';
import { runSession, type Session } from '../video/session.ts';
import { printJson, printNote } from './output.ts';
import { type ProgressDisplay, progressDisplay } from './progress.ts';
import type { Result } from './result.ts';
import type { RunFlags } from './run.ts';

/** One session, observed and stopped from the terminal. */
export async function runVideo(pipeline: Pipeline, flags: RunFlags): Promise<Result> {
  const { input, output, device, codec, crf, preset, from, to, overwrite, json, quiet } = flags;
  // Flags are strings and numbers; whether they fit the encoder is checked with all other options.
  const options = { device, codec, crf, preset, from, to, overwrite } as SessionOptions;
  const session = runSession(pipeline, input, output, options);
  const display = progressDisplay(flags);
  const release = stopOnSignals(session, display, !json && !quiet);
  let frameRate = Number.NaN;
  let told = 0;
  session.on('start', ({ input: { frameRate: rate }, passes, totalFrames, warnings }) => {
    frameRate = rate.num / rate.den;
    told = warnings.length;
    if (json) printJson({ event: 'start', device: session.device, totalFrames, passes, warnings });
    else if (!quiet) for (const warning of warnings) printNote(`note: ${warning}`);
  });
  session.on('progress', (progress) => {
    display.update({ ...progress, speed: progress.fps / frameRate });
  });
  try {
    const { frames, seconds, fps, stopped, warnings, ...rest } = await session.finished;
    if (!json && !quiet) for (const warning of warnings.slice(told)) printNote(`note: ${warning}`);
    return {
      output,
      frames,
      seconds,
      speed: fps / frameRate,
      stopped,
      device: rest.device,
      warnings,
    };
  } finally {
    display.stop();
    release();
  }
}

/** The first signal finishes the file, the second leaves nothing; the exit code tells which signal it was. */
function stopOnSignals(session: Session, display: ProgressDisplay, talk: boolean): () => void {
  const numbers = { SIGINT: 2, SIGTERM: 15 };
  let asked = false;
  const stop = (signal: NodeJS.Signals) => {
    if (asked) return session.abort(signal);
    asked = true;
    process.exitCode = 128 + numbers[signal as keyof typeof numbers];
    display.stop();
    if (talk) printNote('framelane: finishing the file; Ctrl-C again leaves nothing');
    return session.stop();
  };
  for (const signal of Object.keys(numbers)) process.on(signal, stop);
  return () => {
    for (const signal of Object.keys(numbers)) process.off(signal, stop);
  };
}

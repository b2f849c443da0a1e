import { readPipeline } from '../pipeline/file.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { SharedOptions } from '../video/input/run-options.ts';
import type { SessionOutputOptions } from '../video/session/options.ts';
import { runSession } from '../video/session/session.ts';
import { usageError } from './failure.ts';
import { printJson, printNote } from './output.ts';
import { parseOutput, parseRate, splitAssignment } from './output-argument.ts';
import { progressDisplay } from './progress.ts';
import type { Result } from './result.ts';
import type { RunFlags } from './run-flags.ts';
import { stopOnSignals } from './signals.ts';
import { streamChoice } from './stream-flags.ts';

/** One session, observed and stopped from the terminal. */
export async function runVideo(
  pipeline: Pipeline,
  input: string,
  flags: RunFlags,
): Promise<Result> {
  const { json, quiet } = flags;
  if (json && flags.output.includes('-')) {
    throw usageError('--json: cannot be combined with -o -, because both write to stdout');
  }
  const outputs = await Promise.all(flags.output.map((text) => outputOf(text, flags)));
  const session = runSession(pipeline, input, outputs, sharedOptions(flags));
  const display = progressDisplay(flags);
  const release = stopOnSignals(session, () => {
    display.stop();
    if (!json && !quiet)
      printNote('framelane: finishing the file; press Ctrl-C again to discard it');
  });
  let frameRate = Number.NaN;
  let printedWarnings = 0;
  session.on('start', ({ input: { frameRate: rate }, passes, totalFrames, warnings }) => {
    frameRate = rate.num / rate.den;
    printedWarnings = warnings.length;
    if (json) printJson({ event: 'start', device: session.device, totalFrames, passes, warnings });
    else if (!quiet) for (const warning of warnings) printNote(`note: ${warning}`);
  });
  session.on('progress', (progress) => {
    display.update({ ...progress, speed: progress.fps / frameRate });
  });
  try {
    const result = await session.finished;
    const { frames, seconds, fps, stopped, device, clockJumps, warnings } = result;
    if (!json && !quiet)
      for (const warning of warnings.slice(printedWarnings)) printNote(`note: ${warning}`);
    const output = flags.output.map((text) => parseOutput(text).path).join(', ');
    const dropped = Math.max(...result.outputs.map((one) => one.dropped));
    const repeated = Math.max(...result.outputs.map((one) => one.repeated));
    const late = Math.max(...result.outputs.map((one) => one.late));
    const counts = { frames, dropped, repeated, late, clockJumps };
    const speed = fps / frameRate;
    return { output, ...counts, seconds, speed, stopped, device, warnings };
  } finally {
    display.stop();
    release();
  }
}

const sharedNames = [
  ...(['codec', 'crf', 'preset', 'tune', 'bitrate', 'maxrate', 'bufsize', 'twoPass'] as const),
  ...(['keyint', 'x264Params', 'x265Params', 'svtav1Params', 'aomParams'] as const),
  ...(['pixelFormat', 'container', 'fps', 'audio', 'subtitles', 'captions'] as const),
] as const;

/** Only parses the flags; the session checks them against the encoder. */
async function outputOf(text: string, flags: RunFlags): Promise<SessionOutputOptions> {
  const { option = [] } = flags;
  const given = sharedNames.flatMap((name) => {
    return flags[name] === undefined ? [] : [[name, String(flags[name])] as const];
  });
  const shared = Object.fromEntries([...given, ...option.map((one) => splitAssignment(one))]);
  const { path, pipeline, options } = parseOutput(text, shared);
  const stages =
    pipeline === undefined ? undefined : await readPipeline(pipeline, {}, { assets: flags.assets });
  const { overwrite } = flags;
  return { overwrite, ...options, path, pipeline: stages } as SessionOutputOptions;
}

function sharedOptions(flags: RunFlags): SharedOptions {
  const { device, from, duration, inputFps, deinterlace, hwaccel, squarePixels, ffmpeg } = flags;
  const inputFrameRate = inputFps === undefined ? undefined : parseRate(inputFps);
  const to = duration === undefined ? flags.to : (from ?? 0) + duration;
  const { assets, allowPlaylists } = flags;
  const input = { from, to, inputFrameRate, deinterlace, hwaccel, squarePixels, allowPlaylists };
  return { device, ffmpeg, assets, ...input, ...streamChoice(flags) };
}

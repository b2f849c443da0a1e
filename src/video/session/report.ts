/** What a session reports: its events, statistics and result. */
import type { DeviceId } from '../../device.ts';
import type { NativeSessionStats } from '../../native/media.ts';
import type { ClockJump } from '../format/clock-jumps.ts';
import { toNumber } from '../format/rational.ts';
import type { VideoInfo } from '../format/video-info.ts';
import type { SharedOptions } from '../input/run-options.ts';
import { sectionDuration } from '../input/section.ts';
import type { FrameResults } from './results.ts';
import type { Transcode } from './transcode.ts';
import type { TranscodeOutput } from './transcode-output.ts';

export interface OutputResult {
  /** Undefined where the frames were discarded. */
  readonly path: string | undefined;
  readonly frames: number;
  /** Frames that `fps` dropped, and how often it repeated one. */
  readonly dropped: number;
  readonly repeated: number;
  /** Frames whose time was not after that of the previous one; they are shown a tick after it. */
  readonly late: number;
}

export interface SessionResult {
  /** The path of the first output; undefined where its frames were discarded. */
  readonly output: string | undefined;
  readonly outputs: readonly OutputResult[];
  /** Frames of the output that has most of them. */
  readonly frames: number;
  readonly seconds: number;
  readonly fps: number;
  readonly device: DeviceId;
  /** Whether `stop()` ended it early. */
  readonly stopped: boolean;
  /** Where the clock of the input jumped; the output continues there without a gap. */
  readonly clockJumps: readonly ClockJump[];
  /** What was left out or assumed. */
  readonly warnings: readonly string[];
}

/** How many frames passed through a session, and where it spends its time. */
export interface SessionStats extends NativeSessionStats {
  /** How often the clock of the input jumps; see `SessionResult`. */
  readonly clockJumps: number;
}

export interface SessionProgress {
  readonly frames: number;
  /** The expected number of frames; undefined where the file does not tell. */
  readonly totalFrames: number | undefined;
  readonly seconds: number;
  readonly fps: number;
  /** 1, and 2 in the second of two passes; frames and seconds are those of the pass. */
  readonly pass: 1 | 2;
  readonly passes: 1 | 2;
}

/** The input and the plans of a session, before it starts. */
export interface SessionStart {
  readonly input: VideoInfo;
  readonly device: DeviceId;
  /** The passes of each output's plan; none where frames pass through unchanged. */
  readonly passes: readonly (readonly string[])[];
  readonly totalFrames: number | undefined;
  readonly warnings: readonly string[];
}

export interface SessionEvents {
  start: [SessionStart];
  progress: [SessionProgress];
  results: [FrameResults];
}

/** The number of frames of the output that will have most of them. */
export function expectedFrames(
  input: VideoInfo,
  outputs: readonly TranscodeOutput[],
  options: SharedOptions,
): number | undefined {
  const videos = outputs.filter(({ isPicture }) => !isPicture);
  if (videos.length === 0) return 1;
  const rates = videos.map(({ fps }) => fps);
  const whole = options.from === undefined && options.to === undefined;
  if (whole && rates.every((fps) => fps === undefined)) return input.frameCount;
  const duration = sectionDuration(input, options);
  const most = Math.max(...rates.map((fps) => toNumber(fps ?? input.frameRate)));
  return duration === undefined ? undefined : Math.round(duration * most);
}

export function outputResults(transcode: Transcode): OutputResult[] {
  const { outputs } = transcode.stats();
  return transcode.outputs.map(({ path }, index) => {
    const { framesOut: frames = 0, dropped = 0, repeated = 0, late = 0 } = outputs[index] ?? {};
    return { path, frames, dropped, repeated, late };
  });
}

/** How long FFmpeg and ffprobe may take, and how much they may print. docs/video.md repeats these numbers. */

export interface Limits {
  /** Seconds without any activity: no processor time, no byte moved, no wait for a disk. FRAMELANE_PATIENCE overrides it. */
  readonly silence: number;
  /** Seconds of work without a result: an answer, or another frame. */
  readonly work: number;
}

/** For questions about its version, encoders, filters …, which take milliseconds. */
export const questionLimits: Limits = { silence: 10, work: 60 };
/** For probing a file; some must be read to the end. */
export const probeLimits: Limits = { silence: 30, work: 600 };
/**
 * For the next frame, or the end after the last one: a slow encoder may hold the last 250 frames of 8K and take minutes for
 * each, and a decoder may have to read from the start of a file to reach a frame near its end.
 */
export const frameLimits: Limits = { silence: 30, work: 6 * 3600 };

/** The limits for a source that may itself be silent for `timeout` seconds. */
export function patientLimits(limits: Limits, timeout = 0): Limits {
  return { ...limits, silence: Math.max(limits.silence, timeout + 5) };
}

/** Bytes of a whole answer, and of messages on stderr from one frame to the next. */
export const textLimit = 64 << 20;

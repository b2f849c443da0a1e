/** How long FFmpeg and ffprobe may take, and how much they may say. docs/video.md repeats these numbers. */

export interface Limits {
  /** Seconds for which it may do nothing: use no processor, move no byte, wait for no disk. FRAMELANE_PATIENCE replaces it. */
  readonly silence: number;
  /** Seconds that it may work without a result: an answer, or another frame. */
  readonly work: number;
}

/** Of its version, encoders, filters …: they take milliseconds. */
export const questionLimits: Limits = { silence: 10, work: 60 };
/** What a file is, of which some have to be read to the end. */
export const probeLimits: Limits = { silence: 30, work: 600 };
/**
 * A frame, or the end after the last one: a slow encoder keeps the last 250 frames of 8K and thinks about each for minutes, and
 * a decoder may have to begin at the start of a file to get to a frame near its end.
 */
export const frameLimits: Limits = { silence: 30, work: 6 * 3600 };

/** Those of a source that may itself be silent for a time, in seconds. */
export function patientLimits(limits: Limits, timeout = 0): Limits {
  return { ...limits, silence: Math.max(limits.silence, timeout + 5) };
}

/** Bytes: of an answer as a whole, and of what is said on stderr from one frame to the next. */
export const textLimit = 64 << 20;

/** How long something may be silent before it is given up. docs/video.md repeats these numbers. */

export interface Patience {
  /** Seconds; FRAMELANE_PATIENCE replaces them. */
  readonly silence: number;
}

/** The seconds of silence that are allowed. */
export function patience({ silence }: Patience): number {
  const given = Number(process.env['FRAMELANE_PATIENCE']);
  return given > 0 ? given : silence;
}

/** Before the first byte of a FIFO, and between two pieces of a small file that comes through a pipe. */
export const streamLimits: Patience = { silence: 30 };

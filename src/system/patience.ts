/** How long an input or program may be silent. docs/video.md repeats these numbers. */

export interface Patience {
  /** Seconds; FRAMELANE_PATIENCE replaces them. */
  readonly silence: number;
}

/** The allowed silence in seconds. */
export function patience({ silence }: Patience): number {
  const given = Number(process.env['FRAMELANE_PATIENCE']);
  return given > 0 ? given : silence;
}

/** Before the first byte of a FIFO, and between chunks of a small file from a pipe. */
export const streamLimits: Patience = { silence: 30 };

/** An input as FFmpeg opens it. */

export interface InputSource {
  /** As the caller named it. */
  readonly path: string;
  /** What FFmpeg opens. */
  readonly url: string;
  /** FFmpeg's options that prevent it from opening other sources. */
  readonly guard?: readonly string[];
  /** FFmpeg's options before its `-i`. */
  readonly options: readonly string[];
  /** Warnings about the source. */
  readonly warnings: readonly string[];
  /** A URL, a camera or screen, or a generated pattern; undefined for files. */
  readonly kind?: 'network' | 'capture' | 'pattern' | undefined;
  /** Whether it can never seek. */
  readonly once?: boolean;
  /** Seconds for which it may be silent; undefined for sources that never are. */
  readonly timeout?: number | undefined;
}

/** FFmpeg's arguments to open a source. */
export function sourceArgs({ guard = [], options, url }: InputSource): string[] {
  return [...guard, ...options, '-i', url];
}

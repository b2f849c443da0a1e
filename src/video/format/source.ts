/** What FFmpeg opens for an input. */

export interface InputSource {
  /** As the caller named it. */
  readonly path: string;
  /** What FFmpeg opens. */
  readonly url: string;
  /** FFmpeg's options that keep it to this source. */
  readonly guard?: readonly string[];
  /** FFmpeg's options before its `-i`. */
  readonly options: readonly string[];
  /** What the caller ought to know of it. */
  readonly warnings: readonly string[];
  /** Behind a URL, a camera or screen, or a pattern that is made as it is read; undefined for files. */
  readonly kind?: 'network' | 'capture' | 'pattern' | undefined;
  /** Whether it can never be sought, whatever it holds. */
  readonly once?: boolean;
  /** Seconds for which it may be silent; undefined for what is always there. */
  readonly timeout?: number | undefined;
}

/** How any FFmpeg is told to read a source. */
export function sourceArgs({ guard = [], options, url }: InputSource): string[] {
  return [...guard, ...options, '-i', url];
}

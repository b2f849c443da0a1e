/** Programs that pretend to be FFmpeg or ffprobe. */
import { chmodSync, writeFileSync } from 'node:fs';

/** A program of sh. */
export function program(path: string, body: string): string {
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Is the real program for questions of its version and lists, and runs `body` for everything else. */
export function pretending(path: string, real: string, body: string): string {
  const questions = '*-version*|*-encoders*|*-muxers*|*-decoders*|*-filters*|*-h\\ encoder*';
  return program(path, `case "$*" in ${questions}) exec '${real}' "$@";; esac\n${body}`);
}

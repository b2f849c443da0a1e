/** Clips for the tests, made by FFmpeg, and what FFmpeg and ffprobe say of files. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { ffmpeg, ffprobe, ffprobePath, testedFfmpeg } from './programs.ts';

/** A folder that goes when the tests of the file are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'framelane-video-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Names of files in such a folder. */
export function temporaryFiles(): {
  readonly folder: string;
  readonly file: (name: string) => string;
} {
  const folder = temporaryFolder();
  return { folder, file: (name) => join(folder, name) };
}

export interface Clip {
  readonly size?: string;
  readonly rate?: number | string;
  readonly seconds?: number;
  readonly pixelFormat?: string;
  /** Seconds at which audio starts; no audio without it. */
  readonly audioAt?: number;
  readonly filter?: string;
  readonly output?: readonly string[];
}

/** A moving test picture; `output` are FFmpeg's options of encoder and muxer. */
export function makeClip(path: string, clip: Clip = {}): string {
  const { size = '64x48', rate = 25, seconds = 1, pixelFormat = 'yuv420p', audioAt, filter } = clip;
  const source = `testsrc2=s=320x240:r=${rate}:d=${seconds}`;
  const audio = ['-itsoffset', String(audioAt), '-f', 'lavfi', '-i', `sine=440:d=${seconds}`];
  ffmpeg([
    ...['-y', '-f', 'lavfi', '-i', source],
    ...(audioAt === undefined ? [] : audio),
    ...['-vf', [filter, `scale=${size.replace('x', ':')}`].filter(Boolean).join(',')],
    ...['-pix_fmt', pixelFormat, ...(clip.output ?? ['-c:v', 'libx264', '-g', '10'])],
    ...(audioAt === undefined ? [] : ['-c:a', 'aac']),
    path,
  ]);
  return path;
}

/** A hash per decoded frame, in order. */
export function frameHashes(path: string): string[] {
  return hashes(['-i', path, '-map', '0:v:0', '-vsync', 'passthrough', '-f', 'framemd5', '-']);
}

/** A hash per audio packet as it is stored. */
export function packetHashes(path: string): string[] {
  return hashes(['-i', path, '-map', '0:a', '-c', 'copy', '-f', 'framemd5', '-']);
}

/** A hash per piece of decoded audio. */
export function soundHashes(path: string): string[] {
  return hashes(['-i', path, '-map', '0:a', '-f', 'framemd5', '-']);
}

function hashes(args: readonly string[]): string[] {
  const lines = ffmpeg(args).toString().split('\n');
  return lines.filter((line) => /^\d/.test(line)).map((line) => line.split(',')[5]?.trim() ?? '');
}

export interface ProbedStream {
  readonly [field: string]: unknown;
  readonly codec_type: string;
}

export function probedStreams(path: string): ProbedStream[] {
  return probed(path, ['-show_streams'])['streams'] as ProbedStream[];
}

/** Presentation times in seconds, in order. */
export function times(path: string, streams: 'a' | 'v'): number[] {
  const found = probed(path, ['-show_packets', '-select_streams', streams]);
  const packets = found['packets'] as { pts_time: string }[];
  return packets.map((packet) => Number(packet.pts_time)).sort((a, b) => a - b);
}

function probed(path: string, args: readonly string[]): Record<string, unknown> {
  return JSON.parse(ffprobe(['-of', 'json', ...args, path], ffprobePath));
}

const roles = { decode: '*"-f nut pipe:3"', encode: '*"-i pipe:3"*' };

/** A stand-in for FFmpeg that runs `body` (of sh) for one role, and is FFmpeg for everything else; `$real` is FFmpeg. */
export function fakeFfmpeg(path: string, role: keyof typeof roles, body: string): string {
  const script = `#!/bin/sh\nreal='${testedFfmpeg}'\ncase "$*" in ${roles[role]}) ${body} ;; esac\nexec "$real" "$@"\n`;
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return path;
}

/** An FFmpeg that tells everything it does into a file. */
export function talkingFfmpeg(path: string, log: string): string {
  const verbose = `for a; do shift; [ "$a" = error ] && a=verbose; set -- "$@" "$a"; done`;
  writeFileSync(path, `#!/bin/sh\n${verbose}\nexec '${testedFfmpeg}' "$@" 2>> '${log}'\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Processes that name a folder in their arguments. */
export function processesNaming(folder: string): number[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.map(Number).filter((id) => {
    try {
      return id !== process.pid && readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(folder);
    } catch {
      return false; // it has ended
    }
  });
}

/** Waits until a condition holds; fails after a while. */
export async function eventually(condition: () => boolean, milliseconds = 15_000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within ${milliseconds} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Grey pictures that stay for as long as they like, and what a file shows when. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { ffmpeg, ffprobe, newestFfmpeg } from './programs.ts';

export interface Slides {
  /** Seconds at which each picture appears. */
  readonly at: readonly number[];
  /** FFmpeg's options of encoder and muxer. */
  readonly output: readonly string[];
  /** Seconds of a tone. */
  readonly sound?: number;
  /** Ticks a second. */
  readonly clock?: number;
  /** Seconds at which the last picture goes, for MP4 and MOV without B-frames; FFmpeg gives it none there. */
  readonly end?: number;
}

/** Pictures of one grey each, far enough apart that every encoder keeps them apart. */
export function makeSlides(path: string, slides: Slides): string {
  const { at, output, sound, clock = 1000, end = (at.at(-1) as number) + 1 } = slides;
  const ticks = at.map((time, index) => `${Math.round(time * clock)}*eq(N,${index})`).join('+');
  const grays = `geq=lum='30+20*mod(N,10)':cb=128:cr=128`;
  ffmpeg([
    ...['-y', '-f', 'lavfi', '-i', `color=s=32x16:r=25:d=${at.length / 25}`],
    ...(sound === undefined ? [] : ['-f', 'lavfi', '-i', `sine=d=${sound}:r=48000`]),
    ...['-filter_complex', `[0]format=yuv420p,${grays},settb=1/${clock},setpts='${ticks}'[v]`],
    ...['-map', '[v]', ...(sound === undefined ? [] : ['-map', '1:a', '-c:a', 'aac'])],
    ...['-vsync', 'passthrough', '-enc_time_base', `1:${clock}`, ...output],
    ...(/\.(mp4|mov)$/.test(path) ? ['-video_track_timescale', String(clock)] : []),
    path,
  ]);
  if (/\.(mp4|mov)$/.test(path)) endAt(path, end, clock, (end - (at.at(-1) as number)) * clock);
  return path;
}

/** Makes the last sample as long as it should be, which FFmpeg cannot be told: by the layout of ISO 14496-12, version 0. */
function endAt(path: string, end: number, clock: number, ticks: number): void {
  const data = readFileSync(path);
  const box = (name: string) => data.indexOf(name, data.indexOf('moov'));
  const table = box('stts');
  data.writeUInt32BE(Math.round(ticks), table + 8 + 8 * data.readUInt32BE(table + 8));
  data.writeUInt32BE(Math.round(end * clock), box('mdhd') + 20);
  data.writeUInt32BE(Math.round(end * 1000), box('tkhd') + 24);
  data.writeUInt32BE(Math.round(end * 1000), box('elst') + 12);
  data.writeUInt32BE(Math.round(end * 1000), box('mvhd') + 20);
  writeFileSync(path, data);
}

/** The number of each picture in a file, in order. */
export function slidesIn(path: string): number[] {
  const raw = ['-map', '0:v:0', '-vf', 'scale=1:1,format=gray', '-f', 'rawvideo', 'pipe:1'];
  const passthrough = ['-vsync', 'passthrough'];
  const args = ['-v', 'error', '-nostdin', '-i', path, ...passthrough, ...raw];
  const luma = (gray: number) => 16 + (gray * 219) / 255;
  return [...execFileSync(newestFfmpeg, args)].map(
    (gray) => Math.round((luma(gray) - 30) / 20) || 0,
  );
}

/** When each picture is shown, in seconds, with its number: what ffprobe and FFmpeg see. */
export function shownIn(path: string): [time: number, slide: number][] {
  const found = ['-show_entries', 'packet=pts_time', '-of', 'csv=p=0'];
  const args = ['-select_streams', 'v', ...found, path];
  const said = ffprobe(args);
  const times = said.trim().split('\n').map(Number.parseFloat);
  const slides = slidesIn(path);
  return times.sort((a, b) => a - b).map((time, index) => [time, slides[index] ?? Number.NaN]);
}

/**
 * Whether frames come at a constant rate. The container's rate proves nothing: Matroska's may be a mean, that of a phone only
 * nominal. So all packet times are checked: none may be off the grid by more than the rounding of the file's time base.
 */

import { toNumber } from '../format/rational.ts';
import type { VideoInfo } from '../format/video-info.ts';
import type { SectionOptions } from './options.ts';
import { everyPacketRow, type PacketRowsOptions } from './packet-rows.ts';

export type GridOptions = SectionOptions & PacketRowsOptions;

/** Whether every frame of the section lies on its own point of the grid of `info.frameRate`. */
export async function liesOnGrid(info: VideoInfo, options: GridOptions): Promise<boolean> {
  if (!info.constantRate) return false;
  if (info.counted || ticksPerFrame(info) === 1) return true; // a time off the grid cannot be written
  if (info.source.kind !== undefined) return false; // packets cannot be read beforehand
  const grid = new FrameGrid(info, options);
  return await everyPacket(info, options, (pts, dts) => grid.take(pts, dts));
}

function ticksPerFrame({ timeBase, frameRate }: VideoInfo): number {
  return (timeBase.den * frameRate.den) / (timeBase.num * frameRate.num);
}

/** Frames that may be stored out of order. */
const reordered = 64;

/** Takes the packets of a video in stored order. */
export class FrameGrid {
  readonly #ticks: number;
  readonly #anchor: number;
  readonly #first: number;
  readonly #end: number;
  /** The latest grid points in use, by their remainder. */
  readonly #taken = new Float64Array(2 * reordered).fill(Number.NaN);
  #latest = Number.NEGATIVE_INFINITY;

  constructor(info: VideoInfo, { from = 0, to = Number.POSITIVE_INFINITY }: SectionOptions) {
    const perSecond = 1 / toNumber(info.timeBase);
    this.#ticks = ticksPerFrame(info);
    this.#anchor = Math.round(info.videoStart * perSecond);
    // The frame on display at the start of a section may have begun before it.
    this.#first = (info.startTime + from) * perSecond - 2 * this.#ticks;
    this.#end = (info.startTime + to) * perSecond + this.#ticks;
  }

  /** False for a packet off the grid, or on a grid point that is already in use. */
  take(pts: number | undefined, dts: number | undefined): boolean {
    const time = pts ?? dts;
    if (time === undefined) return true; // the decoder puts it beside the one before
    if (time < this.#first || time > this.#end) return true;
    const place = Math.round((time - this.#anchor) / this.#ticks);
    if (Math.abs(time - this.#anchor - place * this.#ticks) > 0.5 + 1e-6) return false;
    if (pts === undefined) return true;
    const slots = this.#taken.length;
    const slot = ((place % slots) + slots) % slots;
    if (place <= this.#latest - slots || this.#taken[slot] === place) return false;
    this.#taken[slot] = place;
    this.#latest = Math.max(this.#latest, place);
    return true;
  }
}

/** Seconds read before a section, which should contain a key frame. */
const keyFrames = 30;

/** Whether `accept` returns true for every packet; stops at the first false. */
async function everyPacket(
  info: VideoInfo,
  options: GridOptions,
  accept: (pts: number | undefined, dts: number | undefined) => boolean,
): Promise<boolean> {
  const { from = 0, to } = options;
  const begin = from > keyFrames ? info.startTime + from - keyFrames : undefined;
  const end = to === undefined ? undefined : info.startTime + to + 1;
  const interval = `${begin?.toFixed(3) ?? ''}%${end?.toFixed(3) ?? ''}`;
  const args = [
    ...['-select_streams', String(info.index)],
    ...(interval === '%' ? [] : ['-read_intervals', interval]),
    ...['-show_entries', 'packet=pts,dts'],
  ];
  return await everyPacketRow(info, args, options, (line) => {
    const [pts, dts] = line.split(',', 2).map(ticks);
    return accept(pts, dts);
  });
}

function ticks(text: string): number | undefined {
  return /^-?\d+/.test(text) ? Number.parseInt(text, 10) : undefined;
}

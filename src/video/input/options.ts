/** The options of an input, checked before anything starts. */
import { invalidOption } from '../../errors/invalid.ts';
import { namesOf } from '../../errors/option-names.ts';
import { type Deinterlace, deinterlaceModes } from '../format/interlace.ts';
import { type FrameRate, frameRateOf } from '../format/rational.ts';
import { checkChoice, type StreamChoice } from './stream-choice.ts';

/** The part of the input to read, in seconds from its start. */
export interface SectionOptions {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export const hwaccels = ['none', 'auto', 'cuda', 'vaapi'] as const;
export type Hwaccel = (typeof hwaccels)[number];

/** All options of reading an input. */
export interface InputOptions extends SectionOptions, StreamChoice {
  /**
   * Whether interlaced frames become progressive ones, one for one. `auto`, the default, does so where the file or its first
   * frames are marked as interlaced; `double` makes a frame of each field, at twice the rate; `off` keeps the fields and marks
   * the output as interlaced.
   */
  readonly deinterlace?: Deinterlace | undefined;
  /** Hardware decoding: `none` (the default) decodes in software, `auto` uses hardware where it works. */
  readonly hwaccel?: Hwaccel | undefined;
  /** Scale the width so that pixels become square; otherwise their aspect ratio is kept. */
  readonly squarePixels?: boolean | undefined;
  /** Frames per second of an image sequence or a raw H.264/HEVC stream, which have no timestamps; 25 by default. */
  readonly inputFrameRate?: FrameRate | undefined;
  /**
   * Whether FFmpeg may follow a playlist without the name of one (`.m3u8`, `.mpd`, `.ffconcat`), and network addresses in a local
   * playlist; false by default, because a playlist can refer to any file that this process may read.
   */
  readonly allowPlaylists?: boolean | undefined;
  /** Seconds for which a server may be silent before the input is taken as lost; 10 by default. */
  readonly inputTimeout?: number | undefined;
}

export const inputOptionNames = namesOf<InputOptions>({
  from: true,
  to: true,
  deinterlace: true,
  hwaccel: true,
  squarePixels: true,
  allowPlaylists: true,
  inputFrameRate: true,
  inputTimeout: true,
  videoStream: true,
  program: true,
  audioStreams: true,
});

export function checkInput(options: InputOptions): void {
  const { from, to, deinterlace, hwaccel, squarePixels, inputFrameRate, inputTimeout } = options;
  const { allowPlaylists } = options;
  for (const [path, value] of Object.entries({ from, to })) {
    if (value === undefined) continue;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
      throw invalidOption(path, 'seconds of at least 0', value);
    }
  }
  if (to !== undefined && to <= (from ?? 0)) {
    throw invalidOption('to', `seconds after from (${from ?? 0})`, to);
  }
  if (deinterlace !== undefined && !deinterlaceModes.includes(deinterlace)) {
    throw invalidOption('deinterlace', `one of ${deinterlaceModes.join(', ')}`, deinterlace);
  }
  if (hwaccel !== undefined && !hwaccels.includes(hwaccel)) {
    throw invalidOption('hwaccel', `one of ${hwaccels.join(', ')}`, hwaccel);
  }
  for (const [name, value] of Object.entries({ squarePixels, allowPlaylists })) {
    if (value !== undefined && typeof value !== 'boolean') {
      throw invalidOption(name, 'a boolean', value);
    }
  }
  if (inputTimeout !== undefined) {
    if (typeof inputTimeout !== 'number' || !(inputTimeout > 0 && inputTimeout <= 3600)) {
      throw invalidOption('inputTimeout', 'seconds above 0 and up to 3600', inputTimeout);
    }
  }
  if (inputFrameRate !== undefined) frameRateOf(inputFrameRate, 'inputFrameRate');
  checkChoice(options);
}

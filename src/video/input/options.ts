/** How an input is read, checked before anything is started. */
import { invalidOption } from '../../errors/invalid.ts';
import { namesOf } from '../../errors/option-names.ts';
import { type Deinterlace, deinterlaceModes } from '../format/interlace.ts';
import { type FrameRate, frameRateOf } from '../format/rational.ts';
import { checkChoice, type StreamChoice } from './stream-choice.ts';

/** What to read of the input, in seconds from its start. */
export interface SectionOptions {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export const hwaccels = ['none', 'auto', 'cuda', 'vaapi'] as const;
export type Hwaccel = (typeof hwaccels)[number];

/** Everything about reading an input. */
export interface InputOptions extends SectionOptions, StreamChoice {
  /**
   * Whether fields are made into whole frames, one for each frame. `auto`, the default, does so where the file or its first
   * frames say that it is interlaced; `double` makes a frame of each field, at twice the rate; `off` writes the field order to
   * the output.
   */
  readonly deinterlace?: Deinterlace | undefined;
  /** What decodes: `none` (the default) is FFmpeg's software, `auto` takes hardware where it works. */
  readonly hwaccel?: Hwaccel | undefined;
  /** Scale the width so that pixels become square; otherwise their shape is kept as it is. */
  readonly squarePixels?: boolean | undefined;
  /** Frames a second of an image sequence or a bare H.264/HEVC stream, which have no times of their own; 25 by default. */
  readonly inputFrameRate?: FrameRate | undefined;
  /**
   * Whether FFmpeg may follow a playlist whose name does not say that it is one (`.m3u8`, `.mpd`, `.ffconcat`), and what a local
   * playlist names on the network; false by default, since a playlist can name any file that this process may read.
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

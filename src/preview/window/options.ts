/** What a preview window takes and tells. */
import type { GL } from '../../display/gl.ts';
import type { ProviderName } from '../../display/window.ts';
import type { FramelaneError } from '../../errors/errors.ts';
import { invalidOption } from '../../errors/invalid.ts';
import { checkNames, namesOf } from '../../errors/option-names.ts';
import type { VariableValues } from '../../pipeline/file.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { checkInput } from '../../video/input/options.ts';
import { type PlayerOptions, playerOptionNames } from '../player/options.ts';

export interface PreviewOptions extends Omit<PlayerOptions, 'pipeline' | 'format'> {
  /** A pipeline, or the path of a pipeline file, which is followed: what is saved there is seen at the next frame. */
  readonly pipeline?: string | Pick<Pipeline, 'stages'> | undefined;
  /** Values for the variables of a pipeline file. */
  readonly values?: VariableValues | undefined;
  /** What FRAMELANE_WINDOW names by default, else `auto`: the first that works here. */
  readonly provider?: ProviderName | 'auto' | undefined;
  /** Of the window, in its units; by default the picture's size, as far as it fits into 1600x900. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly title?: string | undefined;
  /** Whether the window waits for the screen; true by default. */
  readonly vsync?: boolean | undefined;
  readonly fullscreen?: boolean | undefined;
  /** Whether the statistics are shown from the start. */
  readonly statistics?: boolean | undefined;
  /** Seconds from the start of the source at which it begins. */
  readonly from?: number | undefined;
  /** Starts again at the end. */
  readonly loop?: boolean | undefined;
  /** Closes after as many frames. A headless window then shows each frame of a source once, as fast as it can. */
  readonly frames?: number | undefined;
  /** Where `s` puts its pictures; the current folder by default. */
  readonly screenshots?: string | undefined;
  /**
   * Whether the pipeline file is that of the session which is watched: what is changed in the window or saved in the file is
   * written, too, from the next frame on. By default it is laid over what the window shows, and over no more.
   */
  readonly drivesSession?: boolean | undefined;
  /** Draws over each frame with the window's context, in framebuffer pixels. */
  readonly onFrame?: ((gl: GL, frame: DrawnFrame) => void) | undefined;
}

const ownNames = namesOf<Omit<PreviewOptions, keyof PlayerOptions>>({
  values: true,
  provider: true,
  width: true,
  height: true,
  title: true,
  vsync: true,
  fullscreen: true,
  statistics: true,
  from: true,
  loop: true,
  frames: true,
  screenshots: true,
  drivesSession: true,
  onFrame: true,
});

/** Those that the player behind the window is told. */
const passedOn = playerOptionNames.filter((name) => name !== 'pipeline' && name !== 'format');

const optionNames = [...passedOn, 'pipeline', ...ownNames];

/** ERR_INVALID_OPTION for what the player behind the window does not see. */
export function checkPreview(options: PreviewOptions): void {
  checkNames(options, optionNames);
  const { from, frames } = options;
  checkInput({ from });
  if (frames !== undefined && !(Number.isInteger(frames) && frames >= 1)) {
    throw invalidOption('frames', 'an integer of at least 1', frames);
  }
}

/** The part of the options that the player takes. */
export function playerOptionsOf(options: PreviewOptions): PlayerOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([name]) => passedOn.includes(name)),
  ) as PlayerOptions;
}

export interface DrawnFrame {
  /** Of the framebuffer. */
  readonly width: number;
  readonly height: number;
  /** Seconds from the start of the source. */
  readonly timestamp: number;
}

/** RGBA of 8 bits, the top row first. */
export interface WindowPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface PreviewEvents {
  /** A frame is on its way to the screen. */
  frame: [DrawnFrame];
  warning: [string];
  /** What went wrong without ending the preview: a pipeline file that is none, a source that broke off. */
  failure: [FramelaneError];
  /** The last frame is on the screen, and `readPixels` works for the last time. */
  end: [];
}

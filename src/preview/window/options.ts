/** The options and events of a preview window. */
import type { GL } from '../../display/gl.ts';
import type { ProviderName } from '../../display/window.ts';
import type { FramelaneError } from '../../errors/errors.ts';
import { invalidOption } from '../../errors/invalid-option.ts';
import { checkNames, namesOf } from '../../errors/option-names.ts';
import type { VariableValues } from '../../pipeline/file.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { checkInput } from '../../video/input/options.ts';
import { type PlayerOptions, playerOptionNames } from '../player/options.ts';

export interface PreviewOptions extends Omit<PlayerOptions, 'pipeline' | 'format'> {
  /** A pipeline, or the path of a pipeline file, which is followed: the next frame shows what was saved. */
  readonly pipeline?: string | Pick<Pipeline, 'stages'> | undefined;
  /** Values for the variables of a pipeline file. */
  readonly values?: VariableValues | undefined;
  /** By default the value of FRAMELANE_WINDOW, else `auto`: the first one that works. */
  readonly provider?: ProviderName | 'auto' | undefined;
  /** Size of the window in its units; by default the picture's size, reduced to fit 1600x900. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly title?: string | undefined;
  /** Whether presenting waits for the screen; true by default. */
  readonly vsync?: boolean | undefined;
  readonly fullscreen?: boolean | undefined;
  /** Shows the statistics from the start. */
  readonly statistics?: boolean | undefined;
  /** Where playback begins, in seconds from the start of the source. */
  readonly from?: number | undefined;
  /** Starts again at the end of the source. */
  readonly loop?: boolean | undefined;
  /** Closes after this many frames. A headless window then shows each frame once, as fast as it can. */
  readonly frames?: number | undefined;
  /** The folder for screenshots (key `s`); the current one by default. */
  readonly screenshots?: string | undefined;
  /**
   * Whether the pipeline file drives the session that is watched: changes in the window or the file then apply to what the
   * session writes, from the next frame on. By default they apply only to what the window shows.
   */
  readonly drivesSession?: boolean | undefined;
  /** Draws over each frame with the window's GL context, in framebuffer pixels. */
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

/** The options that go to the player behind the window. */
const passedOn = playerOptionNames.filter((name) => name !== 'pipeline' && name !== 'format');

const optionNames = [...passedOn, 'pipeline', ...ownNames];

/** Checks the options that do not go to the player; throws ERR_INVALID_OPTION. */
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
  /** Size of the framebuffer. */
  readonly width: number;
  readonly height: number;
  /** Seconds from the start of the source. */
  readonly timestamp: number;
}

/** 8-bit RGBA, top row first. */
export interface WindowPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface PreviewEvents {
  /** A frame was handed to the screen. */
  frame: [DrawnFrame];
  warning: [string];
  /** A failure that does not end the preview, such as an invalid pipeline file or a source that broke off. */
  failure: [FramelaneError];
  /** The last frame was presented; `readPixels` works for the last time. */
  end: [];
}

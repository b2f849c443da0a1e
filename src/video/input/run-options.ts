/** Options shared by everything that reads a video. */

import type { DeviceOption } from '../../device.ts';
import { namesOf } from '../../errors/option-names.ts';
import type { AssetOptions } from '../../pipeline/assets.ts';
import { type InputOptions, inputOptionNames } from './options.ts';

/** The options of a session besides those of its input and outputs. */
export interface RunOptions extends AssetOptions {
  /** Where the pipeline runs; `auto` by default. */
  readonly device?: DeviceOption | undefined;
  /** Aborts the session; `finished` rejects with its reason as the cause. */
  readonly signal?: AbortSignal | undefined;
  readonly ffmpeg?: string | undefined;
  readonly ffprobe?: string | undefined;
}

/** The options of a session with several outputs, each of which has its own encoder options. */
export type SharedOptions = InputOptions & RunOptions;

const runOptionNames = namesOf<RunOptions>({
  device: true,
  signal: true,
  ffmpeg: true,
  ffprobe: true,
  assets: true,
});

export const sharedOptionNames = [...inputOptionNames, ...runOptionNames];

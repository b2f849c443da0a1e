/** What everything that reads a video may be told. */

import type { DeviceOption } from '../../device.ts';
import { namesOf } from '../../errors/option-names.ts';
import type { AssetOptions } from '../../pipeline/assets.ts';
import { type InputOptions, inputOptionNames } from './options.ts';

/** What a session has besides its input and its outputs. */
export interface RunOptions extends AssetOptions {
  /** Where the pipeline runs; `auto` by default. */
  readonly device?: DeviceOption | undefined;
  /** Aborts the session; `finished` rejects with its reason as the cause. */
  readonly signal?: AbortSignal | undefined;
  readonly ffmpeg?: string | undefined;
  readonly ffprobe?: string | undefined;
}

/** A session with several, each with encoder options of its own. */
export type SharedOptions = InputOptions & RunOptions;

const runOptionNames = namesOf<RunOptions>({
  device: true,
  signal: true,
  ffmpeg: true,
  ffprobe: true,
  assets: true,
});

export const sharedOptionNames = [...inputOptionNames, ...runOptionNames];

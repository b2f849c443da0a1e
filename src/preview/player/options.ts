/** What a player is told, and what it tells. */

import type { DeviceOption } from '../../device.ts';
import type { FramelaneError } from '../../errors/errors.ts';
import { namesOf } from '../../errors/option-names.ts';
import type { Frame } from '../../image/frame.ts';
import type { AssetOptions } from '../../pipeline/assets.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { type InputOptions, inputOptionNames } from '../../video/input/options.ts';
import type { PassTime } from './compiled-pipeline.ts';
import type { Quantiles } from './samples.ts';

export interface PlayerOptions extends Omit<InputOptions, 'from' | 'to'>, AssetOptions {
  /** What the frames go through; as they are without it. */
  readonly pipeline?: Pick<Pipeline, 'stages'> | undefined;
  /** Where the frames live; `auto` by default. */
  readonly device?: DeviceOption | undefined;
  /** `auto`: the source's own YUV where no pixel is transparent, else RGBA of 8 bits; `rgba` always the latter. */
  readonly format?: 'auto' | 'rgba' | undefined;
  /** Whether sound is played, where there is some and a device for it; true by default. */
  readonly audio?: boolean | undefined;
  /** Ends opening with ERR_ABORTED, and later closes the player. */
  readonly signal?: AbortSignal | undefined;
  readonly ffmpeg?: string | undefined;
  readonly ffprobe?: string | undefined;
}

type OwnOptions = Omit<PlayerOptions, keyof InputOptions>;

export const playerOptionNames = [
  ...inputOptionNames.filter((name) => name !== 'from' && name !== 'to'),
  ...namesOf<OwnOptions>({
    pipeline: true,
    device: true,
    format: true,
    audio: true,
    signal: true,
    ffmpeg: true,
    ffprobe: true,
    assets: true,
  }),
];

/** What is to be shown; the frames are the player's and stay as they are until `frameAt` returns the next ones. */
export interface ShownFrame {
  readonly frame: Frame;
  /** The same frame as the source has it. */
  readonly before: Frame;
  /** Seconds from the start of the source. */
  readonly timestamp: number;
}

export interface PlayerStats {
  /** Frames that wait: decoded, on the device, and processed. */
  readonly decoded: number;
  readonly queued: number;
  readonly ready: number;
  readonly shown: number;
  /** Never shown, because they would have come too late. */
  readonly dropped: number;
  /** Shown more than the time of a frame after their moment. */
  readonly late: number;
  /** How often the source was too slow, and the clock waited for it. */
  readonly stalls: number;
  /** Seconds of the passes of the pipeline, on the device. */
  readonly passes: readonly PassTime[];
  /** Seconds that the pipeline takes for a frame, with what it waits for. */
  readonly processing: Quantiles;
}

export interface PlayerEvents {
  /** The source has broken off; the last frame stays, and `seek` tries again. */
  failure: [FramelaneError];
  warning: [string];
}

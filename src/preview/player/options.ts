/** The options, frames, statistics and events of a player. */
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
  /** Processes the frames; without it they stay unchanged. */
  readonly pipeline?: Pick<Pipeline, 'stages'> | undefined;
  /** Where the frames live; `auto` by default. */
  readonly device?: DeviceOption | undefined;
  /** `auto`: the YUV format of the source if every pixel is opaque, else 8-bit RGBA; `rgba`: always 8-bit RGBA. */
  readonly format?: 'auto' | 'rgba' | undefined;
  /** Whether to play sound, if the source has sound and the system a device; true by default. */
  readonly audio?: boolean | undefined;
  /** Aborts opening with ERR_ABORTED; later it closes the player. */
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

/** The frame to show. The player owns both images; they stay unchanged until `frameAt` returns the next frame. */
export interface ShownFrame {
  readonly frame: Frame;
  /** The same frame before the pipeline. */
  readonly before: Frame;
  /** Seconds from the start of the source. */
  readonly timestamp: number;
}

export interface PlayerStats {
  /** Frames waiting: decoded, on the device (`queued`), and processed (`ready`). */
  readonly decoded: number;
  readonly queued: number;
  readonly ready: number;
  readonly shown: number;
  /** Frames not shown because they would have been late. */
  readonly dropped: number;
  /** Frames shown late by more than one frame's duration. */
  readonly late: number;
  /** How often the clock waited for a slow source. */
  readonly stalls: number;
  /** Seconds that each pass of the pipeline takes on the device. */
  readonly passes: readonly PassTime[];
  /** Seconds that the pipeline takes per frame, waiting included. */
  readonly processing: Quantiles;
}

export interface PlayerEvents {
  /** The source or the pipeline failed; the last frame stays, and `seek` tries again. */
  failure: [FramelaneError];
  warning: [string];
}

/** What the HUD shows. */
import type { MemoryUsage } from '../../device.ts';
import type { LiveParameter } from '../live/live-parameter.ts';
import type { LiveStage } from '../live/live-pipeline.ts';
import type { FrameTimeSummary } from './frame-times.ts';

export interface HudState {
  /** `clip.mp4`. */
  readonly source: string;
  /** `1920x1080 yuv420p bt709 limited 25 fps`. */
  readonly format: string;
  /** `cuda:0 NVIDIA H200`. */
  readonly device: string;
  /** `system 2560x1440 vsync`. */
  readonly display: string;
  /** Seconds. */
  readonly position: number;
  /** Seconds; undefined for live sources and where it is not known. */
  readonly duration: number | undefined;
  readonly live: boolean;
  readonly paused: boolean;
  readonly ended: boolean;
  readonly speed: number;
  readonly frameTimes: FrameTimeSummary;
  /** Seconds between presented frames, oldest first. */
  readonly intervals: ArrayLike<number>;
  /** Seconds between frames as they should be; undefined where there is no rate. */
  readonly frameInterval: number | undefined;
  readonly shown: number;
  readonly dropped: number;
  readonly late: number;
  readonly queues: readonly {
    readonly name: string;
    readonly length: number;
    readonly capacity: number;
  }[];
  /** Seconds. */
  readonly passes: readonly { readonly text: string; readonly p50: number; readonly p95: number }[];
  readonly memory: MemoryUsage;
  readonly stages: readonly LiveStage[];
  readonly parameters: readonly LiveParameter[];
  /** Index of the selected parameter. */
  readonly selected: number;
}

/** Which parts are on the screen. */
export interface HudView {
  readonly statistics: boolean;
  /** In place of the statistics. */
  readonly help: boolean;
  readonly error?: { readonly title: string; readonly message: string } | undefined;
  /** A short note, such as what a key has done. */
  readonly note?: string | undefined;
}

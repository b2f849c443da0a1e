/** The data that the HUD shows. */
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
  /** Seconds; undefined for live sources and unknown durations. */
  readonly duration: number | undefined;
  readonly live: boolean;
  readonly paused: boolean;
  readonly ended: boolean;
  readonly speed: number;
  readonly frameTimes: FrameTimeSummary;
  /** Seconds between presented frames, oldest first. */
  readonly intervals: ArrayLike<number>;
  /** Intended seconds between frames; undefined without a frame rate. */
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

/** The parts of the HUD that are shown. */
export interface HudView {
  readonly statistics: boolean;
  /** Replaces the statistics. */
  readonly help: boolean;
  readonly error?: { readonly title: string; readonly message: string } | undefined;
  /** A short note, such as the effect of a key. */
  readonly note?: string | undefined;
}

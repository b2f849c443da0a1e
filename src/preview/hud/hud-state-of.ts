/** Collects the state that the HUD shows from a player and its window. */
import { deviceInfo, memoryUsage } from '../../device.ts';
import type { GLWindow } from '../../display/window.ts';
import { toNumber } from '../../video/format/rational.ts';
import type { LivePipeline } from '../live/live-pipeline.ts';
import type { Selection } from '../live/selection.ts';
import type { Player } from '../player/player.ts';
import type { FrameTimes } from './frame-times.ts';
import type { HudState } from './hud-state.ts';

export interface HudSubject {
  readonly window: GLWindow;
  readonly player: Player;
  readonly live: LivePipeline | undefined;
  readonly frameTimes: FrameTimes;
  readonly selection: Selection;
  /** Whether every frame is shown once, as fast as possible. */
  readonly steps: boolean;
  readonly vsync: boolean;
}

/** Most frames that a player holds: in the decoder, in source-reader.ts and in processor.ts. */
const capacities = { decoded: 4, queued: 2, ready: 3 };

export function hudStateOf(subject: HudSubject): HudState {
  const { window, player, live, frameTimes, selection, steps, vsync } = subject;
  const { info, device } = player;
  const stats = player.stats();
  const rate = toNumber(info.frameRate);
  const { matrix, range } = player.shape;
  return {
    source: info.path,
    format: `${info.width}x${info.height} ${info.pixelFormat} ${matrix} ${range} ${rate.toFixed(3).replace(/\.?0+$/, '')} fps`,
    device: `${device} ${deviceInfo(device).name}`,
    display: `${window.provider} ${window.width}x${window.height}${vsync ? ' vsync' : ''}`,
    position: player.position,
    duration: player.duration,
    live: player.live,
    paused: player.paused && !steps,
    ended: player.ended,
    speed: player.speed,
    frameTimes: frameTimes.summary(),
    intervals: frameTimes.intervals(),
    frameInterval: rate > 0 && !steps ? 1 / rate / player.speed : undefined,
    shown: stats.shown,
    dropped: stats.dropped,
    late: stats.late,
    queues: (['decoded', 'queued', 'ready'] as const).map((name) => ({
      name,
      length: stats[name],
      capacity: capacities[name],
    })),
    passes: stats.passes,
    memory: memoryUsage(device),
    stages: live?.stages ?? [],
    parameters: live?.parameters ?? [],
    selected: selection.index,
  };
}

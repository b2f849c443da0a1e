/** The actions behind the keys of the window. */
import type { View, ViewMode } from '../../display/view.ts';
import type { GLWindow } from '../../display/window.ts';
import type { Command } from '../hud/keys.ts';
import type { Overlay } from '../hud/overlay.ts';
import type { LivePipeline } from '../live/live-pipeline.ts';
import type { Selection } from '../live/selection.ts';
import type { Player } from '../player/player.ts';
import { nextSpeed } from '../player/speeds.ts';

/** The objects that commands act on. */
export interface Controls {
  readonly player: Player;
  readonly window: GLWindow;
  readonly view: View;
  readonly overlay: Overlay;
  readonly selection: Selection;
  /** Undefined without a pipeline file. */
  readonly live: LivePipeline | undefined;
  showBefore(shown: boolean): void;
  screenshot(): Promise<unknown>;
  quit(): void;
}

type Action<T extends Command['type']> = (
  controls: Controls,
  command: Extract<Command, { readonly type: T }>,
) => unknown;

const nextMode = { fit: 'fill', fill: 'actual', actual: 'fit' } as const;
const modeNames: Readonly<Record<ViewMode, string>> = { fit: 'fit', fill: 'fill', actual: '100 %' };

const actions: { readonly [T in Command['type']]: Action<T> } = {
  togglePause: ({ player }) => {
    if (player.paused) player.play();
    else player.pause();
  },
  seekBy: ({ player }, { seconds }) => player.seek(player.destination + seconds),
  seekTo: ({ player }, { seconds }) => player.seek(seconds),
  stepFrames: ({ player }, { frames }) => player.step(frames),
  changeSpeed: ({ player, overlay }, { steps }) => {
    player.speed = nextSpeed(player.speed, steps);
    overlay.note(`speed: ${player.speed}×`);
  },
  screenshot: (controls) => controls.screenshot(),
  toggleSplit: (controls) => {
    const { view } = controls;
    view.split = view.split === undefined ? 0.5 : undefined;
    controls.showBefore(view.split !== undefined);
  },
  toggleHud: ({ overlay }) => {
    overlay.statistics = !overlay.statistics;
  },
  toggleHelp: ({ overlay }) => {
    overlay.help = !overlay.help;
  },
  toggleFullscreen: ({ window }) => {
    window.fullscreen = !window.fullscreen;
  },
  nextViewMode: ({ view, overlay }) => {
    view.mode = nextMode[view.mode];
    overlay.note(`view: ${modeNames[view.mode]}`);
  },
  resetView: ({ view }) => view.reset(),
  zoom: ({ view, window }, { factor }) => view.zoomAt(window.width / 2, window.height / 2, factor),
  toggleStage: (controls, { index }) => edit(controls, (live) => live.toggleStage(index)),
  selectParameter: (controls, { steps }) =>
    edit(controls, () => {
      controls.selection.move(steps);
      controls.overlay.statistics = true; // they show the selection
    }),
  changeParameter: (controls, { steps }) =>
    edit(controls, (live) => live.change(controls.selection.name, steps)),
  resetParameter: (controls) => edit(controls, (live) => live.reset(controls.selection.name)),
  save: (controls) =>
    edit(controls, async (live) => {
      await live.save();
      controls.overlay.note(`written to ${live.path}`);
    }),
  leave: ({ window, quit }) => {
    if (window.fullscreen) window.fullscreen = false;
    else quit();
  },
  quit: ({ quit }) => quit(),
};

function edit({ live, overlay }: Controls, change: (live: LivePipeline) => unknown): unknown {
  if (live !== undefined) return change(live);
  overlay.note('the pipeline has no file: its values cannot be changed here');
  return undefined;
}

/** Performs a command; rejects if it fails. */
export async function perform(controls: Controls, command: Command): Promise<void> {
  const action = actions[command.type] as Action<Command['type']>;
  await action(controls, command as never);
}

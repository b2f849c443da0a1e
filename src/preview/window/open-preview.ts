/** Opens what a preview window is made of: pipeline file, player and window. */
import { openWindow, wantedProvider } from '../../display/provider.ts';
import { isSoftwareRenderer } from '../../display/software-renderer.ts';
import type { GLWindow } from '../../display/window.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { abortError } from '../../system/abort.ts';
import { requireWithin } from '../../video/input/input.ts';
import type { Session } from '../../video/session/session.ts';
import { LivePipeline } from '../live/live-pipeline.ts';
import { Player } from '../player/player.ts';
import type { PlayerInput } from '../player/preview-input.ts';
import { drivenSession } from './driven-session.ts';
import { checkPreview, type PreviewOptions, playerOptionsOf } from './options.ts';
import { isDeep } from './screenshot.ts';
import { pixelAspectOf, windowSize } from './window-size.ts';
import { windowTitle } from './window-title.ts';

export interface PreviewParts {
  readonly window: GLWindow;
  readonly player: Player;
  /** Undefined without a pipeline file. */
  readonly live: LivePipeline | undefined;
  /** What runs the pipeline: the player, or the session that it watches. */
  readonly target: Player | Session;
  /** The pipeline that `target` runs already. */
  readonly applied: Pick<Pipeline, 'stages'> | undefined;
}

/** Opens the parts and hands them to `assemble`. If any of that fails, closes what is open and rejects. */
export async function openPreview<T>(
  source: PlayerInput,
  options: PreviewOptions,
  assemble: (parts: PreviewParts) => T,
): Promise<T> {
  checkPreview(options);
  const { pipeline, values, from, signal } = options;
  wantedProvider(options.provider); // rejects an unknown one before anything opens
  const session = drivenSession(source, options);
  const live = typeof pipeline === 'string' ? await LivePipeline.open(pipeline, values) : undefined;
  let player: Player | undefined;
  let window: GLWindow | undefined;
  try {
    const applied = live?.pipeline ?? (pipeline as Pick<Pipeline, 'stages'> | undefined);
    if (live !== undefined) await session?.setPipeline(live.pipeline);
    const shown = session === undefined ? applied : undefined;
    player = await Player.open(source, { ...playerOptionsOf(options), pipeline: shown });
    requireWithin(player.info, { from });
    if (from !== undefined) await player.seek(from);
    window = await windowFor(player, options);
    // Deep frames keep their bits for screenshots.
    if (isSoftwareRenderer(window.gl) && !isDeep(player.shape)) await player.setFormat('rgba');
    window.makeCurrent(); // other windows may have drawn meanwhile
    return assemble({ window, player, live, target: session ?? player, applied });
  } catch (error) {
    window?.free();
    live?.close();
    await player?.close();
    throw player && signal?.aborted ? abortError(`opening ${player.info.path}`, signal) : error;
  }
}

async function windowFor(player: Player, options: PreviewOptions): Promise<GLWindow> {
  const { vsync, title = windowTitle(player.info.path) } = options;
  const provider = wantedProvider(options.provider);
  const { width, height } = player.shape;
  const picture = { width: width * pixelAspectOf(player, options), height };
  return await openWindow({ ...windowSize(picture, options, provider), provider, vsync, title });
}

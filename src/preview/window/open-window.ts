/** The window for what a player shows. */
import { openWindow, wantedProvider } from '../../display/provider.ts';
import type { GLWindow } from '../../display/window.ts';
import type { Player } from '../player/player.ts';
import type { PreviewOptions } from './options.ts';
import { pixelAspectOf, windowSize } from './window-size.ts';
import { windowTitle } from './window-title.ts';

export async function windowFor(player: Player, options: PreviewOptions): Promise<GLWindow> {
  const { vsync, title = windowTitle(player.info.path) } = options;
  const provider = wantedProvider(options.provider);
  const { width, height } = player.shape;
  const picture = { width: width * pixelAspectOf(player, options), height };
  return await openWindow({ ...windowSize(picture, options, provider), provider, vsync, title });
}

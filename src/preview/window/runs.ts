/** Who runs the pipeline of a window. */
import { invalidOption } from '../../errors/invalid-option.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { Session } from '../../video/session/session.ts';
import type { Player } from '../player/player.ts';
import type { PlayerInput } from '../player/preview-input.ts';
import type { PreviewOptions } from './options.ts';

/** The pipeline that holds, and who runs it: the player, or the session that it watches. */
export interface Runs {
  readonly applied: Pick<Pipeline, 'stages'> | undefined;
  readonly target: Player | Session;
}

/** The session that runs the pipeline in the place of the player; undefined where the player does. */
export function drivenSession(source: PlayerInput, options: PreviewOptions): Session | undefined {
  const { drivesSession, pipeline } = options;
  if (!drivesSession) return undefined;
  if (source instanceof Session && typeof pipeline === 'string') return source;
  throw invalidOption('drivesSession', 'a session and the path of a pipeline file', drivesSession);
}

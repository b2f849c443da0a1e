/** Lets a window change the pipeline of the session that it watches. */
import { invalidOption } from '../../errors/invalid-option.ts';
import { Session } from '../../video/session/session.ts';
import type { PlayerInput } from '../player/preview-input.ts';
import type { PreviewOptions } from './options.ts';

/** The session that runs the window's pipeline; undefined if the player does. */
export function drivenSession(source: PlayerInput, options: PreviewOptions): Session | undefined {
  const { drivesSession, pipeline } = options;
  if (!drivesSession) return undefined;
  if (source instanceof Session && typeof pipeline === 'string') return source;
  throw invalidOption('drivesSession', 'a session and the path of a pipeline file', drivesSession);
}

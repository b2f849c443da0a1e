/** Turns events of a window into commands and changes of the view. */
import type { WindowEvent } from '../../display/window.ts';
import { type Command, commandFor } from '../hud/keys.ts';
import { type Controls, perform } from './commands.ts';
import { Pointer } from './pointer.ts';

export class WindowInput {
  readonly #controls: Controls;
  readonly #pointer: Pointer;
  #running = 0;

  constructor(controls: Controls) {
    this.#controls = controls;
    this.#pointer = new Pointer(controls.view);
  }

  /** The command of a key. While one is running, repeats of a held key are ignored. */
  commandFor(event: WindowEvent): Command | undefined {
    if (event.type !== 'key' || (event.repeat && this.#running > 0)) return undefined;
    return commandFor(event);
  }

  /** Whether the mouse has changed the view. */
  point(event: WindowEvent): boolean {
    return this.#pointer.handle(event, this.#controls.window);
  }

  /** Settles when the command is done. */
  async perform(command: Command): Promise<void> {
    this.#running++;
    try {
      await perform(this.#controls, command);
    } finally {
      this.#running--;
    }
  }
}

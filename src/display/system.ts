/** A window of the system, by its own GLFW (libglfw.so.3): X11 or Wayland. */
import { addon } from '../native/binding.ts';
import type { NativeWindowEvent, SystemWindowHandle } from '../native/gl.ts';
import { KeyTranslator } from './glfw-keys.ts';
import { NativeWindow } from './native-window.ts';
import { checkWindowSize, type WindowEvent, type WindowOptions } from './window.ts';

/** GLFW counts left, right, middle. */
const buttons = [0, 2, 1] as const;

export class SystemWindow extends NativeWindow<SystemWindowHandle> {
  readonly provider = 'system';
  readonly #keys = new KeyTranslator();

  constructor({ width, height, title = 'framelane', vsync = true, visible = true }: WindowOptions) {
    super(new (addon().GLWindowHandle)('system', width, height, title, visible));
    this.setVsync(vsync);
  }

  get scale(): number {
    return this.handle.scale;
  }

  get contentScale(): number {
    return this.handle.contentScale;
  }

  get fullscreen(): boolean {
    return this.handle.fullscreen;
  }

  set fullscreen(on: boolean) {
    this.handle.setFullscreen(on);
  }

  setTitle(title: string): void {
    this.handle.setTitle(title);
  }

  setSize(width: number, height: number): void {
    checkWindowSize({ width, height });
    this.handle.setSize(width, height);
  }

  pollEvents(): void {
    for (const event of this.handle.pollEvents()) {
      const translated = this.#translate(event);
      if (translated) this.events.add(translated);
    }
    this.events.deliver();
  }

  #translate(event: NativeWindowEvent): WindowEvent | undefined {
    switch (event.type) {
      case 'key':
        return this.#keys.pressed(event);
      case 'typed':
        return this.#keys.typed(event.character);
      case 'mousedown':
      case 'mouseup': {
        const button = buttons[event.button];
        return button === undefined ? undefined : { ...event, button };
      }
      default:
        return event;
    }
  }
}

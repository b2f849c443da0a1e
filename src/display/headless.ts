/** A window without a screen: OpenGL on an EGL pbuffer, by an NVIDIA GPU or Mesa. Its only events are injected. */
import { addon } from '../native/binding.ts';
import type { GLWindowHandle } from '../native/gl.ts';
import { NativeWindow } from './native-window.ts';
import type { WindowEvent, WindowOptions } from './window.ts';

export class HeadlessWindow extends NativeWindow<GLWindowHandle> {
  readonly provider = 'headless';
  readonly scale = 1;
  readonly contentScale = 1;
  fullscreen = false;

  constructor({ width, height }: WindowOptions) {
    super(new (addon().GLWindowHandle)('headless', width, height));
  }

  setTitle(_title: string): void {}

  setSize(width: number, height: number): void {
    if (width === this.width && height === this.height) return;
    this.handle.setSize(width, height);
    this.events.add({ type: 'resize', width, height });
  }

  /** Queues an event for the next pollEvents(), as if from the user. */
  inject(event: WindowEvent): void {
    this.events.add(event);
  }

  pollEvents(): void {
    this.events.deliver();
  }
}

/** What glfw-raub 5 documents in its index.d.ts, on windows without a screen: a context that the addon did not give `gl` for. */
import { EventEmitter } from 'node:events';
import { HeadlessWindow } from '../../src/display/headless.ts';
import type { Glfw, Raub, RaubWindow } from '../../src/display/raub.ts';

type Options = ConstructorParameters<Glfw['Window']>[0];

const VISIBLE = 0x20004;
const DECORATED = 0x20005;

export interface FakeRaub extends Raub {
  readonly hints: Map<number, number>;
  readonly windows: FakeWindow[];
  /** `webgl.init()` and what came before it. */
  readonly calls: string[];
  /** What `pollEvents()` makes happen. */
  readonly pending: (() => void)[];
}

class FakeWindow extends EventEmitter implements RaubWindow {
  readonly handle: number;
  readonly attributes = new Map<number, number>();
  readonly #window: HeadlessWindow;
  title: string;
  pos = { x: 20, y: 10 };
  destroyed = false;

  constructor(handle: number, { width, height, title }: Options) {
    super();
    this.handle = handle;
    this.title = title;
    this.#window = new HeadlessWindow({ width, height });
  }

  get framebufferSize() {
    return { width: this.#window.width, height: this.#window.height };
  }

  get size() {
    return this.framebufferSize;
  }

  set size({ width, height }) {
    this.#window.setSize(width, height);
    this.emit('resize', { width, height });
  }

  getCurrentMonitor() {
    return { width: 320, height: 200, pos_x: 0, pos_y: 0 };
  }

  makeCurrent() {
    this.#window.makeCurrent();
  }

  swapBuffers() {
    this.#window.swapBuffers();
  }

  destroy() {
    this.destroyed = true;
    this.#window.free();
  }
}

export function fakeRaub(): FakeRaub {
  const hints = new Map<number, number>();
  const windows: FakeWindow[] = [];
  const calls: string[] = [];
  const pending: (() => void)[] = [];
  const glfw: Glfw = {
    VISIBLE,
    DECORATED,
    Window: class extends FakeWindow {
      constructor(options: Options) {
        super(windows.length + 1, options);
        options.onBeforeWindow(this, glfw);
        windows.push(this);
        calls.push('window');
      }
    },
    windowHint: (hint, value) => hints.set(hint, value),
    setWindowAttrib: (handle, attribute, value) => {
      windows[handle - 1]?.attributes.set(attribute, value);
    },
    swapInterval: (refreshes) => calls.push(`interval ${refreshes}`),
    pollEvents: () => {
      for (const happen of pending.splice(0)) happen();
    },
  };
  return { glfw, webgl: { init: () => calls.push('init') }, hints, windows, calls, pending };
}

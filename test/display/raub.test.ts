/** The adapter for glfw-raub on a stand-in with its documented interface: what it asks for, and how events come through. */
import { expect, it } from 'vitest';
import { RaubProviderWindow } from '../../src/display/raub.ts';
import type { WindowEvent } from '../../src/display/window.ts';
import { errorOf } from '../helpers/errors.ts';
import { fakeRaub } from '../helpers/fake-raub.ts';

it('starts webgl-raub once, after the first window: before, its newer calls crash', () => {
  const raub = fakeRaub();
  using first = new RaubProviderWindow(raub, { width: 8, height: 8 });
  using second = new RaubProviderWindow(raub, { width: 8, height: 8 });
  expect(raub.calls).toEqual(['window', 'init', 'window']);
  first.setVsync(true);
  second.setVsync(false);
  expect(raub.calls.slice(3)).toEqual(['interval 1', 'interval 0']);
});

it('works without webgl-raub', () => {
  const { glfw } = fakeRaub();
  using window = new RaubProviderWindow({ glfw }, { width: 8, height: 8 });
  expect(window.gl.getError()).toBe(0);
});

it.each([true, false])('asks for a window that is visible: %s', (visible) => {
  const raub = fakeRaub();
  using _ = new RaubProviderWindow(raub, { width: 8, height: 8, visible });
  expect(raub.hints.get(raub.glfw.VISIBLE)).toBe(visible ? 1 : 0);
});

it('destroys the window where its OpenGL cannot be used, or says that there is none', () => {
  const raub = fakeRaub();
  const init = () => {
    throw new Error('no GLEW');
  };
  const open = () => new RaubProviderWindow({ ...raub, webgl: { init } }, { width: 8, height: 8 });
  expect(open).toThrow('no GLEW');
  expect(raub.windows.map(({ destroyed }) => destroyed)).toEqual([true]);

  const Window = class {
    constructor() {
      throw new Error("Can't create GLFW window");
    }
  } as unknown as typeof raub.glfw.Window;
  const none = { glfw: { ...raub.glfw, Window } };
  const error = errorOf(() => new RaubProviderWindow(none, { width: 8, height: 8 }));
  expect([error.code, error.message]).toEqual([
    'ERR_GL_UNAVAILABLE',
    "glfw-raub opens no window: Can't create GLFW window",
  ]);
});

it('delivers its events with pollEvents(), in order', () => {
  const raub = fakeRaub();
  using window = new RaubProviderWindow(raub, { width: 8, height: 8 });
  const events: WindowEvent[] = [];
  window.on((event) => events.push(event));
  const source = raub.windows[0];
  const modifiers = { repeat: false, shiftKey: true, ctrlKey: false };
  raub.pending.push(
    () => source?.emit('keydown', { key: '?', ...modifiers }),
    () => source?.emit('keyup', { key: '?', ...modifiers }),
    () => source?.emit('mousedown', { button: 2, x: 3, y: 4 }),
    () => source?.emit('mousedown', { button: 3, x: 3, y: 4 }),
    () => source?.emit('mousemove', { x: 5, y: 4 }),
    () => source?.emit('mouseup', { button: 2, x: 5, y: 4 }),
    () => source?.emit('wheel', { x: 5, y: 4, wheelDelta: -240 }),
    () => source?.emit('quit', {}),
  );
  expect(window.closed).toBe(false);
  window.pollEvents();
  expect(events).toEqual([
    { type: 'key', key: '?', repeat: false, shift: true, ctrl: false },
    { type: 'mousedown', button: 2, x: 3, y: 4 },
    { type: 'mousemove', x: 5, y: 4 },
    { type: 'mouseup', button: 2, x: 5, y: 4 },
    { type: 'wheel', x: 5, y: 4, delta: -2 },
    { type: 'close' },
  ]);
  expect(window.closed).toBe(true);
});

it('is fullscreen without a border and comes back to where it was', () => {
  const raub = fakeRaub();
  using window = new RaubProviderWindow(raub, { width: 30, height: 20 });
  const fake = raub.windows[0];
  window.fullscreen = true;
  expect([fake?.pos, fake?.size]).toEqual([
    { x: 0, y: 0 },
    { width: 320, height: 200 },
  ]);
  expect(fake?.attributes.get(raub.glfw.DECORATED)).toBe(0);
  window.fullscreen = false;
  expect([fake?.pos, fake?.size]).toEqual([
    { x: 20, y: 10 },
    { width: 30, height: 20 },
  ]);
  expect(fake?.attributes.get(raub.glfw.DECORATED)).toBe(1);
});

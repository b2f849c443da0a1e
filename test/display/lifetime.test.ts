/** Windows over their lives: opened and closed many times, dropped, on other threads. Runs on the built package. */
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KeyTranslator } from '../../src/display/glfw-keys.ts';
import { HeadlessWindow } from '../../src/display/headless.ts';
import { openWindow } from '../../src/display/provider.ts';
import type { WindowEvent } from '../../src/display/window.ts';
import { belongings } from '../helpers/belongings.ts';
import { startScreen } from '../helpers/screen.ts';

let endScreen: () => Promise<void>;
beforeAll(async () => {
  endScreen = await startScreen();
});
afterAll(() => endScreen());

function useOnce(): void {
  using window = new HeadlessWindow({ width: 64, height: 48 });
  const { gl } = window;
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, 64, 48);
  gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, gl.createBuffer());
  gl.bufferData(gl.PIXEL_UNPACK_BUFFER, 64 * 48 * 4, gl.STREAM_DRAW);
  gl.clear(gl.COLOR_BUFFER_BIT);
  window.swapBuffers();
}

it('1,000 headless windows leave nothing behind', { timeout: 60_000 }, async () => {
  const cycles = async (count: number) => {
    for (let i = 0; i < count; i++) {
      useOnce();
      if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await cycles(100);
  const before = belongings();
  await cycles(1000);
  const after = belongings();
  expect(after.descriptors).toBeLessThanOrEqual(before.descriptors);
  expect(after.threads).toBeLessThanOrEqual(before.threads);
  // A framebuffer and a texture of 12 KiB each a cycle: 24 MiB, were they kept; a context is more.
  expect(after.residentMiB - before.residentMiB).toBeLessThan(20);
});

it('what is dropped without free() goes with the garbage', async () => {
  for (let i = 0; i < 50; i++) new HeadlessWindow({ width: 16, height: 16 });
  using window = new HeadlessWindow({ width: 16, height: 16 });
  await new Promise((resolve) => setImmediate(resolve));
  expect(window.gl.getError()).toBe(0);
});

it('a window whose gl is in use is not collected', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const { gl } = new HeadlessWindow({ width: 16, height: 16 });
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect([gl.isContextLost(), gl.getError()]).toEqual([false, 0]);
});

it('a context is of its thread; threads end with theirs', async () => {
  const provider = process.env['DISPLAY'] ? 'system' : 'headless';
  using window = await openWindow({ provider, width: 8, height: 8 });
  const { gl } = window;
  gl.clearColor(1, 0, 0, 1);
  gl.clear(gl.COLOR_BUFFER_BIT);
  const workerData = new URL('../../dist', import.meta.url).href;
  const file = fileURLToPath(new URL('../helpers/gl-worker.mjs', import.meta.url));
  const threads = [1, 2, 3].map(
    () =>
      new Promise((resolve, reject) => {
        const worker = new Worker(file, { workerData });
        let message: unknown;
        worker.on('message', (value) => {
          message = value;
        });
        worker.on('error', reject);
        worker.on('exit', () => resolve(message));
      }),
  );
  for (const told of await Promise.all(threads)) {
    expect(told).toEqual({
      adopted: 'ERR_GL_CONTEXT',
      system: provider === 'system' ? 'ERR_GL_CONTEXT' : 'ERR_GL_UNAVAILABLE',
      pixel: [0, 255, 0, 255],
    });
  }
  const pixel = new Uint8Array(4);
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
  expect([...pixel]).toEqual([255, 0, 0, 255]);
});

it('injected events come with pollEvents(), those of a listener with the next', () => {
  using window = new HeadlessWindow({ width: 8, height: 8 });
  const events: WindowEvent[] = [];
  window.on((event) => {
    events.push(event);
    if (event.type === 'key') window.inject({ type: 'close' });
  });
  window.inject({ type: 'key', key: 'q', repeat: false, shift: false, ctrl: false });
  expect(events).toEqual([]);
  window.pollEvents();
  expect([events.map(({ type }) => type), window.closed]).toEqual([['key'], false]);
  window.pollEvents();
  expect([events.map(({ type }) => type), window.closed]).toEqual([['key', 'close'], true]);
});

it("GLFW's keys have the names of KeyboardEvent.key", () => {
  const keys = new KeyTranslator();
  const key = (code: number, name = '', ctrl = false, shift = false) =>
    keys.pressed({ type: 'key', code, name, repeat: false, shift, ctrl, altOrSuper: false });
  expect(key(256)?.key).toBe('Escape');
  expect(key(263)?.key).toBe('ArrowLeft');
  expect(key(314)?.key).toBe('F25');
  // Shift and / on a US keyboard; then an É, which no key of it makes.
  expect(key(47, '/', false, true)).toBeUndefined();
  const modifiers = { repeat: false, shift: true, ctrl: false };
  expect(keys.typed(63)).toEqual({ type: 'key', key: '?', ...modifiers });
  expect(keys.typed(0xc9).key).toBe('É');
  expect(key(67, 'c', true)).toEqual({
    type: 'key',
    key: 'c',
    repeat: false,
    shift: false,
    ctrl: true,
  });
  expect(key(32, '', true)?.key).toBe(' ');
});

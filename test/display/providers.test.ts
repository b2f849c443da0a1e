/** One suite for every provider that works here; in CI, system and headless must. */
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import type { GLObject } from '../../src/display/gl.ts';
import type { HeadlessWindow } from '../../src/display/headless.ts';
import { listProviders, type OpenWindowOptions, openWindow } from '../../src/display/provider.ts';
import { RaubProviderWindow } from '../../src/display/raub.ts';
import type {
  GLWindow,
  ProviderName,
  WindowEvent,
  WindowOptions,
} from '../../src/display/window.ts';
import { fakeRaub } from '../helpers/fake-raub.ts';
import { startScreen } from '../helpers/screen.ts';

const required: readonly string[] = process.env['CI'] ? ['system', 'headless'] : [];
const reasons = new Map<string, string>();
let endScreen: () => Promise<void>;

beforeAll(async () => {
  endScreen = await startScreen();
  for (const { name, works, detail } of await listProviders()) {
    if (!works) reasons.set(name, detail);
  }
});

afterAll(() => endScreen());

function requireProvider(context: TestContext, name: string): void {
  const reason = reasons.get(name);
  if (reason === undefined) return;
  if (required.includes(name)) throw new Error(`window provider ${name}: ${reason}`);
  context.skip(reason);
}

const real = (provider: ProviderName) => (options: WindowOptions) =>
  openWindow({ ...options, provider });

const providers: readonly [string, (options: WindowOptions) => Promise<GLWindow>][] = [
  ['system', real('system')],
  ['raub', real('raub')],
  ['headless', real('headless')],
  ['raub with a fake glfw-raub', async (options) => new RaubProviderWindow(fakeRaub(), options)],
];

/** What the window system does takes its time. */
async function until(window: GLWindow, done: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  for (window.pollEvents(); !done(); window.pollEvents()) {
    if (performance.now() > end) throw new Error('nothing has happened for 5 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function pixel({ gl }: GLWindow, x: number, y: number): number[] {
  const rgba = new Uint8Array(4);
  gl.readPixels(x, y, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
  return [...rgba];
}

function clear({ gl }: GLWindow, red: number, green: number, blue: number): void {
  gl.clearColor(red, green, blue, 1);
  gl.clear(gl.COLOR_BUFFER_BIT);
}

const codeOf = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return 'nothing was thrown';
};

describe.each(providers)('%s', (name, open) => {
  const each = (what: string, body: () => Promise<void>) =>
    it(what, async (context) => {
      requireProvider(context, name);
      await body();
    });

  each('opens a window that draws', async () => {
    using window = await open({ width: 60, height: 40 });
    expect(window.provider).toBe(name.split(' ')[0]);
    expect([window.width, window.height, window.closed]).toEqual([
      60 * window.scale,
      40 * window.scale,
      false,
    ]);
    clear(window, 1, 0, 0.2);
    expect(pixel(window, 0, 0)).toEqual([255, 0, 51, 255]);
    expect(pixel(window, window.width - 1, window.height - 1)).toEqual([255, 0, 51, 255]);
    window.swapBuffers();
    window.setVsync(false);
    window.setTitle('title “ü”');
    expect(window.gl.getError()).toBe(window.gl.NO_ERROR);
  });

  each('is resized, and told so', async () => {
    using window = await open({ width: 60, height: 40, visible: true });
    const events: WindowEvent[] = [];
    window.on((event) => events.push(event));
    const [width, height] = [101 * window.scale, 77 * window.scale];
    window.setSize(101, 77);
    await until(window, () => events.some(({ type }) => type === 'resize'));
    expect(events.findLast(({ type }) => type === 'resize')).toEqual({
      type: 'resize',
      width,
      height,
    });
    expect([window.width, window.height]).toEqual([width, height]);
    window.makeCurrent();
    window.gl.viewport(0, 0, width, height);
    window.swapBuffers(); // the next frame is the first of the new size
    clear(window, 0, 1, 0);
    expect(pixel(window, width - 1, height - 1)).toEqual([0, 255, 0, 255]);
  });

  each('keeps its textures through fullscreen and back', async () => {
    using window = await open({ width: 60, height: 40 });
    const { gl } = window;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    const data = new Uint8Array([1, 2, 3, 4]);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 1, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, data);
    const { provider } = window;
    window.fullscreen = true;
    window.fullscreen = true;
    await until(window, () => provider === 'headless' || window.width > 60);
    expect(window.fullscreen).toBe(true);
    window.fullscreen = false;
    await until(window, () => window.width === 60);
    expect(window.fullscreen).toBe(false);
    window.makeCurrent();
    gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    expect(pixel(window, 0, 0)).toEqual([1, 2, 3, 4]);
  });

  each('takes pixels from a buffer', async () => {
    using window = await open({ width: 16, height: 16 });
    const { gl } = window;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, 1, 1);
    gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, gl.createBuffer());
    gl.bufferData(gl.PIXEL_UNPACK_BUFFER, new Uint8Array([5, 6, 7, 8]), gl.STREAM_DRAW);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, null);
    gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    expect(pixel(window, 0, 0)).toEqual([5, 6, 7, 8]);
  });

  each('has a context of its own', async () => {
    using first = await open({ width: 16, height: 16 });
    const texture = first.gl.createTexture();
    clear(first, 1, 0, 0);
    using second = await open({ width: 16, height: 16 });
    clear(second, 0, 0, 1);
    expect(codeOf(() => clear(first, 0, 1, 0))).toBe('ERR_GL_CONTEXT');
    const { gl } = second;
    expect(codeOf(() => gl.bindTexture(gl.TEXTURE_2D, texture))).toBe('ERR_INVALID_ARGUMENT');
    first.makeCurrent();
    expect(pixel(first, 0, 0)).toEqual([255, 0, 0, 255]);
    expect(codeOf(() => pixel(second, 0, 0))).toBe('ERR_GL_CONTEXT');
    second.makeCurrent();
    expect(pixel(second, 0, 0)).toEqual([0, 0, 255, 255]);
  });

  each('takes turns with a headless one', async () => {
    using headless = await openWindow({ provider: 'headless', width: 16, height: 16 });
    clear(headless, 0, 1, 0);
    using window = await open({ width: 16, height: 16 });
    clear(window, 1, 0, 0);
    expect(codeOf(() => pixel(headless, 0, 0))).toBe('ERR_GL_CONTEXT');
    headless.makeCurrent();
    expect(pixel(headless, 0, 0)).toEqual([0, 255, 0, 255]);
    expect(codeOf(() => pixel(window, 0, 0))).toBe('ERR_GL_CONTEXT');
    window.makeCurrent();
    expect(pixel(window, 0, 0)).toEqual([255, 0, 0, 255]);
    headless.makeCurrent();
    window.free(); // beside a context that is current
    expect(pixel(headless, 0, 0)).toEqual([0, 255, 0, 255]);
  });

  each('refuses sizes that end the process on X11', async () => {
    using window = await open({ width: 16, height: 16 });
    for (const side of [0, 1.5, Number.NaN, 2 ** 16]) {
      expect(codeOf(() => window.setSize(side, 16))).toBe('ERR_INVALID_SIZE');
      expect(codeOf(() => window.setSize(16, side))).toBe('ERR_INVALID_SIZE');
    }
    expect([window.width, window.height]).toEqual([16 * window.scale, 16 * window.scale]);
  });

  each('is gone after free(), which may be called twice', async () => {
    const window = await open({ width: 16, height: 16 });
    const { gl } = window;
    const texture = gl.createTexture() as GLObject;
    window.free();
    window.free();
    expect([window.closed, gl.isContextLost()]).toEqual([true, true]);
    for (const use of [
      () => window.makeCurrent(),
      () => window.swapBuffers(),
      () => window.setSize(8, 8),
      () => window.width,
      () => gl.finish(),
      () => gl.deleteTexture(texture),
    ]) {
      expect(codeOf(use)).toBe('ERR_DISPOSED');
    }
  });
});

it('a window that is freed by what happens to it tells nothing more', async () => {
  const window = (await openWindow({
    provider: 'headless',
    width: 8,
    height: 8,
  })) as HeadlessWindow;
  const told: string[] = [];
  window.on(({ type }) => {
    told.push(type);
    window.free();
  });
  window.on(() => told.push('after'));
  window.inject({ type: 'mousemove', x: 0, y: 0 });
  window.inject({ type: 'wheel', x: 0, y: 0, delta: 1 });
  window.pollEvents();
  expect(told).toEqual(['mousemove']);
  expect(window.closed).toBe(true);
});

describe('the provider', () => {
  const open = (options: Partial<OpenWindowOptions>) =>
    openWindow({ width: 16, height: 16, ...options });

  const withEnvironment = async (values: Record<string, string>, run: () => Promise<void>) => {
    const before = { ...process.env };
    Object.assign(process.env, values);
    try {
      await run();
    } finally {
      for (const name of Object.keys(values)) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
  };

  it('is headless for a window that is not to be seen', async () => {
    using window = await open({ visible: false });
    expect(window.provider).toBe('headless');
  });

  it("is the system's for one that is", async (context) => {
    requireProvider(context, 'system');
    using window = await open({});
    expect(window.provider).toBe('system');
  });

  it('is what FRAMELANE_WINDOW says, unless the option does', async (context) => {
    await withEnvironment({ FRAMELANE_WINDOW: 'headless' }, async () => {
      using window = await open({});
      expect(window.provider).toBe('headless');
    });
    requireProvider(context, 'system');
    await withEnvironment({ FRAMELANE_WINDOW: 'raub' }, async () => {
      using window = await open({ provider: 'system' });
      expect(window.provider).toBe('system');
    });
  });

  it.each(['glfw', 'constructor', '', 7])('is not %j', async (provider) => {
    const opened = open({ provider: provider as ProviderName });
    await expect(opened).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT', path: 'provider' });
  });

  it('raub without a screen says so', async () => {
    await withEnvironment({ DISPLAY: '', WAYLAND_DISPLAY: '' }, async () => {
      await expect(open({ provider: 'raub' })).rejects.toMatchObject({
        code: 'ERR_GL_UNAVAILABLE',
        message: 'neither DISPLAY nor WAYLAND_DISPLAY is set',
      });
    });
  });
});

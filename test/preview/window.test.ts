/** The preview window, headless: what it shows is read back, what the user does is injected. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import {
  type FramelaneError,
  type Pipeline,
  type PreviewOptions,
  PreviewWindow,
  pipeline,
  runSession,
} from 'framelane';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { isSoftwareRenderer } from '../../src/display/software-renderer.ts';
import { windowTitle } from '../../src/preview/window/window-title.ts';
import { belongings } from '../helpers/belongings.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { headless, press, shownRgb, unseen } from '../helpers/preview.ts';
import { eventually, makeClip, temporaryFiles } from '../helpers/video.ts';

const { folder, file } = temporaryFiles();
const clip = makeClip(file('clip.mp4'), { seconds: 1, output: ['-c:v', 'libx264', '-qp', '0'] });
const size = { width: 64, height: 48 };
const inverted = pipeline().invert();

const open = (options: PreviewOptions = {}, input = clip) =>
  PreviewWindow.open(input, { ...unseen, ...options });

/** RGB of frame `index` through a pipeline, by a session that writes PNG. */
async function expected(stages: Pick<Pipeline, 'stages'>, index: number): Promise<Buffer> {
  const path = file(`expected-${index}-${Math.random()}.png`);
  await runSession(stages, clip, [{ path, at: index / 25 }], { device: 'cpu' }).finished;
  return await rgb(path);
}

/** YUV that is changed as planes and RGB that is changed as such are rounded at different places. */
function isNear(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && a.every((code, index) => Math.abs(code - (b[index] ?? 0)) <= 2);
}

const rgb = (path: string) => sharp(path).removeAlpha().raw().toBuffer();

/** Opened, paused on its first frame, which is on the screen. */
async function still(options: PreviewOptions = {}): Promise<PreviewWindow> {
  const preview = await open(options);
  preview.player.pause();
  await eventually(() => preview.frames > 0);
  return preview;
}

/** Until what was asked for is done and shown. */
async function settled(preview: PreviewWindow): Promise<void> {
  const { frames } = preview;
  press(preview, 'Home');
  await eventually(() => preview.frames > frames);
}

describe('a headless window that shows a number of frames', () => {
  onEachDevice('ends with the last of them, exactly as a session writes it', async (device) => {
    await using preview = await open({ device, frames: 7, pipeline: inverted });
    let last: Buffer | undefined;
    preview.once('end', () => {
      expect(preview.window).toMatchObject(size);
      last = shownRgb(preview);
    });
    await preview.closed;
    expect(preview.frames).toBe(7);
    expect(last?.equals(await expected(inverted, 6))).toBe(true);
  });

  it('ends at the end of the source where that has fewer', async () => {
    await using preview = await open({ frames: 1000 });
    await preview.closed;
    expect(preview.frames).toBe(25);
  });

  it('measures how long each took, as its statistics show', async () => {
    /** Pixels in the colour of bars that are no slower than the others, and of little else. */
    const bars = async (frames: number) => {
      await using preview = await open({ frames, statistics: true, width: 800, height: 600 });
      let count = 0;
      preview.once('end', () => {
        const { data } = preview.readPixels();
        for (let at = 0; at < data.length; at += 4)
          if (data[at] === 99 && data[at + 1] === 210 && data[at + 2] === 151) count++;
      });
      await preview.closed;
      return count;
    };
    expect(await bars(20)).toBeGreaterThan((await bars(1)) + 50);
  });

  it('begins at `from`', async () => {
    await using preview = await open({ frames: 1, from: 0.4 });
    let last: Buffer | undefined;
    preview.once('end', () => {
      last = shownRgb(preview);
    });
    await preview.closed;
    expect(last?.equals(await expected(pipeline(), 10))).toBe(true);
  });
});

describe('keys', () => {
  it('compare before and after', async () => {
    await using preview = await still({ pipeline: inverted });
    press(preview, 'b');
    const [before, after] = await Promise.all([expected(pipeline(), 0), expected(inverted, 0)]);
    await eventually(() => !shownRgb(preview).equals(after));
    const shown = shownRgb(preview);
    const at = (pixels: Buffer, x: number, y: number) => [
      ...pixels.subarray(3 * (y * size.width + x), 3 * (y * size.width + x) + 3),
    ];
    for (const y of [0, 20, 47]) {
      expect(at(shown, 10, y)).toEqual(at(before, 10, y));
      expect(at(shown, 50, y)).toEqual(at(after, 50, y));
    }
    const window = headless(preview);
    window.inject({ type: 'mousedown', button: 0, x: 32, y: 20 });
    window.inject({ type: 'mousemove', x: 56, y: 20 });
    window.inject({ type: 'mouseup', button: 0, x: 56, y: 20 });
    await eventually(() => at(shownRgb(preview), 50, 20).join() === at(before, 50, 20).join());
    press(preview, 'b');
    await eventually(() => shownRgb(preview).equals(after));
  });

  it('step, seek and pause', async () => {
    await using preview = await still();
    press(preview, '.');
    press(preview, '.');
    const shows = async (index: number) => {
      const picture = await expected(pipeline(), index);
      await eventually(() => shownRgb(preview).equals(picture));
      expect(preview.player.position).toBeCloseTo(index / 25, 9);
    };
    await shows(2);
    press(preview, ',');
    await shows(1);
    press(preview, 'ArrowRight'); // beyond the end: the last frame
    await shows(24);
    press(preview, 'Home');
    await shows(0);
    press(preview, ' ');
    await eventually(() => !preview.player.paused);
    await eventually(() => preview.player.ended);
  });

  it('save the frame as it is, whatever the window shows', async () => {
    await using preview = await still({ pipeline: inverted, width: 200, screenshots: folder });
    press(preview, 'h');
    press(preview, 's');
    const path = file('clip-00m00.000s.png');
    await eventually(() => existsSync(path));
    await settled(preview);
    expect((await rgb(path)).equals(await expected(inverted, 0))).toBe(true);
  });

  it('quit', async () => {
    await using preview = await still();
    press(preview, 'q');
    await preview.closed;
    expect(preview.window.closed).toBe(true);
  });
});

describe('a pipeline file', () => {
  const json = (stages: unknown) => `${JSON.stringify({ stages }, null, 2)}\n`;

  it('is followed; one that cannot be used leaves the picture as it is', async () => {
    const path = file('followed.json');
    writeFileSync(path, json([{ op: 'brightness', factor: 0 }]));
    await using preview = await still({ pipeline: path });
    const plain = await expected(pipeline(), 0);
    const after = await expected(inverted, 0);
    expect(shownRgb(preview).equals(plain)).toBe(true);
    writeFileSync(path, json([{ op: 'invert' }]));
    await eventually(() => shownRgb(preview).equals(after));
    const failures: FramelaneError[] = [];
    preview.on('failure', (error) => failures.push(error));
    writeFileSync(path, json([{ op: 'inverse' }]));
    await eventually(() => failures.length > 0);
    expect(failures[0]?.message).toMatch(/followed\.json:4:\d+.*invert/s);
    await eventually(() => !shownRgb(preview).equals(after)); // the error lies over it
    writeFileSync(path, json([]));
    await eventually(() => shownRgb(preview).equals(plain));
  });

  it('has stages that can be turned off, and parameters that can be changed and written', async () => {
    const path = file('changed.json');
    writeFileSync(path, json([{ op: 'brightness', factor: 0.1 }]));
    await using preview = await still({ pipeline: path });
    const bright = await expected(pipeline().brightness(0.1), 0);
    expect(isNear(shownRgb(preview), bright)).toBe(true);
    press(preview, '1');
    const plain = await expected(pipeline(), 0);
    await eventually(() => shownRgb(preview).equals(plain));
    press(preview, '1');
    await eventually(() => isNear(shownRgb(preview), bright));
    press(preview, 'ArrowUp');
    await eventually(() => preview.pipeline?.isChanged === true);
    press(preview, 'w');
    await eventually(() => preview.pipeline?.isChanged === false);
    const { stages } = JSON.parse(readFileSync(path, 'utf8')) as { stages: [{ factor: number }] };
    expect(stages[0].factor).toBeGreaterThan(0.1);
    const brighter = await expected(pipeline().brightness(stages[0].factor), 0);
    await eventually(() => isNear(shownRgb(preview), brighter));
  });
});

it('lets its user draw over the frame', async () => {
  await using preview = await still({
    onFrame(gl, { height }) {
      gl.enable(gl.SCISSOR_TEST);
      gl.scissor(0, height - 4, 4, 4);
      gl.clearColor(1, 0, 1, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.disable(gl.SCISSOR_TEST);
    },
  });
  const shown = shownRgb(preview);
  expect([...shown.subarray(0, 3)]).toEqual([255, 0, 255]);
  const plain = await expected(pipeline(), 0);
  expect(shown.subarray(12, 18).equals(plain.subarray(12, 18))).toBe(true);
});

it('draws to the window, whatever framebuffer its user has left', async () => {
  await using preview = await still({
    onFrame(gl) {
      gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
    },
  });
  expect(shownRgb(preview).equals(await expected(pipeline(), 0))).toBe(true);
});

it('several windows perform commands, whichever was drawn last', async () => {
  await using first = await still({ pipeline: inverted });
  await using second = await still();
  const after = shownRgb(first);
  shownRgb(second);
  first.perform({ type: 'toggleSplit' });
  await eventually(() => !shownRgb(first).equals(after), 2000);
  expect(shownRgb(first).subarray(0, 30)).toEqual(shownRgb(second).subarray(0, 30));
});

it('several show different things at once', async () => {
  await using first = await still();
  await using second = await still({ pipeline: inverted });
  await using drawn = await PreviewWindow.open(
    { width: 32, height: 16 },
    { ...unseen, pipeline: pipeline().fillColor([0, 1, 0, 1]) },
  );
  await eventually(() => drawn.frames > 2);
  expect(shownRgb(first).equals(await expected(pipeline(), 0))).toBe(true);
  expect(shownRgb(second).equals(await expected(inverted, 0))).toBe(true);
  expect([...shownRgb(drawn).subarray(0, 3)]).toEqual([0, 255, 0]);
});

describe('what cannot be opened', () => {
  it.each([
    ['a missing file', {}, 'missing.mp4', 'ERR_INPUT_NOT_FOUND'],
    ['a missing pipeline', { pipeline: 'missing.json' }, clip, 'ERR_INVALID_PIPELINE'],
    ['a provider that is none', { provider: 'glut' as never }, clip, 'ERR_INVALID_ARGUMENT'],
    ['no pipeline', { pipeline: { stages: 1 } as never }, clip, 'ERR_INVALID_OPTION'],
    ['half a frame', { frames: 0.5 }, clip, 'ERR_INVALID_OPTION'],
    ['no frame', { frames: 0 }, clip, 'ERR_INVALID_OPTION'],
    ['a window without pixels', { width: 0, height: 10 }, clip, 'ERR_INVALID_SIZE'],
  ])('%s leaves nothing behind', async (_name, options, input, code) => {
    const before = belongings();
    await expect(open(options, input)).rejects.toMatchObject({ code });
    await eventually(() => belongings().children === before.children);
    expect(belongings().descriptors).toBeLessThanOrEqual(before.descriptors + 2);
  });
});

it('opened and closed again and again leaves nothing behind', async () => {
  const cycle = async () => {
    await using preview = await open({ pipeline: inverted });
    await eventually(() => preview.frames > 0);
  };
  for (let count = 0; count < 3; count++) await cycle();
  const before = belongings();
  for (let count = 0; count < 20; count++) await cycle();
  await eventually(() => belongings().children === before.children);
  expect(belongings().descriptors).toBeLessThanOrEqual(before.descriptors + 2);
  expect(belongings().threads).toBeLessThanOrEqual(before.threads + 2);
}, 60_000);

describe('the format of the frames', () => {
  const deep = makeClip(file('deep.mkv'), {
    seconds: 0.2,
    output: ['-pix_fmt', 'yuv420p10', '-c:v', 'ffv1'],
  });

  it('is RGBA where shaders run on the CPU, and YUV on a GPU', async () => {
    await using preview = await still({ pipeline: inverted });
    const { gl } = preview;
    const renderer = String(gl.getParameter(gl.RENDERER));
    const expectedFormat = /llvmpipe|softpipe/.test(renderer) ? 'rgba8' : 'yuv420p';
    expect(preview.player.shape.format).toBe(expectedFormat);
    expect(preview.frames).toBe(1);
    expect(shownRgb(preview).equals(await expected(inverted, 0))).toBe(true);
  });

  it('keeps all the bits there are', async () => {
    await using preview = await open({}, deep);
    expect(preview.player.shape.format).toBe('yuv420p10');
    await eventually(() => preview.frames > 0);
    const path = await preview.screenshot(file('deep.png'));
    expect((await sharp(path).metadata()).depth).toBe('ushort');
  });
});

it.each([
  ['llvmpipe (LLVM 15.0.6, 256 bits)', true],
  ['softpipe', true],
  ['ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader)', true],
  ['Software Rasterizer', true],
  ['NVIDIA H200/PCIe/SSE2', false],
  ['Mesa Intel(R) UHD Graphics 620 (KBL GT2)', false],
])('%s draws in software: %s', (renderer, software) => {
  expect(isSoftwareRenderer({ RENDERER: 7937, getParameter: () => renderer })).toBe(software);
});

it.each([
  ['/home/someone/videos/clip.mp4', 'clip.mp4 – framelane'],
  ['clip.mp4', 'clip.mp4 – framelane'],
  ['frames/%04d.png', '%04d.png – framelane'],
  ['rtsp://camera.local/stream/1', 'rtsp://camera.local/stream/1 – framelane'],
  ['lavfi:movie=a/b.mp4', 'lavfi:movie=a/b.mp4 – framelane'],
  ['-', '- – framelane'],
])('%s is called %s', (source, title) => {
  expect(windowTitle(source)).toBe(title);
});

it('goes through the speeds that the player has, and stays at either end', async () => {
  await using preview = await still();
  const failures: FramelaneError[] = [];
  preview.on('failure', (error) => failures.push(error));
  for (const [key, last] of [
    ['[', 0.25],
    [']', 4],
  ] as const) {
    for (let count = 0; count < 12; count++) press(preview, key);
    await eventually(() => preview.player.speed === last);
  }
  expect(failures).toEqual([]);
});

it('tells what a key could not do, for a while', async () => {
  await using preview = await still({ screenshots: file('no folder') });
  const plain = await expected(pipeline(), 0);
  const failures: FramelaneError[] = [];
  preview.on('failure', (error) => failures.push(error));
  press(preview, 's');
  await eventually(() => failures.length > 0);
  expect(failures[0]).toMatchObject({ code: 'ERR_OUTPUT_INVALID' });
  await eventually(() => !shownRgb(preview).equals(plain));
  await eventually(() => shownRgb(preview).equals(plain), 4000);
});

/** Preview windows while something goes wrong, or happens at an unlucky moment. */
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type FramelaneError, type PreviewOptions, PreviewWindow } from 'framelane';
import { describe, expect, it } from 'vitest';
import { screenshotPath } from '../../src/preview/window/screenshot.ts';
import { headless, shownRgb, unseen } from '../helpers/preview.ts';
import {
  eventually,
  fakeFfmpeg,
  makeClip,
  processesNaming,
  temporaryFiles,
} from '../helpers/video.ts';

const { folder, file } = temporaryFiles();
const clip = makeClip(file('clip.mp4'), { seconds: 1 });
const look = (op: string) => JSON.stringify({ stages: [{ op }] });

const open = (options: PreviewOptions = {}) => PreviewWindow.open(clip, { ...unseen, ...options });

/** An FFmpeg whose decoder dies after some frames, as long as `broken` exists. */
function torn(name: string): { readonly ffmpeg: string; readonly broken: string } {
  const broken = file(`${name}-broken`);
  writeFileSync(broken, '');
  const body = `[ -e '${broken}' ] && { "$real" "$@" 3>&1 | head -c 30000 >&3; echo "torn apart" >&2; exit 1; }`;
  return { ffmpeg: fakeFfmpeg(file(name), 'decode', body), broken };
}

function failuresOf(preview: PreviewWindow): FramelaneError[] {
  const failures: FramelaneError[] = [];
  preview.on('failure', (error) => failures.push(error));
  return failures;
}

describe('a pipeline file that is saved while the source is being opened', () => {
  const slow = fakeFfmpeg(file('slow'), 'decode', 'sleep 0.5');

  it('is what is shown', async () => {
    const path = file('early.json');
    writeFileSync(path, look('invert'));
    const opening = open({ pipeline: path, ffmpeg: slow });
    await delay(300);
    writeFileSync(path, JSON.stringify({ stages: [{ op: 'resize', width: 16, height: 12 }] }));
    await using preview = await opening;
    await eventually(() => preview.player.shape.width === 16, 2000);
  });

  it('is reported if it cannot be used', async () => {
    const path = file('early-bad.json');
    writeFileSync(path, look('invert'));
    const opening = open({ pipeline: path, ffmpeg: slow });
    await delay(300);
    writeFileSync(path, look('inverse'));
    await using preview = await opening;
    const failures = failuresOf(preview);
    await eventually(() => failures.length > 0, 2000);
    expect(failures[0]?.message).toContain('early-bad.json');
  });
});

it('whose pipeline makes frames that no texture can hold says so once, and goes on with the next', async (context) => {
  const path = file('wide.json');
  const write = (width: number) =>
    writeFileSync(path, JSON.stringify({ stages: [{ op: 'resize', width, height: 16 }] }));
  write(16);
  await using preview = await open({ pipeline: path });
  await eventually(() => preview.frames > 0);
  const { gl } = preview;
  if ((gl.getParameter(gl.MAX_TEXTURE_SIZE) as number) >= 32_000) {
    return context.skip('this OpenGL has textures for frames of any size');
  }
  const failures = failuresOf(preview);
  write(32_000);
  await eventually(() => failures.length > 0, 2000);
  await delay(200);
  expect(failures).toEqual([expect.objectContaining({ code: 'ERR_INVALID_SIZE' })]);
  const { frames } = preview;
  write(32);
  preview.perform({ type: 'seekTo', seconds: 0 });
  await eventually(() => preview.player.shape.width === 32 && preview.frames > frames, 5000);
  expect(failures).toHaveLength(1);
  return undefined;
});

it('is closed by its signal', async () => {
  const controller = new AbortController();
  await using preview = await open({ signal: controller.signal });
  await eventually(() => preview.frames > 0);
  controller.abort();
  await preview.closed;
  expect(preview.window.closed).toBe(true);
});

it('tells nothing but ERR_ABORTED of its signal, whenever that comes', async () => {
  const reported = new Set<string>();
  for (let milliseconds = 0; milliseconds < 300; milliseconds += 12) {
    const signal = AbortSignal.timeout(milliseconds);
    try {
      await using preview = await open({ signal, from: 0.5 });
      preview.on('failure', ({ code }) => reported.add(code));
      signal.addEventListener('abort', () => preview.perform({ type: 'seekTo', seconds: 0 }));
      await preview.closed;
    } catch (error) {
      reported.add((error as FramelaneError).code);
    }
  }
  reported.delete('ERR_ABORTED');
  expect([...reported]).toEqual([]);
  await eventually(() => processesNaming(clip).length === 0, 2000);
});

it('whose window has been freed by somebody else leaves no decoder', async () => {
  const ffmpeg = fakeFfmpeg(file('freed'), 'decode', '"$real" "$@"; sleep 30; exit 0');
  const preview = await open({ ffmpeg });
  await eventually(() => preview.frames > 0);
  preview.window.free();
  await expect(preview.closed).rejects.toMatchObject({ code: 'ERR_DISPOSED' });
  await eventually(() => processesNaming(clip).length === 0, 2000);
});

it('takes its last picture though the user has closed it', async () => {
  await using preview = await open({ frames: 1000 });
  let last: Buffer | undefined;
  preview.once('end', () => {
    last = shownRgb(preview);
  });
  await once(preview, 'frame');
  headless(preview).inject({ type: 'close' });
  await preview.closed;
  expect(last).toHaveLength(64 * 48 * 3);
});

describe('a source that breaks off', () => {
  it('is reported once, even if it loops', async () => {
    const { ffmpeg } = torn('looped');
    await using preview = await open({ ffmpeg, loop: true });
    const failures = failuresOf(preview);
    await eventually(() => failures.length > 0);
    await delay(1200);
    expect(failures).toEqual([expect.objectContaining({ code: 'ERR_FFMPEG_FAILED' })]);
  });

  it('is no longer shown as broken once it is well', async () => {
    const { ffmpeg, broken } = torn('mended');
    await using preview = await open({ ffmpeg });
    const failures = failuresOf(preview);
    await eventually(() => failures.length > 0);
    const { frames } = preview;
    rmSync(broken);
    preview.player.pause();
    preview.perform({ type: 'seekTo', seconds: 0 });
    await eventually(() => preview.frames > frames);
    await using well = await open();
    well.player.pause();
    await eventually(() => well.frames > 0);
    const plain = shownRgb(well);
    await eventually(() => shownRgb(preview).equals(plain), 2000);
  });
});

describe('a screenshot', () => {
  it.each([
    ['clip.mp4', 59.9996, 'clip-01m00.000s.png'],
    ['rtsp://host/live?channel=1', 0, 'live_channel_1-00m00.000s.png'],
    [`lavfi:${'scale,'.repeat(60)}null`, 3600, `lavfi_${'scale_'.repeat(60)}`.slice(0, 100)],
  ])('of %s has a name that files can have', (source, seconds, name) => {
    const path = screenshotPath(folder, source, seconds);
    expect(path.startsWith(file(name))).toBe(true);
    writeFileSync(path, '');
    expect(screenshotPath(folder, source, seconds)).toBe(path.replace('.png', '-2.png'));
  });
});

describe('keys that come faster than they can be followed', () => {
  it('add up where they seek', async () => {
    await using preview = await open();
    preview.player.pause();
    for (let count = 0; count < 3; count++) preview.perform({ type: 'seekBy', seconds: 0.24 });
    await eventually(() => preview.player.position > 0.7, 2000);
    expect(preview.player.position).toBeCloseTo(0.72, 9);
  });

  it('are left out while one is held down, so that nothing goes on after it', async () => {
    await using preview = await open();
    preview.player.pause();
    await eventually(() => preview.frames > 0);
    const hold = { type: 'key', key: '.', shift: false, ctrl: false } as const;
    for (let count = 0; count < 20; count++) {
      headless(preview).inject({ ...hold, repeat: count > 0 });
    }
    await eventually(() => preview.player.position > 0);
    await delay(300);
    expect(preview.player.position).toBeCloseTo(0.04, 9);
    headless(preview).inject({ ...hold, repeat: true });
    await eventually(() => preview.player.position > 0.05, 2000);
  });

  it('count from the end where they go beyond it', async () => {
    await using preview = await open();
    preview.player.pause();
    for (const seconds of [5, 5, 5, -0.4]) preview.perform({ type: 'seekBy', seconds });
    await delay(100);
    await eventually(() => Math.abs(preview.player.position - 0.6) < 1e-6, 2000);
  });
});

it('that is paused stays at the end, even where it is to begin again', async () => {
  await using preview = await open({ loop: true });
  preview.player.pause();
  await preview.player.seek(100);
  await delay(300);
  expect(preview.player.position).toBeCloseTo(0.96, 9);
});

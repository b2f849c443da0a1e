/** `framelane preview` as a script runs it: headless, its exit codes, its events, and what it leaves. */
import { existsSync, writeFileSync } from 'node:fs';
import { pipeline, runSession } from 'framelane';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { events, framelane, type Options } from '../helpers/cli.ts';
import { startScreen } from '../helpers/screen.ts';
import { eventually, makeClip, processesNaming, temporaryFiles } from '../helpers/video.ts';

const { file } = temporaryFiles();
const clip = makeClip(file('clip.mp4'), { seconds: 1, output: ['-c:v', 'libx264', '-qp', '0'] });
/** RGB: what is shown as it is, whether the renderer takes planes or not. */
const rgbClip = makeClip(file('rgb.mkv'), { pixelFormat: 'gbrp', output: ['-c:v', 'ffv1'] });
const look = file('look.json');
writeFileSync(
  look,
  JSON.stringify({
    variables: { amount: { type: 'number', default: 0.5 } },
    stages: [{ op: 'brightness', factor: '${amount}' }, { op: 'invert' }],
  }),
);

const preview = (args: readonly string[], options: Options = {}) =>
  framelane(['preview', look, '--device', 'cpu', '--no-audio', ...args], options);
const headless = (args: readonly string[], options: Options = {}, input = clip) =>
  preview(['-i', input, '--window', 'headless', '--json', ...args], options);

describe('a headless preview', () => {
  it('shows the frame after --from, with the values of --set, exactly as a session writes it', async () => {
    const [shot, written] = [file('shot.png'), file('written.png')];
    const start = ['--from', '0.4', '--frames', '3', '--set', 'amount=0.1', '--screenshot', shot];
    const { code, stdout, stderr } = await headless(start, {}, rgbClip);
    expect([code, stderr]).toEqual([0, '']);
    expect(events(stdout)).toEqual([
      { event: 'open', window: 'headless', width: 64, height: 48, device: 'cpu' },
      { event: 'end', frames: 3, dropped: 0, late: 0 },
    ]);
    const stages = pipeline().brightness(0.1).invert();
    const output = { path: written, at: 0.48 };
    await runSession(stages, rgbClip, [output], { device: 'cpu' }).finished;
    const rgb = (path: string) => sharp(path).removeAlpha().raw().toBuffer();
    expect((await rgb(shot)).equals(await rgb(written))).toBe(true);
  });

  it.each([
    ['ends with the source', ['--frames', '40'], 25],
    ['begins again with --loop', ['--frames', '40', '--loop'], 40],
    ['begins again at the start of the source', ['--frames', '40', '--loop', '--from', '0.8'], 40],
  ])('%s', async (_name, args, frames) => {
    const { code, stdout } = await headless(args);
    expect(code).toBe(0);
    expect(events(stdout).at(-1)).toMatchObject({ event: 'end', frames });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends at %s with exit code %i, and no FFmpeg stays', async (signal, expected) => {
    let [sent, begin] = [false, 0];
    const { code, stdout, stderr } = await headless(['--loop'], {
      watch: (child, text) => {
        if (sent || !text.includes('"open"')) return;
        sent = true;
        begin = performance.now();
        child.kill(signal);
      },
    });
    expect([code, stderr]).toEqual([expected, '']);
    expect(performance.now() - begin).toBeLessThan(2000);
    expect(events(stdout).at(-1)).toMatchObject({ event: 'end' });
    await eventually(() => processesNaming(clip).length === 0);
  });

  it('ends at SIGINT while the source is being opened, and leaves nothing', async () => {
    const ffprobe = file('interrupting');
    writeFileSync(ffprobe, '#!/bin/sh\nkill -INT $PPID\nsleep 30\n', { mode: 0o755 });
    const env = { FRAMELANE_FFPROBE: ffprobe };
    expect(await headless([], { env })).toEqual({ code: 130, stdout: '', stderr: '' });
    expect(processesNaming(ffprobe)).toEqual([]);
  });

  it('opens the window that FRAMELANE_WINDOW names', async () => {
    const env = { DISPLAY: '', WAYLAND_DISPLAY: '', FRAMELANE_WINDOW: 'headless' };
    const { code, stdout } = await preview(['-i', clip, '--frames', '1', '--json'], { env });
    expect(code).toBe(0);
    expect(events(stdout)[0]).toMatchObject({ event: 'open', window: 'headless', width: 64 });
  });
});

describe('what is wrong is said in one line', () => {
  it.each([
    ['a provider', ['-i', clip, '--window', 'glut'], 2, /glut.*auto, raub, system, headless/],
    ['a variable', ['-i', clip, '--set', 'amuont=1'], 2, /no variable "amuont" .*amount/],
    ['a value', ['-i', clip, '--set', 'amount=much'], 2, /amount: expected a number.*much/],
    ['a size', ['-i', clip, '--size', '0x48'], 2, /WIDTHxHEIGHT/],
    [
      'too large a size',
      ['-i', clip, '--window', 'headless', '--size', '64x99999'],
      1,
      /height: expected an integer from 1 to 16384, received 99999/,
    ],
    ['a time', ['-i', clip, '--window', 'headless', '--from', '9'], 2, /from: .*ends at 1\.000 s/],
    ['a source', ['-i', file('missing.mp4')], 1, /missing\.mp4: there is no such file/],
    ['a screenshot of no frame', ['-i', clip, '--screenshot', 'x.png'], 2, /--frames/],
  ])('%s', async (_name, args, code, message) => {
    const ended = await preview(args);
    expect([ended.code, ended.stdout]).toEqual([code, '']);
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr.replace(/\(--help.*\n/, '')).toMatch(/^framelane: [^\n]+\n$/);
  });

  it.each([
    ['no folder', file('missing/shot.png'), 'ERR_OUTPUT_INVALID'],
    ['no format', file('shot.xyz'), 'ERR_UNSUPPORTED_FORMAT'],
  ])('a screenshot with %s, before anything is shown', async (_name, path, code) => {
    const { stdout } = await headless(['--frames', '2', '--screenshot', path]);
    expect(events(stdout)).toEqual([
      { event: 'error', code, message: expect.stringContaining(path) },
    ]);
    expect(existsSync(path)).toBe(false);
  });

  it('no screen', async () => {
    const env = { DISPLAY: '', WAYLAND_DISPLAY: '', FRAMELANE_WINDOW: '' };
    const { code, stderr } = await preview(['-i', clip], { env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^framelane: no window can be opened here .*headless[^\n]*\n$/);
  });
});

describe('on a screen', () => {
  let end = async () => {};
  beforeAll(async () => {
    end = await startScreen();
  });
  afterAll(() => end());

  it('ends after as many frames of a live source', async (context) => {
    if (!process.env['DISPLAY']) return context.skip();
    const args = ['-i', 'x11:', '--window', 'headless', '--frames', '3', '--size', '64x48'];
    const { code, stdout, stderr } = await preview([...args, '--json']);
    expect([code, stderr]).toEqual([0, '']);
    expect(events(stdout).at(-1)).toMatchObject({ event: 'end', frames: 3 });
    return undefined;
  });
});

import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { probe } from '../../src/video/input/probe.ts';
import { events, framelane, type Options } from '../helpers/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'framelane-'));
const clip = 'samples/media/clip.mp4';
afterAll(() => rmSync(folder, { recursive: true }));

/** Slow enough to be interrupted. */
const heavy = join(folder, 'heavy.json');
const stages = Array.from({ length: 4 }, () => [
  { op: 'gaussianBlur', radius: 200 },
  { op: 'hue', degrees: 9 },
]);
writeFileSync(heavy, JSON.stringify({ stages: stages.flat() }));

const output = (name: string) => join(folder, name);
const run = (look: string, target: string, more: readonly string[] = [], options: Options = {}) => {
  const fast = ['--device', 'cpu', '--preset', 'ultrafast'];
  return framelane(['run', look, '-i', clip, '-o', output(target), ...fast, ...more], options);
};

describe('a video', () => {
  it('is run, with progress and the result as JSON', async () => {
    const section = ['--from', '1', '--to', '2', '--crf', '30', '--json'];
    const { code, stdout, stderr } = await run('pipelines/vintage.json', 'out.mp4', section);
    expect([code, stderr]).toEqual([0, '']);
    const lines = events(stdout);
    expect(lines[0]).toMatchObject({
      event: 'start',
      device: 'cpu',
      totalFrames: 30,
      warnings: [],
    });
    const progress = lines.filter(({ event }) => event === 'progress');
    expect(progress.at(-1)).toEqual({
      event: 'progress',
      frames: 30,
      totalFrames: 30,
      fps: expect.any(Number),
      speed: expect.any(Number),
    });
    expect(lines.at(-1)).toMatchObject({
      event: 'done',
      frames: 30,
      device: 'cpu',
      stopped: false,
      output: output('out.mp4'),
    });
    expect(await probe(output('out.mp4'))).toMatchObject({
      frameCount: 30,
      width: 1280,
      height: 720,
      codec: 'h264',
    });
  });

  it('ends with one line where there is no terminal', async () => {
    const { code, stdout, stderr } = await run('pipelines/thumbnail-360p.json', 'small.mp4', [
      '--to',
      '0.5',
    ]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /small\.mp4: 15 frames in \d+\.\d+ s on cpu \(\d+(\.\d)? frames\/s, \d+\.\d× real time\)\n$/,
    );
    expect(await probe(output('small.mp4'))).toMatchObject({ width: 640, height: 360 });
  });

  it('is not replaced without --overwrite', async () => {
    writeFileSync(output('there.mp4'), '');
    const { code, stdout, stderr } = await run('pipelines/vintage.json', 'there.mp4');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^framelane: .*there\.mp4: already exists/);
  });

  it('that FFmpeg cannot write shows what FFmpeg says', async () => {
    const args = ['--device', 'cpu', '--to', '0.2', '--codec', 'libvpx', '-o', output('x.mp4')];
    const { code, stderr } = await framelane([
      'run',
      'pipelines/vintage.json',
      '-i',
      clip,
      ...args,
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^framelane: encoding .*:\n/);
    expect(stderr).toContain('vp8');
    expect(existsSync(output('x.mp4'))).toBe(false);
  });

  it.each([
    [['--crf', '99'], /crf: libx264 expects a number from 0 to 51, received 99/],
    [['--preset', 'hasty'], /preset: libx264 expects one of ultrafast, .*received "hasty"/],
    [['--from', '3', '--to', '2'], /to: expected seconds after from/],
    [['--device', 'gpu'], /device: expected auto, cpu, cuda or cuda:n, received "gpu"/],
  ])('with %j is a usage error', async (more, message) => {
    const { code, stderr } = await run('pipelines/vintage.json', 'x.mp4', more);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});

describe('Ctrl-C', () => {
  const interrupt = (signals: number): Options => {
    let sent = 0;
    return {
      watch(child, stdout) {
        if (sent >= signals || !/"event":"progress","frames":[1-9]/.test(stdout)) return;
        for (; sent < signals; sent++) setTimeout(() => child.kill('SIGINT'), sent * 100);
      },
    };
  };

  it('once finishes a playable file', async () => {
    const { code, stdout, stderr } = await run(heavy, 'stopped.mp4', ['--json'], interrupt(1));
    expect([code, stderr]).toEqual([130, '']);
    const done = events(stdout).at(-1) as { frames: number };
    expect(done).toMatchObject({ event: 'done', stopped: true });
    expect(done.frames).toBeLessThan(300);
    expect((await probe(output('stopped.mp4'))).frameCount).toBe(done.frames);
  });

  it('twice leaves nothing', async () => {
    // The encoder must still be busy when the second one comes, however fast the machine is.
    const slow = ['--json', '--preset', 'placebo'];
    const { code, stdout } = await run(heavy, 'aborted.mp4', slow, interrupt(2));
    expect(code).toBe(130);
    expect(events(stdout).at(-1)).toMatchObject({ event: 'error', code: 'ERR_ABORTED' });
    expect(readdirSync(folder).filter((name) => name.includes('aborted'))).toEqual([]);
  });
});

it('probe shows a video, in words and as JSON', async () => {
  const { code, stdout } = await framelane(['probe', clip]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ +video +h264, 1280x720, yuv420p, 30 frames\/s, 300 frames$/m);
  const json = await framelane(['probe', clip, '--json']);
  expect(events(json.stdout)).toEqual([JSON.parse(JSON.stringify(await probe(clip)))]);
});

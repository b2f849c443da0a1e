/** The player against frames that FFmpeg decodes by itself, on a simulated clock. */
import {
  memoryUsage,
  Player,
  type PlayerOptions,
  pipeline,
  type ShownFrame,
  setMemoryBudget,
} from 'framelane';
import { afterEach, describe, expect, it } from 'vitest';
import { belongings } from '../helpers/belongings.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { bytesOf, filled, frameSoon, framesOf, indexOf } from '../helpers/player.ts';
import { ffmpeg } from '../helpers/programs.ts';
import { makeRandom } from '../helpers/random.ts';
import {
  eventually,
  fakeFfmpeg,
  makeClip,
  processesNaming,
  temporaryFiles,
} from '../helpers/video.ts';

const { folder, file } = temporaryFiles();
const lossless = ['-c:v', 'libx264', '-qp', '0', '-bf', '2', '-g', '12'];
const clip = makeClip(file('clip.mp4'), { seconds: 2, output: lossless });
const frames = framesOf(clip);
const cpu = { device: 'cpu', audio: false } as const;

/** A variable rate: of every five frames the first and the fourth. */
const variable = makeClip(file('variable.mkv'), {
  seconds: 2,
  filter: "select='not(mod(n,5))+not(mod(n-3,5))'",
  output: ['-vsync', 'vfr', ...lossless],
});

/** With `slow`, a frame takes longer than 40 ms. */
const large = makeClip(file('large.mp4'), { size: '1280x720', seconds: 2, output: lossless });
const slow = (factor: number) => {
  let stages = pipeline();
  for (let count = 0; count < 10; count++) stages = stages.gaussianBlur(40).sepia(factor / 1000);
  return stages;
};

const opened = (options: PlayerOptions = {}, input = clip) =>
  Player.open(input, { ...cpu, ...options });

describe('playing', () => {
  onEachDevice('shows each frame at its time, and the last one at the end', async (device) => {
    await using player = await opened({ device });
    await filled(player);
    const seen: number[] = [];
    for (let tick = 0; tick <= 60; tick++) {
      await eventually(() => player.stats().ready > 0 || player.stats().shown >= 50 || tick === 0);
      const shown = player.frameAt(1000 + tick / 25 + 0.001);
      if (shown) seen.push(indexOf(shown, frames));
    }
    expect(seen).toEqual(frames.map((_, index) => index));
    expect(player.ended).toBe(true);
    expect(player.position).toBeCloseTo(1.96, 9);
    expect(player.frameAt(2000)).toBeUndefined();
    expect(player.stats()).toMatchObject({ shown: 50, dropped: 0, late: 0, stalls: 0 });
  });

  it('keeps the times of a variable rate', async () => {
    const expected = framesOf(variable);
    await using player = await opened({}, variable);
    await filled(player);
    const seen: ShownFrame[] = [];
    const times: number[] = [];
    for (let tick = 0; tick < 50; tick++) {
      await eventually(() => player.stats().ready > 0 || player.ended || tick === 0);
      const shown = player.frameAt(tick / 25 + 0.002);
      if (shown === undefined) continue;
      seen.push(shown);
      times.push(tick / 25);
      expect(indexOf(shown, expected)).toBe(seen.length - 1);
    }
    expect(times).toEqual(expected.map(({ time }) => Math.round(time * 25) / 25));
  });

  it('shows every frame of an hour within a tick of its moment', async () => {
    await using player = await opened({}, 'generate:2x2@1');
    await filled(player);
    const random = makeRandom(3600);
    const start = 5000;
    let shown = 0;
    for (let now = start, before = start; now <= start + 3600; before = now, now += random() / 2) {
      const frame = player.frameAt(now);
      if (frame === undefined) continue;
      expect(frame.timestamp).toBe(shown++);
      expect(start + frame.timestamp).toBeLessThanOrEqual(now + 1e-5);
      expect(start + frame.timestamp).toBeGreaterThanOrEqual(before - 1e-5);
      if (player.stats().ready === 0) await filled(player);
    }
    expect(shown).toBeGreaterThanOrEqual(3600);
    expect(player.stats()).toMatchObject({ dropped: 0, late: 0, stalls: 0 });
  });

  it('drops what is late, and counts it', async () => {
    await using player = await opened();
    expect(await frameSoon(player, 0)).toMatchObject({ timestamp: 0 });
    await filled(player);
    player.frameAt(0); // the clock starts
    await filled(player);
    expect(player.frameAt(0.1201)?.timestamp).toBeCloseTo(0.12, 9);
    expect(player.stats()).toMatchObject({ shown: 2, dropped: 2 });
  });

  it('plays at other speeds, and pauses without a jump', async () => {
    await using player = await opened();
    player.frameAt(0);
    await filled(player);
    player.speed = 2;
    player.frameAt(0);
    await filled(player);
    expect(player.frameAt(0.0201)?.timestamp).toBeCloseTo(0.04, 9);
    player.pause();
    await filled(player);
    expect(player.frameAt(100)).toBeUndefined();
    player.play();
    expect(player.frameAt(200)).toBeUndefined();
    expect(player.frameAt(200.0201)?.timestamp).toBeCloseTo(0.08, 9);
    for (const speed of [0.2, 4.1, Number.NaN, '1' as never]) {
      expect(() => {
        player.speed = speed;
      }).toThrowError(expect.objectContaining({ code: 'ERR_INVALID_OPTION', path: 'speed' }));
    }
  });

  it('waits with the clock for a source that is slow', async () => {
    const ffmpeg = fakeFfmpeg(
      file('slow'),
      'decode',
      '"$real" "$@" 3>&1 | (head -c 12000; sleep 0.7; cat) >&3; exit 0',
    );
    await using player = await opened({ ffmpeg });
    let last = 0;
    const begin = performance.now();
    while (!player.ended && performance.now() - begin < 8000) {
      const shown = player.frameAt((performance.now() - begin) / 1000);
      if (shown) {
        expect(shown.timestamp - last).toBeLessThan(0.2); // nothing of it is skipped
        last = shown.timestamp;
      }
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    expect(last).toBeCloseTo(1.96, 9);
    expect(player.stats().stalls).toBe(1);
  });

  it('asks the system for no memory once it runs', async () => {
    await using player = await opened({ pipeline: pipeline().gaussianBlur(1).contrast(1.1) });
    await filled(player);
    const allocations = () =>
      memoryUsage('cpu').device.allocations + memoryUsage('cpu').host.allocations;
    let before = 0;
    for (let tick = 0; tick < 50; tick++) {
      await eventually(() => player.stats().ready > 0 || player.ended || tick === 0);
      player.frameAt(tick / 25 + 0.001);
      if (tick === 10) before = allocations();
    }
    expect(player.ended).toBe(true);
    expect(allocations()).toBe(before);
    const { passes, processing } = player.stats();
    expect(passes.map(({ text }) => /blur|contrast/i.test(text))).toEqual(passes.map(() => true));
    for (const { p50, p95 } of passes) {
      expect(p50).toBeGreaterThan(0);
      expect(p95).toBeGreaterThanOrEqual(p50);
      expect(p50).toBeLessThanOrEqual(processing.p99);
    }
  });
});

describe('seeking', () => {
  it.each([
    ['with B-frames', clip, ['mp4']],
    ['of a variable rate', variable, ['mkv']],
    ['of MPEG-TS', makeClip(file('clip.ts'), { seconds: 2, output: lossless }), ['ts']],
    ['of bare H.264', makeClip(file('clip.h264'), { seconds: 2, output: lossless }), ['h264']],
  ])('shows the frame on display at a time: %s', async (_name, path) => {
    const expected = path.endsWith('.h264') ? frames : framesOf(path);
    await using player = await opened({}, path);
    player.pause();
    const random = makeRandom(path.length);
    const targets = [...Array.from({ length: 6 }, () => random() * 1.8), 0, expected[7]?.time ?? 0];
    for (const target of targets) {
      await player.seek(target);
      const shown = player.frameAt(1) as ShownFrame;
      const index = expected.findLastIndex(({ time }) => time <= target + 1e-6);
      expect(indexOf(shown, expected), `at ${target}`).toBe(index);
      expect(shown.timestamp).toBeCloseTo(expected[index]?.time ?? -1, 5);
    }
  });

  it('to the time of a frame shows the one that FFmpeg shows after -ss', async () => {
    await using player = await opened();
    for (const target of [0.32, 1.2, 1.56]) {
      const [first] = framesOf(
        makeClipFrom(target, file(`from-${target}.mkv`)), // decoded from there and stored without loss
      );
      await player.seek(target);
      expect(bytesOf(player.frameAt(0) as ShownFrame)).toEqual(first?.bytes);
    }
  });

  it('goes on playing from there', async () => {
    await using player = await opened();
    player.frameAt(0);
    await player.seek(1);
    expect(player.frameAt(50)?.timestamp).toBeCloseTo(1, 9);
    await filled(player);
    player.frameAt(50.1);
    expect(player.frameAt(50.1401)?.timestamp).toBeCloseTo(1.04, 9);
  });

  it('beyond the end shows the last frame, and works again after it', async () => {
    await using player = await opened();
    await player.seek(1000);
    expect(indexOf(player.frameAt(0) as ShownFrame, frames)).toBe(49);
    expect(player.ended).toBe(true);
    await player.seek(-5);
    expect(indexOf(player.frameAt(0) as ShownFrame, frames)).toBe(0);
    expect(player.ended).toBe(false);
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, '1' as never]) {
      await expect(player.seek(wrong)).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
    }
  });

  it('many times at once counts the last one, and starts few decoders', async () => {
    const log = file('starts');
    const ffmpeg = fakeFfmpeg(file('counting'), 'decode', `echo start >> '${log}'`);
    await using player = await opened({ ffmpeg });
    await Promise.all(Array.from({ length: 40 }, (_, index) => player.seek(index / 25)));
    expect(player.frameAt(0)?.timestamp).toBeCloseTo(39 / 25, 9);
    const { readFileSync } = await import('node:fs');
    expect(readFileSync(log, 'utf8').match(/start/g)?.length).toBeLessThan(5);
  });

  it('keeps the old picture until there is a new one', async () => {
    await using player = await opened();
    player.frameAt(0);
    await filled(player);
    const seeking = player.seek(1.5);
    expect(player.frameAt(1)).toBeUndefined();
    expect(player.ended).toBe(false);
    await seeking;
    expect(player.frameAt(2)?.timestamp).toBeCloseTo(1.48, 9);
    expect(player.position).toBe(1.5);
  });
});

describe('stepping', () => {
  it.each([[0], [2], [Number.NaN], ['1']])('by %j is refused', async (frames) => {
    await using player = await opened();
    const refused = { code: 'ERR_INVALID_ARGUMENT' };
    await expect(player.step(frames as never)).rejects.toMatchObject(refused);
    expect(player.paused).toBe(false);
  });

  it.each([
    ['a constant rate', clip],
    ['a variable rate', variable],
  ])('goes frame by frame to both sides: %s', async (_name, path) => {
    const expected = framesOf(path);
    await using player = await opened({}, path);
    const random = makeRandom(7);
    let index = Math.floor(expected.length / 2);
    await player.seek(expected[index]?.time ?? 0);
    player.frameAt(0);
    const steps = [1, 1, -1, -1, -1, ...Array.from({ length: 10 }, () => -1), 1, 1];
    for (const step of [...steps, ...Array.from({ length: 12 }, () => (random() < 0.5 ? 1 : -1))]) {
      await player.step(step as 1 | -1);
      index = Math.max(0, Math.min(expected.length - 1, index + step));
      player.frameAt(0);
      expect(player.paused).toBe(true);
      expect(player.position).toBeCloseTo(expected[index]?.time ?? -1, 5);
    }
  });

  it('shows the frames themselves', async () => {
    await using player = await opened();
    await player.seek(1);
    for (const [step, index] of [
      [1, 26],
      [-1, 25],
      [-1, 24],
      [-1, 23],
      [1, 24],
    ] as const) {
      await player.step(step);
      expect(indexOf(player.frameAt(0) as ShownFrame, frames)).toBe(index);
    }
  });

  it('stays at either end', async () => {
    await using player = await opened();
    player.frameAt(0);
    await player.step(-1);
    expect(player.frameAt(0)).toBeUndefined();
    await player.step(1);
    expect(player.frameAt(0)?.timestamp).toBeCloseTo(0.04, 9);
    await player.seek(99);
    player.frameAt(0);
    await player.step(1);
    expect(player.position).toBeCloseTo(1.96, 9);
    expect(player.ended).toBe(true);
    await player.step(-1);
    expect(player.position).toBeCloseTo(1.92, 9);
  });
});

describe('the pipeline', () => {
  onEachDevice('leaves the frames as they are, or processes them', async (device) => {
    await using player = await opened({
      device,
      pipeline: pipeline().flip({ direction: 'vertical' }),
    });
    const { frame, before } = player.frameAt(0) as ShownFrame;
    const source = bytesOf({ frame: before });
    expect(source.equals(frames[0]?.bytes as Buffer)).toBe(true);
    const rows = (at: number, width: number, height: number) =>
      Array.from({ length: height }, (_, y) => {
        const start = at + (height - 1 - y) * width;
        return source.subarray(start, start + width);
      });
    const turned = Buffer.concat([
      ...rows(0, 64, 48),
      ...rows(3072, 32, 24),
      ...rows(3840, 32, 24),
    ]);
    expect(bytesOf({ frame }).equals(turned)).toBe(true);
  });

  it('gives YUV where it can, RGBA where something is transparent or it is asked for', async () => {
    for (const [look, format, expected] of [
      [pipeline().contrast(1.1), 'auto', 'yuv420p'],
      [pipeline().opacity(0.5), 'auto', 'rgba8'],
      [pipeline(), 'rgba', 'rgba8'],
    ] as const) {
      await using player = await opened({ pipeline: look, format });
      expect(player.frameAt(0)?.frame.shape.format).toBe(expected);
    }
  });

  it('changes at the next frame while it plays', async () => {
    await using player = await opened();
    player.frameAt(0);
    await filled(player);
    await player.setPipeline(pipeline().resize({ width: 32, height: 24 }));
    await filled(player);
    player.frameAt(1);
    const shown = player.frameAt(1.0401);
    expect(shown?.frame.shape).toMatchObject({ width: 32, height: 24 });
    expect(shown?.timestamp).toBeCloseTo(0.04, 9);
  });

  it('changes the frame that is shown while nothing moves, and no time passes', async () => {
    await using player = await opened();
    await player.seek(1);
    player.frameAt(0);
    player.pause();
    await player.setPipeline(pipeline().invert());
    const shown = player.frameAt(0.5) as ShownFrame;
    expect(shown.timestamp).toBe(1);
    const received = bytesOf(shown);
    const luma = frames[25]?.bytes.subarray(0, 3072) as Buffer;
    // Limited range: 16 to 235 turned around.
    const farthest = luma.reduce(
      (most, code, i) => Math.max(most, Math.abs(251 - code - (received[i] ?? 0))),
      0,
    );
    expect(farthest).toBeLessThanOrEqual(1);
    await player.step(1);
    expect(player.frameAt(1)?.timestamp).toBeCloseTo(1.04, 9);
  });

  it('makes RGBA as soon as it is asked to, and the YUV of the source again', async () => {
    await using player = await opened({ pipeline: pipeline().invert() });
    await player.setFormat('rgba');
    const first = player.frameAt(0); // which was ready in YUV
    expect([first?.frame.shape.format, first?.timestamp]).toEqual(['rgba8', 0]);
    await filled(player);
    player.frameAt(1);
    expect(player.frameAt(1.0401)).toMatchObject({ frame: { shape: { format: 'rgba8' } } });
    player.pause();
    await player.setPipeline(pipeline());
    expect(player.frameAt(2)?.frame.shape.format).toBe('rgba8');
    await player.setFormat('auto');
    const last = player.frameAt(3) as ShownFrame;
    expect(indexOf(last, frames)).toBe(1);
    player.play();
    await player.close();
    await expect(player.setFormat('rgba')).rejects.toMatchObject({ code: 'ERR_DISPOSED' });
  });

  describe('that changes faster than a frame is computed, as by a key that is held down,', () => {
    /** Frames that are shown while that goes on, and seconds until the last pipeline is there. */
    async function change(player: Player): Promise<{ shown: number; behind: number }> {
      let shown = 0;
      let last: Promise<void> = Promise.resolve();
      for (let factor = 1; factor <= 200; factor++) {
        last = player.setPipeline(slow(factor));
        await new Promise((resolve) => setTimeout(resolve, 5));
        if (player.frameAt(performance.now() / 1000) !== undefined) shown++;
      }
      const begin = performance.now();
      await last;
      return { shown, behind: (performance.now() - begin) / 1000 };
    }

    it('lets frames go on', async () => {
      await using player = await opened({ pipeline: slow(0) }, large);
      player.frameAt(performance.now() / 1000);
      expect((await change(player)).shown).toBeGreaterThan(1);
    });

    it('is followed by the frame that is shown while nothing moves', async () => {
      await using player = await opened({ pipeline: slow(0) }, large);
      player.frameAt(performance.now() / 1000);
      player.pause();
      const { shown, behind } = await change(player);
      expect(shown).toBeGreaterThan(1);
      expect(behind).toBeLessThan(4 * player.stats().processing.p50 + 0.1);
    });
  });

  it('is also that of a frame to which a step goes back meanwhile', async () => {
    await using player = await opened({ pipeline: slow(0) }, large);
    await player.seek(1);
    await player.step(-1); // the one before is kept
    const stepping = player.step(-1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await player.setPipeline(pipeline().resize({ width: 16, height: 12 }));
    await stepping;
    const shown = player.frameAt(0);
    expect(shown?.timestamp).toBeCloseTo(0.92, 9);
    expect(shown?.frame.shape).toMatchObject({ width: 16, height: 12 });
  });

  it.each([['look.json'], [null], [{}], [{ stages: 'sepia' }]])('is not %j', async (wrong) => {
    const refused = { code: 'ERR_INVALID_OPTION', path: 'pipeline' };
    await expect(opened({ pipeline: wrong as never })).rejects.toMatchObject(refused);
    await using player = await opened();
    await expect(player.setPipeline(wrong as never)).rejects.toMatchObject(refused);
    expect(player.frameAt(0)?.timestamp).toBe(0);
  });

  it('stays as it was where the new one is wrong', async () => {
    await using player = await opened();
    const wrong = player.setPipeline(pipeline().lut3d({ lut: file('nothing.cube') }));
    await expect(wrong).rejects.toMatchObject({ code: 'ERR_INPUT_NOT_FOUND' });
    expect(player.frameAt(0)?.timestamp).toBe(0);
    expect(player.failure).toBeUndefined();
    await filled(player);
    const many = [0.5, 2, 3].map((factor) => player.setPipeline(pipeline().contrast(factor)));
    await Promise.all(many);
    expect(player.stats().passes.map(({ text }) => text)).toEqual([
      expect.stringContaining('contrast'),
    ]);
  });
});

describe('memory that runs out', () => {
  const limit = (bytes: number) => setMemoryBudget({ device: bytes }, 'cpu');
  const outOfMemory = expect.objectContaining({ code: 'ERR_OUT_OF_MEMORY' });
  afterEach(() => limit(0));

  it('for frames of the source is reported, and seeking tries again', async () => {
    await using player = await opened();
    player.frameAt(0);
    await player.seek(1);
    limit(memoryUsage('cpu').device.live + 1024);
    await expect(player.step(-1)).rejects.toEqual(outOfMemory);
    expect(player.failure).toEqual(outOfMemory);
    limit(0);
    await player.seek(1);
    expect(player.frameAt(0)?.timestamp).toBe(1);
    expect(player.failure).toBeUndefined();
  });

  it('for results of the pipeline is reported, and another pipeline goes on from there', async () => {
    await using player = await opened();
    const failures: unknown[] = [];
    player.on('failure', (error) => failures.push(error));
    let now = 0;
    const shown = () => {
      now += 0.01;
      return player.frameAt(now)?.timestamp ?? -1;
    };
    await eventually(() => shown() > 0);
    limit(memoryUsage('cpu').device.live + 2 ** 20);
    const large = pipeline().resize({ width: 4000, height: 3000 });
    await player.setPipeline(large).catch(() => {});
    await eventually(() => shown() < 0 && failures.length > 0);
    expect(failures).toEqual([outOfMemory]);
    const { position } = player;
    await expect(player.seek(1)).rejects.toEqual(outOfMemory);
    await player.setPipeline(pipeline().invert());
    expect(player.failure).toBeUndefined();
    let next = -1;
    await eventually(() => {
      next = shown();
      return next >= 0;
    });
    expect(next).toBeGreaterThan(position);
    await player.seek(1);
    expect(shown()).toBe(1);
  });
});

describe('what goes wrong', () => {
  it('in a seek is not tried twice', async () => {
    const [broken, log] = [file('gone'), file('tries')];
    const body = `[ -e '${broken}' ] && { echo try >> '${log}'; echo gone >&2; exit 1; }`;
    const { readFileSync, writeFileSync } = await import('node:fs');
    await using player = await opened({ ffmpeg: fakeFfmpeg(file('going'), 'decode', body) });
    writeFileSync(broken, '');
    await expect(player.seek(1)).rejects.toMatchObject({ code: 'ERR_FFMPEG_FAILED' });
    expect(readFileSync(log, 'utf8')).toBe('try\n');
  });

  it('is reported once, the last frame stays, and seeking tries again', async () => {
    const broken = file('broken');
    const body = `[ -e '${broken}' ] && { "$real" "$@" 3>&1 | head -c 30000 >&3; echo "torn apart" >&2; exit 1; }`;
    const { rmSync, writeFileSync } = await import('node:fs');
    writeFileSync(broken, '');
    const ffmpeg = fakeFfmpeg(file('torn'), 'decode', body);
    await using player = await opened({ ffmpeg });
    const failures: unknown[] = [];
    player.on('failure', (error) => failures.push(error));
    const begin = performance.now();
    await eventually(() => {
      player.frameAt((performance.now() - begin) / 1000);
      return player.ended;
    });
    expect(failures).toEqual([
      expect.objectContaining({
        code: 'ERR_FFMPEG_FAILED',
        message: expect.stringContaining('torn apart'),
      }),
    ]);
    expect(player.failure).toBe(failures[0]);
    expect(player.position).toBeGreaterThan(0.1);
    expect(player.position).toBeLessThan(0.4);
    rmSync(broken);
    await player.seek(1);
    expect(player.failure).toBeUndefined();
    expect(player.frameAt(0)?.timestamp).toBe(1);
  });

  it.each([
    ['a file that is not there', file('nothing.mp4'), 'ERR_INPUT_NOT_FOUND'],
    ['a folder', folder, 'ERR_INPUT_INVALID'],
    ['no string', 7 as never, 'ERR_INVALID_ARGUMENT'],
  ])('refuses %s', async (_name, input, code) => {
    await expect(opened({}, input)).rejects.toMatchObject({ code });
  });

  it('rejects every call once it is closed, and closes while it seeks', async () => {
    const player = await opened();
    const seeking = player.seek(1);
    const stepping = player.step(1);
    const refused = [seeking, stepping].map((work) =>
      expect(work).rejects.toMatchObject({ code: 'ERR_DISPOSED' }),
    );
    await player.close();
    await Promise.all(refused);
    await player.close();
    expect(player.frameAt(0)).toBeUndefined();
    await expect(player.seek(0)).rejects.toMatchObject({ code: 'ERR_DISPOSED' });
    await expect(player.step(1)).rejects.toMatchObject({ code: 'ERR_DISPOSED' });
    await expect(player.setPipeline(pipeline())).rejects.toMatchObject({ code: 'ERR_DISPOSED' });
  });

  it('opens, seeks and closes 50 times at random points, and leaves nothing', async () => {
    const random = makeRandom(50);
    const one = async (index: number) => {
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(index), random() * 250);
      const { signal } = controller;
      try {
        await using player = await opened({ signal, pipeline: pipeline().gaussianBlur(1) });
        for (;;) {
          if (random() < 0.3) await player.step(random() < 0.5 ? 1 : -1);
          else if (random() < 0.2) await player.setPipeline(pipeline().contrast(random()));
          else await player.seek(random() * 2);
          player.frameAt(performance.now() / 1000);
        }
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_(ABORTED|DISPOSED)$/) });
      } finally {
        clearTimeout(timer);
      }
    };
    await one(-1);
    const before = { ...belongings(), live: memoryUsage('cpu') };
    for (let from = 0; from < 50; from += 5) {
      await Promise.all(Array.from({ length: 5 }, (_, i) => one(from + i)));
    }
    await eventually(() => processesNaming(folder).length === 0, 5000);
    await eventually(() => belongings().descriptors <= before.descriptors, 5000);
    await eventually(() => belongings().threads <= before.threads, 5000);
    expect(memoryUsage('cpu').device.live).toBe(before.live.device.live);
    expect(memoryUsage('cpu').host.live).toBe(before.live.host.live);
  }, 60_000);
});

/** What FFmpeg decodes from a time on, stored without loss. */
function makeClipFrom(seconds: number, path: string): string {
  ffmpeg(['-y', '-ss', String(seconds), '-i', clip, '-c:v', 'ffv1', path]);
  return path;
}

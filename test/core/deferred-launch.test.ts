/** What makes calls of the immediate API run, and what becomes of those that fail. */
import { execFile } from 'node:child_process';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  Adjust,
  Blend,
  convertFloatToU8,
  convertU8ToFloat,
  copy,
  type DeviceId,
  deviceSync,
  download,
  downloadAsync,
  Fill,
  Filter,
  type FramelaneError,
  Image,
  ImageU8,
  Measure,
  memoryUsage,
  setMemoryBudget,
  Transform,
  trimMemory,
  upload,
  uploadAsync,
} from 'framelane';
import { beforeEach, describe, expect, it } from 'vitest';
import { addon } from '../../src/native/binding.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import { counts, expectGray, gray, pending, since, stats } from '../helpers/pending.ts';

beforeEach(() => addon().immediatePolicy({ mode: 'deferred' }));

const samples = new Float32Array(6 * 5 * 4).fill(0.5);
const region = { x: 0, y: 0, width: 2, height: 2 };

describe('runs what waits', () => {
  const triggers: Readonly<Record<string, (image: Image, device: DeviceId) => unknown>> = {
    download: (image) => download(image),
    'download of a region': (image) => download(image, { region }),
    downloadAsync: (image) => downloadAsync(image),
    'upload of a region': (image) => upload(image, samples.subarray(0, 16), { region }),
    uploadAsync: (image) => uploadAsync(image, samples),
    deviceSync: (_, device) => deviceSync(device),
    memoryUsage: (_, device) => memoryUsage(device),
    trimMemory: (_, device) => trimMemory(device),
    setMemoryBudget: (_, device) => setMemoryBudget({ device: 0 }, device),
  };
  for (const [name, trigger] of Object.entries(triggers)) {
    onEachDevice(name, async (device) => {
      const image = pending(0, device);
      const before = stats();
      const done = trigger(image, device);
      expect(since(before)).toMatchObject({ launched: 1, killed: 0 });
      await done;
    });
  }

  onEachDevice('a 23rd step', (device) => {
    const image = gray(0, device);
    expect(
      counts(() => {
        for (let i = 0; i < 50; i++) Adjust.brightness(image, 0.25);
      }),
    ).toMatchObject({ launched: 2 });
    expectGray(image, 12.5);
  });

  onEachDevice('a fifth operand', (device) => {
    const [image, over] = [gray(0, device), gray(0.125, device)];
    expect(
      counts(() => {
        for (let i = 0; i < 5; i++) Blend.add(image, over);
      }),
    ).toMatchObject({ launched: 1 });
    expectGray(image, 0.625);
  });

  onEachDevice('a ninth chain, the one that was left longest', (device) => {
    const images = Array.from({ length: 9 }, () => gray(0, device));
    expect(
      counts(() => {
        for (const image of images.slice(0, 8)) Adjust.brightness(image, 0.25);
        Adjust.brightness(images[0] as Image, 0.25);
      }),
    ).toMatchObject({ launched: 0 });
    expect(counts(() => Adjust.brightness(images[8] as Image, 0.5))).toMatchObject({ launched: 1 });
    expect(counts(() => expectGray(images[1] as Image, 0.25))).toMatchObject({ launched: 0 });
    expectGray(images[0] as Image, 0.5);
    expectGray(images[8] as Image, 0.5);
  });

  onEachDevice('memory that runs out', (device) => {
    const image = pending(0, device);
    const { live } = memoryUsage(device).device;
    setMemoryBudget({ device: live + 1024 }, device);
    try {
      Adjust.brightness(image, 0.25);
      const made = counts(() => {
        expect(errorOf(() => new Image(512, 512, { device })).code).toBe('ERR_OUT_OF_MEMORY');
      });
      expect(made).toMatchObject({ launched: 1 });
    } finally {
      setMemoryBudget({ device: 0 }, device);
    }
    expectGray(image, 0.5);
  });

  onEachDevice('collected images are freed at a call', async (device) => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const other = gray(0, device);
    const { killed } = stats();
    const drop = () => {
      for (let i = 0; i < 4; i++) pending(0, device);
    };
    for (let i = 0; i < 20 && stats().killed === killed; i++) {
      drop();
      gc();
      await turn();
      Adjust.brightness(other, 0.25);
    }
    expect(stats().killed).toBeGreaterThan(killed);
  });
});

describe('an upload', () => {
  onEachDevice('drops the store that it covers', (device) => {
    const image = pending(0, device);
    expect(counts(() => upload(image, samples))).toMatchObject({ launched: 0, killed: 1 });
    expect(download(image)).toEqual(samples);
  });

  onEachDevice('is read by who reads the image later, and not by who did before', (device) => {
    const [image, before] = [gray(0.25, device), new Image(6, 5, { device })];
    copy(before, image);
    Adjust.brightness(before, 0.25);
    copy(image, before);
    expect(counts(() => upload(image, samples))).toMatchObject({ launched: 1, killed: 1 });
    expectGray(before, 0.5);
    expect(download(image)).toEqual(samples);
  });

  onEachDevice('that is refused, or finds no memory, leaves what waits', (device) => {
    const image = pending(0, device);
    const done = counts(() => {
      expect(errorOf(() => upload(image, samples.subarray(4))).code).toBe('ERR_INVALID_ARGUMENT');
    });
    expect(done).toMatchObject({ launched: 0, killed: 0 });
    trimMemory(device);
    Adjust.brightness(image, 0.25);
    setMemoryBudget({ device: 1 }, device);
    Adjust.brightness(image, 0.25);
    try {
      const refused = errorOf(() => upload(image, new Uint8Array(samples.length)));
      expect(refused.code).toBe('ERR_OUT_OF_MEMORY');
    } finally {
      setMemoryBudget({ device: 0 }, device);
    }
    expectGray(image, 0.75);
  });

  onEachDevice(
    'over a store that was dropped, and a reader that fails, leaves no pixels',
    (device) => {
      const [image, floats] = [new ImageU8(6, 5, { device }), new Image(6, 5, { device })];
      const codes = new Uint8Array(samples.length).fill(51);
      upload(image, codes);
      addon().immediatePolicy({ mode: 'deferred', failLaunch: 1 });
      convertU8ToFloat(floats, image);
      Filter.invert(floats);
      convertFloatToU8(image, floats);
      expect(errorOf(() => upload(image, codes)).code).toBe('ERR_CUDA');
      expect(errorOf(() => download(image)).code).toBe('ERR_DEVICE_LOST');
      upload(image, codes);
      expect(download(image)).toEqual(codes);
    },
  );
});

describe('a mistake', () => {
  onEachDevice('is thrown at the call, and nothing has changed', (device) => {
    const [image, small] = [pending(0, device), new Image(2, 2, { device })];
    Fill.color(small, [0.5, 0.5, 0.5, 1]);
    const done = counts(() => {
      const flip = () => Transform.flip(image, { direction: 'both', dst: small });
      expect(errorOf(flip).code).toBe('ERR_CAPACITY_EXCEEDED');
    });
    expect(done).toEqual({ recorded: 0, launched: 0, passes: 0, killed: 0 });
    expect([small.width, small.height]).toEqual([2, 2]);
    expectGray(small, 0.5);
    expectGray(image, 0.25);
  });
});

describe('a launch that fails', () => {
  onEachDevice('says which calls it was, and leaves no pixels', (device) => {
    const image = gray(0, device);
    addon().immediatePolicy({ mode: 'deferred', failLaunch: 1 });
    Adjust.brightness(image, 0.25);
    Adjust.gamma(image, 2);
    const { code, message } = errorOf(() => download(image));
    expect(code).toBe('ERR_CUDA');
    expect(message).toMatch(/^brightness \(call \d+\), gamma \(call \d+\) failed: /);
    const uses = [
      () => download(image),
      () => Filter.invert(image),
      () => copy(gray(0, device), image),
    ];
    for (const use of uses) {
      expect(errorOf(use)).toMatchObject({ code: 'ERR_DEVICE_LOST' });
      expect(errorOf(use).message).toContain('brightness (call ');
    }
    Fill.color(image, [0.5, 0.5, 0.5, 1]);
    expectGray(image, 0.5);
  });

  onEachDevice('leaves pixels again after an upload, and others as they are', (device) => {
    const [image, other] = [gray(0, device), gray(0, device)];
    addon().immediatePolicy({ mode: 'deferred', failLaunch: 1 });
    Adjust.brightness(image, 0.25);
    Adjust.brightness(other, 0.25);
    expect(errorOf(() => deviceSync(device)).code).toBe('ERR_CUDA');
    expectGray(other, 0.25);
    upload(image, samples);
    expect(download(image)).toEqual(samples);
  });

  onEachDevice('of free() is thrown by the next call', (device) => {
    const [image, other, third] = [gray(0, device), gray(0, device), gray(0, device)];
    addon().immediatePolicy({ mode: 'deferred', failLaunch: 1 });
    copy(other, image);
    image.free();
    expect(errorOf(() => Filter.invert(third)).message).toMatch(/^copy \(call \d+\) failed: /);
    expect(errorOf(() => download(other)).code).toBe('ERR_DEVICE_LOST');
    Filter.invert(third);
    expectGray(third, 1);
  });
});

describe('work that fails when it has been launched', () => {
  const afterwards = 'a test wanted this work to fail; launched since the last wait: ';
  const waits: Readonly<Record<string, (image: Image, device: DeviceId) => unknown>> = {
    download: (image) => download(image),
    downloadAsync: (image) => downloadAsync(image),
    upload: (_, device) => upload(new Image(6, 5, { device }), samples),
    uploadAsync: (_, device) => uploadAsync(new Image(6, 5, { device }), samples),
    deviceSync: (_, device) => deviceSync(device),
    'a measurement': (image) => Measure.statistics(image),
  };
  for (const [name, wait] of Object.entries(waits)) {
    onEachDevice(`is told by ${name}, with the calls that it can be`, async (device) => {
      const [image, other] = [gray(0, device), gray(0, device)];
      Adjust.brightness(other, 0.25);
      deviceSync(device);
      addon().immediatePolicy({ mode: 'deferred', faultLaunch: 1 });
      Adjust.brightness(image, 0.25);
      Adjust.gamma(image, 2);
      copy(other, image);
      Filter.gaussianBlur(image, { radius: 1, dst: other });
      const thrown = await (async () => wait(image, device))().catch((error: unknown) => error);
      const { code, message } = thrown as FramelaneError;
      expect(code).toBe('ERR_CUDA');
      expect(message.replaceAll(/\d+/g, 'n')).toBe(
        `${afterwards}brightness (call n), gamma (call n), copy (call n), gaussianBlur (call n)`,
      );
      await wait(image, device); // it was told
    });
  }

  onEachDevice('lists the latest of many, and counts the others', (device) => {
    deviceSync(device);
    addon().immediatePolicy({ mode: 'eager' });
    const image = gray(0, device);
    for (let i = 0; i < 50; i++) Adjust.brightness(image, 0.25);
    addon().immediatePolicy({ mode: 'deferred', faultLaunch: 1 });
    Filter.invert(image);
    const { message } = errorOf(() => deviceSync(device));
    expect(message).toContain(`${afterwards}3 calls, brightness (call `);
    expect(message.match(/brightness/g)).toHaveLength(47);
    expect(message).toMatch(/, invert \(call \d+\)$/);
  });

  onEachDevice('may show at the next launch, which says what was before it', (device) => {
    const [image, other] = [gray(0, device), gray(0, device)];
    Adjust.brightness(image, 0.25);
    Filter.gaussianBlur(image, { radius: 1, dst: other });
    addon().immediatePolicy({ mode: 'deferred', failLaunch: 1 });
    Filter.invert(image);
    expect(errorOf(() => download(image)).message).toMatch(
      /^invert \(call \d+\) failed: .*; launched since the last wait: brightness \(call \d+\), gaussianBlur \(call \d+\)$/,
    );
  });
});

describe('the environment', () => {
  const script = `
    import { Adjust, download, Image } from 'framelane';
    import { addon } from './dist/native/binding.js';
    const image = new Image(2, 2, { device: 'cpu' });
    image.asPinned().fill(0.25);
    const fresh = new Image(2, 2, { device: 'cpu' });
    if (process.env.FAIL) addon().immediatePolicy({ mode: 'deferred', failLaunch: 1 });
    function caller() { Adjust.brightness(fresh, 0.25); }
    caller();
    const { recorded } = addon().immediateStats();
    let message;
    try { download(fresh); } catch (error) { message = error.message; }
    console.log(JSON.stringify({ recorded, message }));`;
  const run = async (env: Record<string, string>) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', script],
      { cwd: new URL('../..', import.meta.url), env: { ...process.env, ...env } },
    );
    return JSON.parse(stdout);
  };

  it('FRAMELANE_EAGER=1 runs every call at once', async () => {
    expect(await run({})).toMatchObject({ recorded: 1 });
    expect(await run({ FRAMELANE_EAGER: '1' })).toMatchObject({ recorded: 0 });
  });

  it('FRAMELANE_TRACE=1 tells where the calls were made', async () => {
    const { message } = await run({ FRAMELANE_TRACE: '1', FAIL: '1' });
    expect(message).toMatch(/brightness \(call 1\).*\n.*at caller /s);
    expect((await run({ FAIL: '1' })).message).not.toContain('at caller');
  });

  it('ends with calls that wait', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { Adjust, Image } from 'framelane';
        const image = Adjust.brightness(new Image(64, 64, { device: 'cpu' }), 0.25);
        console.log(image.width);`,
      ],
      { cwd: new URL('../..', import.meta.url) },
    );
    expect(stdout).toBe('64\n');
  });
});

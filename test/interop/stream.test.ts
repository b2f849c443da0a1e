/** Streams and events: order between streams, promises for moments, and what is refused. */
import { Worker } from 'node:worker_threads';
import {
  Adjust,
  apply,
  copy,
  type DeviceId,
  deviceSync,
  download,
  downloadAsync,
  Event,
  Fill,
  Filter,
  Image,
  ImageU8,
  Measure,
  type OnStream,
  pipeline,
  Stream,
  upload,
  uploadAsync,
} from 'framelane';
import { describe, expect, it } from 'vitest';
import { onEachDevice, requireDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import { makeRandom } from '../helpers/random.ts';

const expectCode = (run: () => unknown, code: string) => expect(errorOf(run).code).toBe(code);

function expectSame(received: Float32Array, expected: Float32Array, what = 'pixels'): void {
  const first = received.findIndex((value, i) => value !== expected[i]);
  const detail = `${what}: sample ${first} is ${received[first]}, expected ${expected[first]}`;
  expect(first, detail).toBe(-1);
}

/** Some milliseconds of work on a GPU; few pixels on the CPU, where a call is complete when it returns. */
const sideOf = (device: DeviceId) => (device === 'cpu' ? 96 : 2048);
const blursOf = (device: DeviceId) => (device === 'cpu' ? 2 : 40);

function noisy(device: DeviceId, seed: number): Image {
  const side = sideOf(device);
  const random = makeRandom(seed);
  const image = new Image(side, side, { device });
  upload(
    image,
    Float32Array.from({ length: side * side * 4 }, () => random()),
  );
  return image;
}

/** Work that takes long, from `source` to `target`. */
function blurLong(source: Image, target: Image, on: OnStream = {}): void {
  Filter.gaussianBlur(source, { radius: 40, dst: target, ...on });
  for (let i = 1; i < blursOf(source.device as DeviceId); i++) {
    Filter.gaussianBlur(target, { radius: 30 + (i % 8), dst: target, ...on });
  }
}

const isBusy = (device: DeviceId) => device !== 'cpu';

describe('order', () => {
  onEachDevice('of what one stream writes and another reads, and the other way round', (device) => {
    using source = noisy(device, 1);
    using slow = new Image(source.width, source.height, { device });
    using seen = new Image(source.width, source.height, { device });
    blurLong(source, slow);
    const expected = download(slow);
    using first = new Stream({ device });
    using second = new Stream({ device, priority: 'high' });

    const enqueue = () => {
      Fill.color(slow, [0, 0, 0, 1]);
      blurLong(source, slow, { stream: first });
      const blurred = first.record();
      copy(seen, slow, { stream: second });
      Fill.color(slow, [1, 0, 0, 1], { stream: first }); // must not overtake the copy
      return blurred;
    };
    enqueue().free(); // what waits for the device the first time: memory, kernels that are loaded
    deviceSync(device);
    first.sync();
    second.sync();
    using blurred = enqueue();
    // Otherwise the work was too short to prove anything.
    if (isBusy(device)) expect(blurred.done, 'the blurs are done already').toBe(false);
    expectSame(download(seen, { stream: second }), expected);
    expect(download(slow).subarray(0, 4)).toEqual(new Float32Array([1, 0, 0, 1]));
  });

  onEachDevice('of calls without a stream after those on one, and of recorded ones', (device) => {
    using source = noisy(device, 2);
    using slow = new Image(source.width, source.height, { device });
    blurLong(source, slow);
    Filter.invert(slow);
    const expected = download(slow);
    using stream = new Stream({ device });
    Fill.color(slow, [0, 0, 0, 1]);
    blurLong(source, slow, { stream });
    Filter.invert(slow); // waits to be run
    using seen = new Image(slow.width, slow.height, { device });
    copy(seen, slow, { stream });
    expectSame(download(seen), expected);
  });

  onEachDevice('of memory that is freed while a stream uses it', (device) => {
    using source = noisy(device, 3);
    using stream = new Stream({ device });
    using target = new Image(source.width, source.height, { device });
    const expected = (() => {
      blurLong(source, target);
      return download(target);
    })();
    const lent = new Image(source.width, source.height, { device });
    copy(lent, source);
    blurLong(lent, target, { stream });
    lent.free();
    // Takes the same memory, and must not write it before the blur has read it.
    using next = new Image(source.width, source.height, { device });
    Fill.color(next, [1, 1, 1, 1]);
    download(next);
    expectSame(download(target), expected);
  });

  onEachDevice('of several streams is none where they share nothing', async (device) => {
    using source = noisy(device, 4);
    using target = new Image(source.width, source.height, { device });
    using small = new Image(8, 8, { device });
    using slow = new Stream({ device });
    using quick = new Stream({ device });
    blurLong(source, target, { stream: slow }); // memory and tables are there from here on
    slow.sync();
    blurLong(source, target, { stream: slow });
    using end = slow.record();
    Fill.color(small, [0, 1, 0, 1], { stream: quick });
    await quick.idle();
    if (isBusy(device)) expect(end.done, 'the quick stream waited for the slow one').toBe(false);
    await end;
    expect(end.done).toBe(true);
  });

  onEachDevice('by wait() of an event, a stream, and the device’s own stream', async (device) => {
    using source = noisy(device, 5);
    using target = new Image(source.width, source.height, { device });
    using first = new Stream({ device });
    using second = new Stream({ device });
    using own = Stream.own({ device });
    blurLong(source, target, { stream: first });
    using before = first.record();
    second.wait(before);
    await second.idle();
    expect(before.done).toBe(true);
    blurLong(source, target, { stream: first });
    using again = first.record();
    own.wait(first);
    second.wait(own);
    second.sync();
    expect(again.done).toBe(true);
  });
});

describe('{ stream }', () => {
  onEachDevice('is taken by every kind of call', async (device) => {
    using stream = new Stream({ device });
    using image = new Image(6, 4, { device });
    using bytes = new ImageU8(6, 4, { device });
    const on = { stream };
    const samples = Float32Array.from({ length: 96 }, (_, i) => (i % 16) / 16);
    upload(image, samples, on);
    expect(download(image, on)).toEqual(samples);
    await uploadAsync(
      image,
      samples.map((v) => 1 - v),
      on,
    );
    Filter.invert(image, on);
    upload(image, new Float32Array(4), { ...on, region: { x: 1, y: 1, width: 1, height: 1 } });
    const part = { ...on, region: { x: 1, y: 1, width: 1, height: 1 } };
    expect(download(image, part)).toEqual(new Float32Array(4));
    const read = await downloadAsync(image, on);
    for (const at of [0, 40, 94]) expect(read[at]).toBeCloseTo(samples[at] as number, 6);
    Fill.color(bytes, [1, 0, 0, 1], on);
    expect(Measure.statistics(bytes, on)).toEqual(Measure.statistics(bytes));
    using made = apply(pipeline().gaussianBlur(2).invert(), bytes, on);
    expect([...download(made, { ...on, as: 'u8' }).subarray(0, 4)]).toEqual([0, 255, 255, 255]);
    Adjust.brightness(bytes, { factor: 0.5, region: { x: 0, y: 0, width: 1, height: 1 }, ...on });
    expect([...download(bytes).subarray(0, 8)]).toEqual([255, 128, 128, 255, 255, 0, 0, 255]);
  });

  onEachDevice('must be a stream of the device that is not freed', (device) => {
    using image = new Image(2, 2, { device });
    Fill.color(image, [0, 0, 0, 1]);
    for (const wrong of [1, null, {}, 'high', image]) {
      const on = { stream: wrong } as unknown as OnStream;
      const calls: Readonly<Record<string, () => unknown>> = {
        op: () => Filter.invert(image, on),
        blur: () => Filter.gaussianBlur(image, { radius: 2, ...on }),
        measure: () => Measure.histogram(image, on),
        upload: () => upload(image, new Float32Array(16), on),
        download: () => download(image, on),
        copy: () => copy(image, image, on),
        apply: () => apply(pipeline().invert(), image, on),
      };
      for (const [name, call] of Object.entries(calls)) {
        expect(call, name).toThrow(
          expect.objectContaining({ code: 'ERR_INVALID_OPTION', path: 'stream' }),
        );
      }
    }
    const freed = new Stream({ device });
    freed.free();
    freed.free();
    expectCode(() => Filter.invert(image, { stream: freed }), 'ERR_DISPOSED');
    expectCode(() => download(image, { stream: freed }), 'ERR_DISPOSED');
    expectCode(() => freed.handle, 'ERR_DISPOSED');
    expectCode(() => freed.record(), 'ERR_DISPOSED');
    expectCode(() => freed.sync(), 'ERR_DISPOSED');
    expect(download(image).subarray(0, 4)).toEqual(new Float32Array([0, 0, 0, 1]));
  });

  it('of another device is ERR_DEVICE_MISMATCH', (context) => {
    requireDevice(context, 'cuda:0');
    using image = new Image(2, 2, { device: 'cpu' });
    using other = new Image(2, 2, { device: 'cuda:0' });
    using stream = new Stream({ device: 'cuda:0' });
    using event = new Event({ device: 'cpu' });
    Fill.color(image, [0, 0, 0, 1]);
    Fill.color(other, [0, 0, 0, 1]);
    expectCode(() => Filter.invert(image, { stream }), 'ERR_DEVICE_MISMATCH');
    expectCode(() => download(image, { stream }), 'ERR_DEVICE_MISMATCH');
    expectCode(() => event.record(stream), 'ERR_DEVICE_MISMATCH');
  });
});

describe('events', () => {
  onEachDevice('settle by the thousand', async (device) => {
    using image = new Image(16, 16, { device });
    using first = new Stream({ device });
    using second = new Stream({ device });
    const events = Array.from({ length: 10_000 }, (_, i) => {
      const stream = i % 2 === 0 ? first : second;
      if (i % 100 === 0) Fill.color(image, [0, 0, 0, 1], { stream });
      return stream.record();
    });
    const settled = events.map((event) => event.wait());
    for (const event of events) event.free(); // promises go on
    expect(await Promise.all(settled)).toHaveLength(10_000);
  });

  onEachDevice('do not block the event loop', async (device) => {
    using source = noisy(device, 6);
    using target = new Image(source.width, source.height, { device });
    using stream = new Stream({ device });
    blurLong(source, target, { stream });
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await stream.idle();
    clearInterval(timer);
    if (isBusy(device)) expect(turns).toBeGreaterThan(0);
  });

  onEachDevice('measure time', async (device) => {
    using source = noisy(device, 7);
    using target = new Image(source.width, source.height, { device });
    using stream = new Stream({ device });
    using start = new Event({ device, timing: true });
    const began = performance.now();
    start.record(stream);
    blurLong(source, target, { stream });
    using end = stream.record({ timing: true });
    await end;
    const seconds = end.secondsSince(start);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThan((performance.now() - began) / 1000 + 1e-3);
    expect(start.secondsSince(end)).toBeLessThan(0);
    using plain = stream.record();
    await plain;
    expectCode(() => plain.secondsSince(start), 'ERR_INVALID_ARGUMENT');
    using unused = new Event({ device, timing: true });
    expectCode(() => end.secondsSince(unused), 'ERR_INVALID_ARGUMENT');
  });

  onEachDevice('may be recorded again while they are awaited, and never', async (device) => {
    using stream = new Stream({ device });
    using event = new Event({ device });
    expect(event.done).toBe(true);
    await event;
    event.record(stream);
    const before = event.wait();
    event.record(stream);
    await Promise.all([before, event]);
    event.free();
    event.free();
    await expect(event.wait()).rejects.toMatchObject({ code: 'ERR_DISPOSED' });
    expectCode(() => event.record(stream), 'ERR_DISPOSED');
    expectCode(() => event.done, 'ERR_DISPOSED');
    expectCode(() => stream.wait(event), 'ERR_DISPOSED');
  });

  onEachDevice('and streams work in threads, even in those that end early', async (device) => {
    const url = new URL('../helpers/stream-worker.mjs', import.meta.url);
    const start = (mode: string) => new Worker(url, { workerData: { device, mode } });
    const sums = [start('whole'), start('whole')].map(
      (worker) =>
        new Promise((resolve, reject) => {
          worker.once('message', resolve);
          worker.once('error', reject);
        }),
    );
    const ended = start('ends');
    await new Promise((resolve) => ended.once('message', resolve));
    await ended.terminate();
    expect(await Promise.all(sums)).toEqual([1000, 1000]);
  });
});

describe('streams', () => {
  onEachDevice('refuse wrong options', (device) => {
    const make = (options: object) => new Stream(options as { device: DeviceId });
    expectCode(() => make({ device, priority: 'low' }), 'ERR_INVALID_OPTION');
    expectCode(() => make({ device, prioritty: 'high' }), 'ERR_INVALID_OPTION');
    expectCode(() => new Event({ device, timing: 1 as unknown as boolean }), 'ERR_INVALID_OPTION');
    for (const handle of [0n, -1n, 1, 1n << 64n]) {
      expectCode(() => Stream.from(handle as bigint, { device }), 'ERR_INVALID_ARGUMENT');
    }
    using stream = new Stream({ device });
    expectCode(() => stream.wait(undefined as unknown as Event), 'ERR_INVALID_ARGUMENT');
    using event = new Event({ device });
    expectCode(() => event.record(undefined as unknown as Stream), 'ERR_INVALID_ARGUMENT');
  });

  onEachDevice('have a handle on CUDA, which others may use', (device) => {
    using stream = new Stream({ device });
    if (device === 'cpu') {
      expect(stream.handle).toBeNull();
      expectCode(() => Stream.from(1n, { device }), 'ERR_UNSUPPORTED_OP');
      return;
    }
    expect(stream.handle).toBeTypeOf('bigint');
    using source = noisy(device, 8);
    using target = new Image(source.width, source.height, { device });
    blurLong(source, target);
    const expected = download(target);
    for (const handle of [stream.handle as bigint, 1n, 2n]) {
      Fill.color(target, [0, 0, 0, 1]);
      const foreign = Stream.from(handle, { device });
      expect(foreign.handle).toBe(handle);
      blurLong(source, target, { stream: foreign });
      foreign.free(); // its work goes on, and the image knows of it
      expectSame(download(target), expected, `on ${handle}`);
    }
  });

  onEachDevice('may be freed while they work', (device) => {
    using source = noisy(device, 9);
    using target = new Image(source.width, source.height, { device });
    blurLong(source, target);
    const expected = download(target);
    Fill.color(target, [0, 0, 0, 1]);
    const stream = new Stream({ device });
    blurLong(source, target, { stream });
    stream.free();
    expectSame(download(target), expected);
  });
});

/** DLPack with an addon that declares the structures itself. */
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  asTensor,
  CudaBuffer,
  type DeviceId,
  type DLPackVersion,
  download,
  Filter,
  fromDLPack,
  ImageU8,
  memcpyDtoH,
  memcpyHtoD,
  Tensor,
  toDLPack,
  toImage,
  upload,
} from 'framelane';
import { describe, expect, it, type TestContext } from 'vitest';
import { deviceIds, requireDevice } from '../helpers/devices.ts';
import { type DLPackPeer, dlpackPeer, newCounter } from '../helpers/dlpack-peer.ts';
import { errorOf } from '../helpers/errors.ts';
import { makeRandom } from '../helpers/random.ts';

const versions = [0, 1] as const;

function randomBytes(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const random = makeRandom(seed);
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}

function eachDevice(
  name: string,
  body: (peer: DLPackPeer, device: DeviceId, context: TestContext) => void,
): void {
  for (const device of deviceIds) {
    it(`${name} on ${device}`, (context) => {
      requireDevice(context, device);
      body(dlpackPeer(context), device, context);
    });
  }
}

/** Dead objects are released by the next allocation after a collection, or by the event loop. */
async function collect(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  for (let i = 0; i < 3; i++) {
    gc();
    new CudaBuffer([16], 'u8', { device: 'cpu' }).free();
    await sleep(1);
  }
}

describe('an array for another addon', () => {
  it.for(versions)('says its type and shape, version %d', (version, context) => {
    const peer = dlpackPeer(context);
    const kinds = [
      ['u8', 1, 8],
      ['i16', 0, 16],
      ['u64', 1, 64],
      ['f16', 2, 16],
      ['f32', 2, 32],
      ['f64', 2, 64],
    ] as const;
    for (const [dtype, code, bits] of kinds) {
      const buffer = new CudaBuffer([2, 3, 4], dtype, { device: 'cpu' });
      const { address, ...rest } = peer.consume(toDLPack(buffer, { version }).take(), version);
      expect(address).toBeGreaterThan(0n);
      expect(rest).toEqual({
        ...(version === 1 && { major: 1, minor: 1, flags: 0 }),
        ...{ type: 1, id: 0, code, bits, lanes: 1 },
        ...{ shape: [2, 3, 4], strides: [12, 4, 1] },
      });
    }
  });

  eachDevice('has strides in elements, and its device', (peer, device) => {
    const tensor = new Tensor([5, 7, 3], 'f32', { layout: 'HWC', device });
    const view = tensor.permute('CHW').slice({ H: [1, 4], W: [2, 7] });
    const whole = peer.consume(toDLPack(tensor).take(), 1);
    const part = peer.consume(toDLPack(view).take(), 1);
    expect([part.type, part.id]).toEqual([device === 'cpu' ? 1 : 2, 0]);
    expect(part.shape).toEqual([3, 3, 5]);
    expect(part.strides).toEqual([1, 21, 3]);
    expect(part.address - whole.address).toBe(BigInt((1 * 21 + 2 * 3) * 4));
  });

  eachDevice('may be empty or a single element', (peer, device) => {
    const empty = new CudaBuffer([0, 3], 'u8', { device });
    expect(peer.consume(toDLPack(empty).take(), 1)).toMatchObject({ address: 0n, shape: [0, 3] });
    const one = new CudaBuffer([], 'u8', { device });
    expect(peer.consume(toDLPack(one).take(), 1)).toMatchObject({ shape: [], strides: [] });
  });

  it('shares the pixels of an image, after its deferred calls', (context) => {
    const peer = dlpackPeer(context);
    using image = new ImageU8(3, 2, { device: 'cpu' });
    const samples = randomBytes(24).map((byte) => byte & 127);
    upload(image, samples);
    Filter.invert(image);
    const expected = samples.map((byte, i) => (i % 4 === 3 ? byte : 255 - byte));
    const described = peer.consume(toDLPack(asTensor(image)).take(), 1, { add: 1 });
    expect(described).toMatchObject({ shape: [2, 3, 4], code: 1, bits: 8 });
    expected[0] = ((expected[0] as number) + 1) % 256;
    expect(download(image)).toEqual(expected);
  });

  it('is taken once', (context) => {
    const peer = dlpackPeer(context);
    const capsule = toDLPack(new CudaBuffer([4], 'u8', { device: 'cpu' }));
    expect(capsule.consumed).toBe(false);
    peer.consume(capsule.take(), 1);
    expect(capsule.consumed).toBe(true);
    expect(errorOf(() => capsule.take()).code).toBe('ERR_DISPOSED');
    expect(errorOf(() => fromDLPack(capsule)).code).toBe('ERR_DISPOSED');
    capsule.free();
    const freed = toDLPack(new CudaBuffer([4], 'u8', { device: 'cpu' }));
    freed.free();
    expect(errorOf(() => freed.take()).code).toBe('ERR_DISPOSED');
  });

  it('that is read-only needs a version', (context) => {
    const peer = dlpackPeer(context);
    const array = fromDLPack(peer.produce({ bytes: randomBytes(4), shape: [4], flags: 1 }));
    expect(errorOf(() => toDLPack(array, { version: 0 })).message).toContain('read-only');
    expect(peer.consume(toDLPack(array).take(), 1).flags).toBe(1);
  });

  it('stays until the deleter is called, in any thread', (context) => {
    const peer = dlpackPeer(context);
    for (const version of versions) {
      const counter = newCounter();
      const array = fromDLPack(peer.produce({ bytes: randomBytes(4), counter, shape: [4] }));
      const capsule = toDLPack(array, { version });
      array.free();
      expect(peer.deletions(counter)).toBe(0);
      peer.consume(capsule.take(), version, { thread: 1 });
      expect(peer.deletions(counter)).toBe(1);
    }
  });

  it('that nobody takes is freed by the garbage collector', async (context) => {
    const peer = dlpackPeer(context);
    const counter = newCounter();
    (() => {
      for (let i = 0; i < 10; i++) {
        const array = fromDLPack(peer.produce({ bytes: randomBytes(4), counter, shape: [4] }));
        toDLPack(array, { version: i % 2 === 0 ? 0 : 1 });
        array.free();
      }
    })();
    expect(peer.deletions(counter)).toBe(0);
    await collect();
    expect(peer.deletions(counter)).toBe(10);
  });

  it('keeps what it was wrapped with', async (context) => {
    requireDevice(context, 'cuda:0');
    const peer = dlpackPeer(context);
    const memory = new CudaBuffer([16], 'u8', { device: 'cuda:0' });
    let owner: object | undefined = {};
    const watched = new WeakRef(owner);
    let wrapped: CudaBuffer | undefined = CudaBuffer.fromCuda(
      memory as { cudaArrayInterface: NonNullable<typeof memory.cudaArrayInterface> },
      { owner },
    );
    const external = toDLPack(wrapped).take();
    wrapped.free();
    wrapped = owner = undefined;
    await collect();
    expect(watched.deref()).toBeDefined();
    peer.consume(external, 1, { thread: 1 });
    await collect();
    expect(watched.deref()).toBeUndefined();
  });
});

describe('an array of another addon', () => {
  it.for(versions)('is the same memory in both directions, version %d', (version, context) => {
    const peer = dlpackPeer(context);
    const bytes = randomBytes(4 * 6 * 4);
    const external = peer.produce({
      ...{ bytes, shape: [4, 6], code: 2, bits: 32, plain: version === 0 ? 1 : 0 },
    });
    using array = fromDLPack(external, { version });
    expect(array).toMatchObject({ shape: [4, 6], strides: [24, 4], dtype: 'f32', device: 'cpu' });
    const out = new Float32Array(24);
    memcpyDtoH(out, array);
    expect(new Uint8Array(out.buffer)).toEqual(bytes);
    const other = randomBytes(4 * 6 * 4, 2);
    memcpyHtoD(array, new Float32Array(other.buffer));
    peer.consume(toDLPack(array).take(), 1, { add: 3 });
    memcpyDtoH(out, array);
    other[0] = ((other[0] as number) + 3) % 256;
    expect(new Uint8Array(out.buffer)).toEqual(other);
  });

  it('has its strides, of either sign, and byte offset', (context) => {
    const peer = dlpackPeer(context);
    const bytes = randomBytes(64);
    const halves = new Uint16Array(bytes.buffer);
    const array = fromDLPack(
      peer.produce({ bytes, shape: [3, 4], strides: [-8, 2], offset: 34, code: 2, bits: 16 }),
    );
    expect([array.dtype, array.strides]).toEqual(['f16', [-16, 4]]);
    const out = new Uint16Array(12);
    memcpyDtoH(out, array);
    const expected = Array.from(out, (_, i) => halves[17 - 8 * Math.floor(i / 4) + 2 * (i % 4)]);
    expect([...out]).toEqual(expected);
  });

  it('that is pinned is memory of the host', (context) => {
    const peer = dlpackPeer(context);
    const array = fromDLPack(peer.produce({ bytes: randomBytes(4), shape: [4], type: 3 }));
    expect(array.device).toBe('cpu');
  });

  it('that is read-only is not written', (context) => {
    const peer = dlpackPeer(context);
    const array = fromDLPack(peer.produce({ bytes: randomBytes(4), shape: [4], flags: 1 }));
    expect(array.readOnly).toBe(true);
    expect(errorOf(() => memcpyHtoD(array, new Uint8Array(4))).message).toContain('read-only');
  });

  it('is an image without a copy, which keeps it', (context) => {
    const peer = dlpackPeer(context);
    const counter = newCounter();
    const bytes = randomBytes(5 * 3 * 4);
    const array = fromDLPack(peer.produce({ bytes, counter, shape: [3, 5, 4] }));
    const image = toImage(Tensor.from(array, { layout: 'HWC' })) as ImageU8;
    array.free();
    expect(download(image)).toEqual(bytes);
    expect(peer.deletions(counter)).toBe(0);
    image.free();
    expect(peer.deletions(counter)).toBe(1);
  });

  it('is given back once: by free, by using, or by the garbage collector', async (context) => {
    const peer = dlpackPeer(context);
    const counter = newCounter();
    const make = (plain: DLPackVersion) =>
      fromDLPack(peer.produce({ bytes: randomBytes(4), counter, shape: [4], plain: 1 - plain }), {
        version: plain,
      });
    const first = make(0);
    const view = Tensor.from(first, { layout: 'W' }).slice({ W: [1, 3] });
    first.free();
    first.free();
    expect(peer.deletions(counter)).toBe(1);
    expect(errorOf(() => view.copyTo()).code).toBe('ERR_DISPOSED');
    {
      using _ = make(1);
    }
    expect(peer.deletions(counter)).toBe(2);
    (() => make(1))();
    await collect();
    expect(peer.deletions(counter)).toBe(3);
  });

  it('is given back at once where it is refused', (context) => {
    const peer = dlpackPeer(context);
    const wrong = [
      [{ major: 2 }, 'expected 1.x, received 2.7'],
      [{ major: 0 }, 'expected 1.x, received 0.7'],
      [{ code: 4, bits: 16 }, 'code 4, 16 bits, 1 lanes'],
      [{ code: 2, bits: 8 }, 'code 2, 8 bits'],
      [{ lanes: 4 }, '4 lanes'],
      [{ type: 7 }, 'type 7'],
      [{ shape: [1, 1, 1, 1, 1, 1, 1, 1, 1] }, 'expected 0 to 8, received 9'],
      [{ shape: [-1] }, 'expected sizes of 0 or more'],
      [{ shape: [2 ** 40, 2 ** 40], strides: [1, 1] }, 'a larger one'],
      [{ shape: [2 ** 30, 4], strides: [2 ** 40, 1] }, 'expected an array of less than 2^53'],
    ] as const;
    for (const [change, message] of wrong) {
      const counter = newCounter();
      const array = peer.produce({ bytes: randomBytes(4), counter, shape: [4], ...change });
      const error = errorOf(() => fromDLPack(array));
      expect(error.code).toBe('ERR_INVALID_ARGUMENT');
      expect(error.message).toContain(message);
      expect(peer.deletions(counter)).toBe(1);
      expect(errorOf(() => fromDLPack(array)).code).toBe('ERR_DISPOSED');
      expect(peer.deletions(counter)).toBe(1);
    }
  });

  it('on a device that is not here is refused, and on CUDA must be there', (context) => {
    const peer = dlpackPeer(context);
    const counter = newCounter();
    const make = (type: number, id: number) =>
      errorOf(() =>
        fromDLPack(peer.produce({ bytes: randomBytes(4), counter, shape: [4], type, id })),
      );
    expect(make(2, 99).code).toBe('ERR_DEVICE_UNAVAILABLE');
    // Memory of the host, whatever the array says.
    expect(['ERR_DEVICE_UNAVAILABLE', 'ERR_INVALID_ARGUMENT']).toContain(make(2, 0).code);
    expect(peer.deletions(counter)).toBe(2);
  });

  eachDevice('may be ours, through a capsule', (_peer, device) => {
    const own = new CudaBuffer([40], 'i32', { device });
    const samples = new Int32Array(randomBytes(160).buffer);
    memcpyHtoD(own, samples);
    const capsule = toDLPack(own);
    using back = fromDLPack(capsule);
    expect(capsule.consumed).toBe(true);
    expect([back.device, back.dtype, back.shape]).toEqual([device, 'i32', [40]]);
    own.free(); // the other one keeps the memory
    const out = new Int32Array(40);
    memcpyDtoH(out, back);
    expect(out).toEqual(samples);
  });

  it('may be an object with take() and version', (context) => {
    const peer = dlpackPeer(context);
    const bytes = randomBytes(4);
    const source = {
      version: 0,
      take: () => peer.produce({ bytes, shape: [4], plain: 1 }),
    } as const;
    using array = fromDLPack(source);
    const out = new Uint8Array(4);
    memcpyDtoH(out, array);
    expect(out).toEqual(bytes);
  });

  it.each([undefined, null, {}, 5, { take: () => 7, version: 1 }])('is not %o', (value) => {
    expect(errorOf(() => fromDLPack(value as object)).code).toBe('ERR_INVALID_ARGUMENT');
  });

  it('takes versions 0 and 1', () => {
    const array = new CudaBuffer([4], 'u8', { device: 'cpu' });
    const version = 2 as DLPackVersion;
    expect(errorOf(() => toDLPack(array, { version })).code).toBe('ERR_INVALID_ARGUMENT');
    expect(errorOf(() => toDLPack({} as CudaBuffer)).code).toBe('ERR_INVALID_ARGUMENT');
  });
});

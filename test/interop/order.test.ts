/** Buffers, tensors and kernels on streams: each use comes after the one before it. Expected values are those without streams. */
import {
  asTensor,
  CudaBuffer,
  type DeviceId,
  download,
  type Event,
  Fill,
  Filter,
  Image,
  ImageU8,
  listDevices,
  memcpyDtoD,
  memcpyDtoDAsync,
  memcpyDtoH,
  memcpyDtoHAsync,
  memcpyHtoD,
  memcpyHtoDAsync,
  type OnStream,
  Stream,
  Tensor,
  toImage,
} from 'framelane';
import { describe, expect, it } from 'vitest';
import { onEachDevice, requireDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import { blurLong, isBusy, noisy } from '../helpers/long-work.ts';

const expectCode = (run: () => unknown, code: string) => expect(errorOf(run).code).toBe(code);

function elementsOf(array: CudaBuffer | Tensor, on: OnStream = {}): Float32Array {
  const into = new Float32Array(array.shape.reduce((product, size) => product * size, 1));
  memcpyDtoH(into, array, on);
  return into;
}

function expectSame(received: Float32Array, expected: Float32Array, what: string): void {
  const first = received.findIndex((value, i) => value !== expected[i]);
  const detail = `${what}: element ${first} is ${received[first]}, expected ${expected[first]}`;
  expect(first, detail).toBe(-1);
}

/** The tensor of an image that a stream is still blurring, and what it will be. */
function busyTensor(device: DeviceId, stream: Stream) {
  const source = noisy(device, 1);
  const image = new Image(source.width, source.height, { device });
  const tensor = asTensor(image);
  blurLong(source, image);
  const expected = elementsOf(tensor);
  const start = () => {
    Fill.color(image, [0, 0, 0, 1]);
    blurLong(source, image, { stream });
    return stream.record();
  };
  start().free(); // what waits for the device the first time
  stream.sync();
  return { source, image, tensor, expected, start };
}

function expectBusy(device: DeviceId, blurred: Event): void {
  if (isBusy(device)) expect(blurred.done, 'the work was too short to prove anything').toBe(false);
}

describe('order', () => {
  onEachDevice('of an image, its tensor and a buffer', (device) => {
    using first = new Stream({ device });
    using second = new Stream({ device, priority: 'high' });
    const { image, tensor, expected, start } = busyTensor(device, first);
    using seen = new CudaBuffer(tensor.shape, 'f32', { device });
    using blurred = start();
    memcpyDtoD(seen, tensor, { stream: second });
    Fill.color(image, [1, 0, 0, 1], { stream: first }); // must not overtake the copy
    expectBusy(device, blurred);
    expectSame(elementsOf(seen), expected, 'the copy');
    expect([...elementsOf(tensor).subarray(0, 4)]).toEqual([1, 0, 0, 1]);
  });

  onEachDevice('of a copy on a stream and calls without one', (device) => {
    using stream = new Stream({ device });
    const { image, tensor, expected, start } = busyTensor(device, stream);
    using seen = new CudaBuffer(tensor.shape, 'f32', { device });
    using blurred = start();
    memcpyDtoD(seen, tensor, { stream });
    Filter.invert(image); // on the device's own stream, after the copy
    expectBusy(device, blurred);
    expectSame(elementsOf(seen), expected, 'the copy');
    const inverted = elementsOf(tensor);
    for (const at of [0, 4, 4000]) {
      expect(inverted[at]).toBeCloseTo(1 - (expected[at] as number), 6);
    }
  });

  onEachDevice('of an image over a buffer, and of views of one buffer', (device) => {
    using first = new Stream({ device });
    using second = new Stream({ device });
    const { tensor, expected, start } = busyTensor(device, first);
    using memory = new Tensor(tensor.shape, 'f32', { layout: 'HWC', device });
    using over = toImage(memory) as Image;
    using blurred = start();
    memcpyDtoD(memory, tensor, { stream: first });
    const last = memory.slice({ H: [-1] });
    memcpyHtoD(last, new Float32Array(last.size), { stream: second }); // after the copy, too
    const pixels = download(over, { stream: second });
    expect(blurred.done).toBe(true); // the download has waited for all that is before it
    const kept = expected.length - last.size;
    expectSame(pixels.subarray(0, kept), expected.subarray(0, kept), 'the image');
    expect(pixels.subarray(kept).every((value) => value === 0)).toBe(true);
  });

  onEachDevice('of memory that is freed while a stream uses it', (device) => {
    using stream = new Stream({ device });
    const { tensor, start } = busyTensor(device, stream);
    const lent = new CudaBuffer(tensor.shape, 'f32', { device });
    memcpyHtoD(lent, new Float32Array(tensor.size).fill(3));
    using seven = new CudaBuffer(tensor.shape, 'f32', { device }); // a new allocation waits for the device
    using blurred = start();
    memcpyDtoD(tensor, lent, { stream });
    lent.free();
    // Takes the same memory, and must not write it before the copy has read it.
    using next = new CudaBuffer(tensor.shape, 'f32', { device });
    memcpyDtoD(next, seven);
    expectBusy(device, blurred);
    const read = elementsOf(tensor);
    expect(read.every((value) => value === 3)).toBe(true);
  });
});

describe('{ stream }', () => {
  onEachDevice('is taken by every copy', async (device) => {
    using stream = new Stream({ device });
    const on = { stream };
    const samples = Float32Array.from({ length: 24 }, (_, i) => i);
    const more = samples.map((value) => value + 100);
    using buffer = new CudaBuffer([4, 6], 'f32', { device });
    using other = new CudaBuffer([4, 6], 'f32', { device });
    memcpyHtoD(buffer, samples, on);
    memcpyHtoD(buffer, Float32Array.of(-1), { offset: 2, length: 1, ...on });
    expect([...elementsOf(buffer, on).subarray(0, 4)]).toEqual([0, 1, -1, 3]);
    await memcpyHtoDAsync(buffer, more, on);
    memcpyDtoD(other, buffer, { ...on, to: {} });
    const back = new Float32Array(24);
    await memcpyDtoHAsync(back, other, on);
    expect(back).toEqual(more);
    await memcpyDtoDAsync(other, buffer, on);
    using tensor = new Tensor([2, 3], 'f32', { layout: 'HW', device });
    tensor.copyFrom(Float32Array.of(1, 2, 3, 4, 5, 6), on);
    const turned = tensor.permute('WH').toContiguous(on);
    expect([...turned.copyTo(undefined, on)]).toEqual([1, 4, 2, 5, 3, 6]);
    memcpyDtoD(tensor, tensor.slice({}), on); // onto itself
    expect([...tensor.copyTo()]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  onEachDevice('must be a stream that is not freed', (device) => {
    using buffer = new CudaBuffer([2], 'f32', { device });
    using tensor = new Tensor([2], 'f32', { layout: 'W', device });
    const host = new Float32Array(2);
    const callsOn = (stream: unknown): readonly (() => unknown)[] => {
      const on = { stream } as OnStream;
      return [
        () => memcpyHtoD(buffer, host, on),
        () => memcpyDtoH(host, buffer, on),
        () => memcpyDtoD(buffer, tensor, on),
        () => tensor.toContiguous(on),
        () => tensor.copyFrom(host, on),
        () => tensor.copyTo(host, on),
      ];
    };
    for (const call of callsOn({})) {
      expect(call).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPTION', path: 'stream' }));
    }
    const freed = new Stream({ device });
    freed.free();
    for (const call of callsOn(freed)) expectCode(call, 'ERR_DISPOSED');
  });

  it('of another device is ERR_DEVICE_MISMATCH', (context) => {
    requireDevice(context, 'cuda:0');
    using buffer = new CudaBuffer([2], 'f32', { device: 'cpu' });
    using onCuda = new CudaBuffer([2], 'f32', { device: 'cuda:0' });
    using stream = new Stream({ device: 'cuda:0' });
    using cpu = new Stream({ device: 'cpu' });
    expectCode(() => memcpyHtoD(buffer, new Float32Array(2), { stream }), 'ERR_DEVICE_MISMATCH');
    expectCode(() => memcpyDtoD(onCuda, buffer, { stream: cpu }), 'ERR_DEVICE_MISMATCH');
    expectCode(() => stream.wait(cpu), 'ERR_DEVICE_MISMATCH');
    expectCode(() => cpu.wait(stream), 'ERR_DEVICE_MISMATCH');
    using event = cpu.record();
    expectCode(() => stream.wait(event), 'ERR_DEVICE_MISMATCH');
    memcpyHtoD(onCuda, Float32Array.of(4, 5));
    memcpyDtoD(buffer, onCuda, { stream });
    expect([...elementsOf(buffer)]).toEqual([4, 5]);
  });

  it('of one device waits for another one', (context) => {
    requireDevice(context, 'cuda:0');
    if (!listDevices().devices.some(({ id }) => id === 'cuda:1')) context.skip('one CUDA device');
    using first = new Stream({ device: 'cuda:0' });
    using second = new Stream({ device: 'cuda:1' });
    const { start } = busyTensor('cuda:0', first);
    using blurred = start();
    second.wait(blurred);
    second.sync();
    expect(blurred.done).toBe(true);
    using again = start();
    second.wait(first);
    second.sync();
    expect(again.done).toBe(true);
  });
});

describe('the array interface', () => {
  it('names the stream that used the memory last', (context) => {
    const device = 'cuda:0';
    requireDevice(context, device);
    using own = Stream.own({ device });
    using buffer = new CudaBuffer([2], 'f32', { device });
    const part = Tensor.from(buffer, { layout: 'W' }).slice({ W: [1] });
    const streams = () => [buffer.cudaArrayInterface?.stream, part.cudaArrayInterface?.stream];
    const used = (stream?: Stream) => {
      memcpyHtoD(part, new Float32Array(1), { stream });
      return streams();
    };
    expect(streams()).toEqual([own.handle, own.handle]);
    const stream = new Stream({ device });
    expect(used(stream)).toEqual([stream.handle, stream.handle]);
    stream.free(); // others must not be told of it any more
    expect(streams()).toEqual([own.handle, own.handle]);
    using legacy = Stream.from(1n, { device });
    using ofThread = Stream.from(2n, { device });
    expect(used(legacy)).toEqual([1, 1]);
    expect(used(ofThread)).toEqual([2, 2]);
    expect(used()).toEqual([own.handle, own.handle]);
    using image = new ImageU8(2, 2, { device });
    Fill.color(image, [1, 1, 1, 1], { stream: legacy });
    expect(asTensor(image).cudaArrayInterface?.stream).toBe(own.handle); // viewing it is a use
  });
});

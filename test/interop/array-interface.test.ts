/** The CUDA Array Interface: ours field by field, and other libraries' arrays by theirs. */
import {
  type CudaArrayDescriptor,
  type CudaArraySource,
  CudaBuffer,
  download,
  Fill,
  Image,
  ImageU8,
  memcpyDtoH,
  memcpyHtoD,
  Tensor,
} from 'framelane';
import { describe, expect, it, type TestContext } from 'vitest';
import { parseInterface } from '../../src/interop/array-interface.ts';
import { onEachDevice, requireDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';

const onCuda = (name: string, body: () => void) =>
  it(`${name} on cuda:0`, (context: TestContext) => {
    requireDevice(context, 'cuda:0');
    body();
  });

const valid: CudaArrayDescriptor = {
  shape: [2, 3],
  typestr: '<f4',
  data: [4096n, false],
  version: 3,
};

function filled(): CudaBuffer {
  const buffer = new CudaBuffer([4, 6], 'u16', { device: 'cuda:0' });
  memcpyHtoD(
    buffer,
    Uint16Array.from({ length: 24 }, (_, i) => 1000 + i),
  );
  return buffer;
}

function elementsOf(buffer: CudaBuffer, count: number): number[] {
  const into = new Uint16Array(count);
  memcpyDtoH(into, buffer);
  return [...into];
}

describe('an interface', () => {
  it('is read field by field', () => {
    const strided = { ...valid, strides: [64, 8], data: [4096, true], stream: 2, version: 2 };
    expect(parseInterface({ __cuda_array_interface__: strided })).toEqual({
      shape: [2, 3],
      strides: [64, 8],
      dtype: 'f32',
      address: 4096n,
      readOnly: true,
      stream: 2n,
    });
    expect(parseInterface({ cudaArrayInterface: valid })).toMatchObject({ strides: [12, 4] });
  });

  it('is refused where a field is wrong', () => {
    for (const wrong of [
      { version: 1 },
      { version: undefined },
      { shape: [-1] },
      { shape: 6 },
      { typestr: '>f4' },
      { typestr: '<c8' },
      { data: [0n, false] },
      { data: [-1n, false] },
      { data: [1n << 64n, false] },
      { data: [1.5, false] },
      { data: [4096n] },
      { strides: [12] },
      { strides: [12, 3] },
      { stream: 0 },
      { stream: -1n },
      { stream: 1.5 },
      { mask: {} },
    ]) {
      const descriptor = { ...valid, ...wrong } as unknown as CudaArraySource;
      expect([wrong, errorOf(() => CudaBuffer.fromCuda(descriptor)).code]).toEqual([
        wrong,
        'ERR_INVALID_ARGUMENT',
      ]);
    }
    for (const source of [undefined, null, 5, {}, { cudaArrayInterface: undefined }]) {
      const make = () => CudaBuffer.fromCuda(source as unknown as CudaArraySource);
      expect(errorOf(make).code).toBe('ERR_INVALID_ARGUMENT');
    }
  });
});

describe('a buffer', () => {
  onCuda('has version 3', () => {
    using buffer = filled();
    const { stream, data, ...rest } = buffer.cudaArrayInterface ?? expect.unreachable();
    expect(rest).toEqual({ shape: [4, 6], typestr: '<u2', strides: null, version: 3 });
    expect([typeof data[0], data[0] > 0n, data[1]]).toEqual(['bigint', true, false]);
    expect([typeof stream, stream !== 0n]).toEqual(['bigint', true]);
  });

  onCuda('is wrapped twice and nested, and shares its memory', () => {
    using buffer = filled();
    using first = CudaBuffer.fromCuda(buffer);
    using second = CudaBuffer.fromCuda(first.cudaArrayInterface ?? expect.unreachable(), {
      owner: first,
    });
    memcpyHtoD(second, Uint16Array.of(7), { offset: 3, length: 1 });
    first.free();
    expect(elementsOf(buffer, 24)[3]).toBe(7);
    expect(elementsOf(second, 24)[23]).toBe(1023);
  });

  onCuda('keeps strides of either sign and read-only', () => {
    using buffer = filled();
    const columns = Tensor.from(buffer, { layout: 'HW' })
      .permute('WH')
      .slice({ W: [1, 3] });
    using wrap = CudaBuffer.fromCuda(columns.cudaArrayInterface ?? expect.unreachable());
    expect(wrap).toMatchObject({ shape: [2, 4], strides: [2, 12] });
    expect(elementsOf(wrap, 8)).toEqual([1001, 1007, 1013, 1019, 1002, 1008, 1014, 1020]);
    const { data, ...rest } = buffer.cudaArrayInterface ?? expect.unreachable();
    const last = data[0] + 46n;
    using back = CudaBuffer.fromCuda({ ...rest, shape: [24], data: [last, true], strides: [-2] });
    expect(elementsOf(back, 24)).toEqual(elementsOf(buffer, 24).reverse());
    expect(errorOf(() => memcpyHtoD(back, new Uint16Array(24))).message).toContain('read-only');
  });

  onCuda('waits for the default streams of its source', () => {
    using buffer = filled();
    for (const stream of [1, 2] as const) {
      const descriptor = { ...(buffer.cudaArrayInterface ?? expect.unreachable()), stream };
      using wrap = CudaBuffer.fromCuda(descriptor);
      expect(elementsOf(wrap, 1 + 23)[0]).toBe(1000);
    }
  });

  onCuda('is no wrap of memory that CUDA does not know, or of more than there is', () => {
    using buffer = filled();
    const own = buffer.cudaArrayInterface ?? expect.unreachable();
    expect(errorOf(() => CudaBuffer.fromCuda(valid)).code).toBe('ERR_INVALID_ARGUMENT');
    const endless = { ...own, shape: [2 ** 44] };
    expect(errorOf(() => CudaBuffer.fromCuda(endless)).code).toBe('ERR_INVALID_ARGUMENT');
  });
});

describe('an image', () => {
  onCuda('says where its pixels are, after its deferred calls', () => {
    for (const [Type, typestr, bytes] of [
      [Image, '<f4', 16],
      [ImageU8, '|u1', 4],
    ] as const) {
      using image = new Type(6, 5, { device: 'cuda:0' });
      image.resize(4, 3);
      Fill.color(image, [1, 0, 1, 1]);
      const found = image.cudaArrayInterface;
      expect(found).toMatchObject({ shape: [3, 4, 4], typestr, strides: null, version: 3 });
      expect(image.cudaArrayInterface).toEqual(found);
      const wrapped = CudaBuffer.fromCuda(image as CudaArraySource);
      const out = wrapped.dtype === 'u8' ? new Uint8Array(48) : new Float32Array(48);
      memcpyDtoH(out, wrapped);
      const full = bytes === 4 ? 255 : 1;
      expect([...out.subarray(44)]).toEqual([full, 0, full, full]);
      memcpyHtoD(wrapped, out.fill(0));
      expect([...download(image as Image)]).toEqual([...out]);
    }
  });

  onEachDevice('has none on the CPU, and none after free', (device) => {
    const image = new ImageU8(4, 3, { device });
    expect(image.cudaArrayInterface === undefined).toBe(device === 'cpu');
    image.free();
    expect(errorOf(() => image.cudaArrayInterface).code).toBe('ERR_DISPOSED');
  });
});

/** Images and frames as tensors, and tensors as images. */
import type { DeviceId } from '../device.ts';
import { invalidArgument } from '../errors/invalid.ts';
import { Frame } from '../image/frame.ts';
import { type AnyImage, handleOf, Image, ImageU8, memoryView, over } from '../image/image.ts';
import { addon } from '../native/binding.ts';
import type { ImageHandle, NativeShape } from '../native/plan.ts';
import { view } from './array-view.ts';
import { type DType, dtypeInfo } from './dtype.ts';
import { packedStrides } from './strides.ts';
import { needsPacking, Tensor, tensorOf } from './tensor.ts';

/**
 * The pixels of an image without a copy, [height, width, 4] of its size now: f32 of an Image, u8 of an ImageU8. Its deferred calls run
 * first, and from then on each call runs at once. The tensor keeps the memory after the image's `free()`.
 *
 * @example
 * const pixels = asTensor(image); memcpyDtoH(samples, pixels)
 */
export function asTensor(image: AnyImage): Tensor {
  const handle = handleOf(image);
  const dtype = image.element === 'f32' ? 'f32' : 'u8';
  const shape = [image.height, image.width, 4];
  const tensor = viewOf(handle, image.device, 0, shape, dtype, 'HWC');
  // Memory that toImage wrapped may have an owner in JavaScript.
  if ('memory' in image) Object.assign(tensor[view].memory, { owner: image });
  return tensor;
}

memoryView.of = (image) => {
  void image.width; // of a freed image: ERR_DISPOSED, on the CPU, too
  return image.device === 'cpu' ? undefined : asTensor(image).cudaArrayInterface;
};

/**
 * The planes of a frame without a copy: one of [height, width, 4] for RGBA, else each [height, width]; samples of more than 8 bits are u16.
 *
 * @example
 * const [luma, u, v] = planesOf(frame)
 */
export function planesOf(frame: Frame): Tensor[] {
  if (!(frame instanceof Frame)) throw invalidArgument('frame', 'a Frame', frame);
  const { handle, device, shape } = frame;
  const dtype = sampleType(shape.format);
  let offset = 0;
  return planeShapes(shape).map((sizes) => {
    const plane = viewOf(handle, device, offset, sizes, dtype, sizes.length === 3 ? 'HWC' : 'HW');
    offset += plane.size * dtypeInfo(dtype).bytes;
    return plane;
  });
}

/**
 * A tensor of packed RGBA pixels (HWC, 4 channels) as an image without a copy: an Image of f32, an ImageU8 of u8. The image keeps the
 * memory, and its calls run at once. Anything else is ERR_INVALID_ARGUMENT: `permute` or `toContiguous` first.
 *
 * @example
 * using image = toImage(tensor) as Image; Adjust.brightness(image, 0.1)
 */
export function toImage(tensor: Tensor): AnyImage {
  if (!(tensor instanceof Tensor)) throw invalidArgument('tensor', 'a Tensor', tensor);
  const { memory, offset, shape, dtype, device, readOnly } = tensor[view];
  const [height, width, channels] = shape;
  if (tensor.layout !== 'HWC' || channels !== 4) {
    throw needsPacking('tensor', 'HWC with 4 channels', `${tensor.layout} [${shape.join(', ')}]`);
  }
  if (!tensor.isContiguous)
    throw needsPacking('tensor', 'packed rows', `strides [${tensor.strides.join(', ')}]`);
  if (dtype !== 'f32' && dtype !== 'u8')
    throw invalidArgument('tensor', 'elements of f32 or u8', dtype);
  if (readOnly) throw invalidArgument('tensor', 'memory to write', 'read-only memory');
  const options = { device, [over]: { memory, offset } };
  const image = new (dtype === 'f32' ? Image : ImageU8)(width as number, height as number, options);
  return Object.assign(image, { memory });
}

function viewOf(
  handle: ImageHandle,
  device: DeviceId,
  offset: number,
  shape: readonly number[],
  dtype: DType,
  layout: string,
): Tensor {
  const memory = new (addon().MemoryHandle)(handle);
  const strides = packedStrides(shape, dtypeInfo(dtype).bytes);
  return tensorOf({ memory, offset, shape, strides, dtype, device, readOnly: false }, layout);
}

function sampleType(format: NativeShape['format']): DType {
  if (format === 'rgbaf32') return 'f32';
  return /(8|420p|422p|444p)$/.test(format) ? 'u8' : 'u16';
}

function planeShapes({ format, width, height }: NativeShape): number[][] {
  if (format.startsWith('rgba')) return [[height, width, 4]];
  if (format.startsWith('gray')) return [[height, width]];
  const [columns, rows] = [format.includes('444') ? 1 : 2, format.includes('420') ? 2 : 1];
  const chroma = [Math.ceil(height / rows), Math.ceil(width / columns)];
  const alpha = format.startsWith('yuva') ? [[height, width]] : [];
  return [[height, width], chroma, chroma, ...alpha];
}

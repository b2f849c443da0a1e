/** Tensors of other layouts and types than images have, to images and back: copies. */
import { invalidArgument } from '../errors/invalid.ts';
import { checkNames, namesOf } from '../errors/option-names.ts';
import { Fill } from '../image/groups.ts';
import { type AnyImage, deviceOf, Image, ImageU8, imageLike } from '../image/image.ts';
import { convertFloatToU8, convertU8ToFloat, copy } from '../image/transfer.ts';
import { addon } from '../native/binding.ts';
import { view } from './array-view.ts';
import { type DTypeName, dtypeOf } from './dtype.ts';
import { asTensor, toImage } from './images.ts';
import { memcpyDtoD } from './memcpy.ts';
import { Tensor } from './tensor.ts';

export interface CopyToTensorOptions {
  /** The letters H and W, C where there is more than one channel, and N of one image: `HWC` by default. */
  readonly layout?: string | undefined;
  /** `u8`, `f16` or `f32`; that of the image by default. */
  readonly dtype?: DTypeName | undefined;
  /** 4, 3 without alpha, or 1: red. 4 by default, 1 without the letter C. */
  readonly channels?: 1 | 3 | 4 | undefined;
}

type Sample = 'u8' | 'f16' | 'f32';

/**
 * A new image from a tensor with the letters H and W, C of 1, 3 or 4 channels, and N of 1, in any order and of any strides: an
 * ImageU8 of u8, an Image of f16 or f32, the samples unchanged. One channel is gray; without a fourth, alpha is 1. It is a copy: `toImage`
 * makes none, of packed RGBA. Any other tensor is ERR_INVALID_ARGUMENT.
 *
 * @example
 * using image = copyToImage(Tensor.from(prediction, { layout: 'NCHW' }))
 */
export function copyToImage(tensor: Tensor): AnyImage {
  const source = interleaved(tensor);
  sampleOf(source.dtype);
  using floats = source.dtype === 'f16' ? halvesAsFloats(source) : undefined;
  const samples = floats ?? source;
  const [height, width, channels] = samples.shape as [number, number, number];
  const { dtype, device } = samples;
  using pixels = new Tensor([height, width, 4], dtype, { layout: 'HWC', device });
  using packed = toImage(pixels);
  if (channels < 4) Fill.color(packed, [0, 0, 0, 1]);
  const part = (start: number, end: number) => pixels.slice({ C: [start, end] });
  if (channels === 1) for (const i of [0, 1, 2]) memcpyDtoD(part(i, i + 1), samples);
  else memcpyDtoD(part(0, channels), samples);
  // Its own memory, because images over memory that others have run each call at once.
  const image = imageLike(packed, width, height);
  copy(image, packed);
  return image;
}

/**
 * A new tensor of an image's pixels: in another order, without alpha, or of another type. u8 and floats stand for each other as 255 and 1,
 * as in `convertFloatToU8`; f16 is the nearest. It is a copy: `asTensor` makes none. One channel is the red one, which in a gray image is
 * all of them. ERR_INVALID_ARGUMENT: other letters, types or counts.
 *
 * @example
 * using input = copyToTensor(image, { layout: 'NCHW', dtype: 'f16', channels: 3 })
 */
export function copyToTensor(image: AnyImage, options: CopyToTensorOptions = {}): Tensor {
  const names = namesOf<CopyToTensorOptions>({ layout: true, dtype: true, channels: true });
  checkNames(options, names);
  const device = deviceOf(image);
  const { layout = 'HWC' } = options;
  const sizes = { N: 1, H: image.height, W: image.width, C: channelsOf(options, layout) };
  checkLetters(layout, sizes.C);
  const dtype = sampleOf(dtypeOf(options.dtype ?? image.element));
  const shape = [...layout].map((letter) => sizes[letter as keyof typeof sizes]);
  using own = ownPixels(image, dtype === 'u8' ? 'u8' : 'f32');
  using pixels = asTensor(own);
  const samples = pixels.slice({ C: [0, sizes.C] });
  const single = layout.includes('C') ? samples : samples.squeeze('C');
  const source = single.permute(layout.replace('N', ''));
  const result = new Tensor(shape, dtype, { layout, device });
  if (dtype === 'f16') {
    using floats = source.toContiguous();
    addon().convertHalves(result[view].memory, floats[view].memory);
    return result;
  }
  memcpyDtoD(layout.includes('N') ? result.squeeze('N') : result, source);
  return result;
}

/** As [height, width, channels], the same elements. */
function interleaved(tensor: Tensor): Tensor {
  if (!(tensor instanceof Tensor)) throw invalidArgument('tensor', 'a Tensor', tensor);
  const { layout, shape } = tensor;
  const sizeOf = (letter: string) => shape[layout.indexOf(letter)] ?? 1;
  checkLetters(layout, sizeOf('C'), 'tensor');
  if (sizeOf('N') !== 1) throw invalidArgument('tensor', 'one image, N of 1', sizeOf('N'));
  const single = layout.includes('N') ? tensor.squeeze('N') : tensor;
  if (layout.includes('C')) return single.permute('HWC');
  return single.permute('HW').reshape([sizeOf('H'), sizeOf('W'), 1], 'HWC');
}

function checkLetters(layout: unknown, channels: unknown, what = 'layout'): void {
  const letters = typeof layout === 'string' ? layout : '';
  const isImage = /^(?=.*H)(?=.*W)[NHWC]+$/.test(letters);
  if (!isImage || new Set(letters).size !== letters.length) {
    throw invalidArgument(what, 'the letters H and W, with or without C and N', layout);
  }
  const isCount = channels === 1 || ((channels === 3 || channels === 4) && letters.includes('C'));
  if (isCount) return;
  throw invalidArgument('channels', letters.includes('C') ? '1, 3 or 4' : '1 without C', channels);
}

function channelsOf({ channels }: CopyToTensorOptions, layout: unknown): number {
  return channels ?? (typeof layout === 'string' && !layout.includes('C') ? 1 : 4);
}

function sampleOf(dtype: string): Sample {
  if (dtype === 'u8' || dtype === 'f16' || dtype === 'f32') return dtype;
  throw invalidArgument('dtype', 'u8, f16 or f32', dtype);
}

function halvesAsFloats(tensor: Tensor): Tensor {
  using halves = tensor.toContiguous();
  const { shape, layout, device } = halves;
  const floats = new Tensor(shape, 'f32', { layout, device });
  addon().convertHalves(floats[view].memory, halves[view].memory);
  return floats;
}

/** A copy, because a tensor over the image itself would make each of its later calls run at once. */
function ownPixels(image: AnyImage, element: 'u8' | 'f32'): AnyImage {
  const { width, height, device } = image;
  if (image.element === element) {
    const own = imageLike(image, width, height);
    copy(own, image);
    return own;
  }
  if (image.element === 'u8') {
    const floats = new Image(width, height, { device });
    convertU8ToFloat(floats, image);
    return floats;
  }
  const bytes = new ImageU8(width, height, { device });
  convertFloatToU8(bytes, image);
  return bytes;
}

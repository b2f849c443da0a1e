/** From pixels on the host to an image: a new one, or a given one. */
import { type AnyImage, handleOf, Image, type ImageOptions, ImageU8 } from './image.ts';
import type { HostPixels } from './pixels.ts';
import { convertU8ToFloat, expectElement, upload, uploadAsync } from './transfer.ts';

export interface ReceiveU8Options extends ImageOptions {
  /** Receives the image and takes its size, instead of a new image. */
  readonly u8?: ImageU8 | undefined;
}

export interface ReceiveOptions extends ImageOptions {
  /** Receives the image and takes its size, instead of a new image. */
  readonly f32?: Image | undefined;
  /** Lends its memory for the conversion of bytes. */
  readonly u8?: ImageU8 | undefined;
}

export const receiveNames = ['device', 'f32', 'u8'];

/** Checks the given images: type, and not freed. */
export function givenImages({ f32, u8 }: ReceiveOptions): AnyImage[] {
  return [...given(f32, 'f32'), ...given(u8, 'u8')];
}

function given(image: AnyImage | undefined, what: 'f32' | 'u8'): AnyImage[] {
  if (image === undefined) return [];
  handleOf(image, what);
  expectElement(image, what, what);
  return [image];
}

/** Bytes are uploaded as they are and become floats on the device; wider samples are uploaded as floats. */
export function receive({ width, height, data }: HostPixels, options: ReceiveOptions): Image {
  const { f32, u8 } = options;
  f32?.resize(width, height);
  const image = f32 ?? new Image(width, height, { device: options.device });
  if (u8 && data instanceof Uint8Array) {
    u8.resize(width, height);
    upload(u8, data);
    convertU8ToFloat(image, u8);
  } else {
    upload(image, data);
  }
  return image;
}

/** Fewer are copied at once, because a thread would take longer. */
const fewSamples = 2 ** 20;

/** Like `receive`, without blocking the event loop. */
export async function receiveAsync(pixels: HostPixels, options: ReceiveOptions): Promise<Image> {
  const { width, height, data } = pixels;
  if (data.length <= fewSamples) return receive(pixels, options);
  const { f32, u8 } = options;
  f32?.resize(width, height);
  const image = f32 ?? new Image(width, height, { device: options.device });
  if (u8 && data instanceof Uint8Array) {
    u8.resize(width, height);
    await uploadAsync(u8, data);
    convertU8ToFloat(image, u8);
  } else {
    await uploadAsync(image, data);
  }
  return image;
}

export async function receiveU8Async(
  { width, height, data }: HostPixels,
  options: ReceiveU8Options,
): Promise<ImageU8> {
  options.u8?.resize(width, height);
  const image = options.u8 ?? new ImageU8(width, height, { device: options.device });
  if (data.length <= fewSamples) upload(image, data);
  else await uploadAsync(image, data);
  return image;
}

/** Conversions from and to the image types of other libraries. */
import sharp, { type Sharp } from 'sharp';
import { FramelaneError, reasonOf } from '../errors/errors.ts';
import { invalidArgument } from '../errors/invalid.ts';
import { checkNames } from '../errors/option-names.ts';
import { type AnyImage, handleOf, type Image } from './image.ts';
import { expandChannels, type PixelData } from './pixels.ts';
import { fromRaw } from './raw.ts';
import { givenImages, type ReceiveOptions, receive, receiveNames } from './receive.ts';
import { download } from './transfer.ts';

export interface FromSharpOptions extends ReceiveOptions {
  /** 8 (default) or 16 bits per channel across the bridge. */
  readonly depth?: 8 | 16 | undefined;
}

/**
 * The result of a sharp pipeline, in sRGB. The pipeline itself can be used again.
 *
 * @throws FramelaneError ERR_INPUT_INVALID with sharp's own error as its cause.
 * @example
 * using image = await fromSharp(sharp('photo.jpg').resize(800))
 */
export async function fromSharp(source: Sharp, options: FromSharpOptions = {}): Promise<Image> {
  if (typeof source?.clone !== 'function' || typeof source.raw !== 'function') {
    throw invalidArgument('source', 'a sharp pipeline', source);
  }
  checkNames(options, [...receiveNames, 'depth']);
  const depth = checkDepth(options.depth);
  givenImages(options);
  const picture = source.clone().ensureAlpha();
  const raw =
    depth === 8
      ? picture.toColourspace('srgb').raw({ depth: 'uchar' })
      : picture.toColourspace('rgb16').raw({ depth: 'ushort' });
  const { data, info } = await raw.toBuffer({ resolveWithObject: true }).catch((cause) => {
    const reason = reasonOf(cause);
    throw new FramelaneError('ERR_INPUT_INVALID', `sharp: ${reason}`, { cause });
  });
  const { width, height, channels } = info;
  const kind = depth === 8 ? Uint8Array : Uint16Array;
  const samples = new kind(data.buffer, data.byteOffset, width * height * channels);
  // A greyscale() at the end of the pipeline leaves one channel.
  const rgba = expandChannels<PixelData>(samples, channels, 2 ** depth - 1);
  return receive({ width, height, data: rgba }, options);
}

/**
 * A sharp pipeline whose input is a copy of this image, with 8 or 16 bits.
 *
 * @example
 * await toSharp(image).resize(200).toFile('small.png')
 */
export function toSharp(image: AnyImage, options: { readonly depth?: 8 | 16 } = {}): Sharp {
  handleOf(image);
  checkNames(options, ['depth']);
  const depth = checkDepth(options.depth);
  const { width, height } = image;
  const raw = { width, height, channels: 4 } as const;
  if (depth === 8) {
    return sharp(download(image, { as: 'u8' }), { raw, limitInputPixels: false });
  }
  const into = new Uint16Array(width * height * 4);
  const wide = sharp(download(image, { into }), { raw, limitInputPixels: false });
  return wide.pipelineColourspace('rgb16').toColourspace('rgb16');
}

/** The browser's ImageData, as canvas libraries return it too. */
export interface ImageDataLike {
  readonly data: Uint8ClampedArray | Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A canvas with a 2D context: the browser's, node-canvas', skia-canvas', @napi-rs/canvas'. */
export interface CanvasLike {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, width: number, height: number): ImageDataLike;
  } | null;
}

/**
 * The pixels of a canvas, or of its ImageData.
 *
 * @example
 * using image = fromCanvas(canvas)
 */
export function fromCanvas(
  source: CanvasLike | ImageDataLike,
  options: ReceiveOptions = {},
): Image {
  const { data, width, height } = imageDataOf(source);
  return fromRaw({ data, width, height }, options);
}

function imageDataOf(source: CanvasLike | ImageDataLike): ImageDataLike {
  if (typeof source === 'object' && source !== null) {
    if ('data' in source && ArrayBuffer.isView(source.data)) return source;
    if ('getContext' in source && typeof source.getContext === 'function') {
      const context = source.getContext('2d');
      if (context) return context.getImageData(0, 0, source.width, source.height);
    }
  }
  throw invalidArgument('source', 'a canvas with a 2D context, or ImageData', source);
}

/**
 * The pixels as the browser's ImageData, for `putImageData` or a canvas library.
 *
 * @example
 * const { data, width, height } = toImageData(image)
 */
export function toImageData(image: AnyImage): {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly colorSpace: 'srgb';
} {
  handleOf(image);
  const { width, height } = image;
  const data = download(image, { into: new Uint8ClampedArray(width * height * 4) });
  return { data, width, height, colorSpace: 'srgb' };
}

function checkDepth(depth: unknown = 8): 8 | 16 {
  if (depth === 8 || depth === 16) return depth;
  throw invalidArgument('depth', '8 or 16', depth);
}

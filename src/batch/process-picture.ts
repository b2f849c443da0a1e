/** Processes one picture from file to file: 8-bit pictures as bytes, deeper ones as floats. */

import { run } from '../image/apply.ts';
import { encodeFrames } from '../image/encode.ts';
import { type CheckedOptions, checkOptions, type EncodeOptions } from '../image/encode-options.ts';
import { depthFor, type WritableFormat } from '../image/formats.ts';
import { type AnyImage, Image, type ImageU8 } from '../image/image.ts';
import { openImageFile, type ReadOptions } from '../image/load.ts';
import { writeWhole } from '../image/save.ts';
import type { Frames } from '../image/sharp-encode.ts';
import { convertFloatToU8, downloadAsync, uploadAsync } from '../image/transfer.ts';
import { addon } from '../native/binding.ts';
import type { NativeStage } from '../native/plan.ts';
import type { PictureBuffers } from './buffers.ts';

/** The files of one picture. */
export interface PictureTask {
  readonly input: string;
  readonly output: string;
  readonly format: WritableFormat;
}

export interface PictureOptions {
  readonly reading: ReadOptions;
  readonly encoding: EncodeOptions;
  readonly overwrite: boolean;
  /** Throws if the batch was aborted. */
  readonly proceed?: () => void;
}

/** The size of the written picture. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export async function processPicture(
  stages: readonly NativeStage[],
  { input, output, format }: PictureTask,
  { reading, encoding, overwrite, proceed = () => {} }: PictureOptions,
  buffers: PictureBuffers,
): Promise<PictureSize> {
  const file = await openImageFile(input, reading);
  const checked = checkOptions(format, {
    ...encoding,
    depth: encoding.depth ?? depthFor(format, file.info.depth),
  });
  proceed();
  const element = file.info.depth > 8 || checked.depth > 8 ? 'f32' : 'u8';
  const pixels = await file.pixels();
  proceed();
  const source = buffers.source(element, pixels.width, pixels.height);
  await uploadAsync(source, pixels.data);
  proceed();
  const size = addon().outputSize(stages, source.width, source.height);
  const dst = buffers.result(element, size.width, size.height);
  run(stages, source, { dst, temp: buffers.workspace.for(stages, source) });
  const frames = await framesOf(dst, checked, buffers);
  proceed();
  await writeWhole(output, { overwrite }, async () => {
    const bytes = await encodeFrames(frames, format, checked);
    proceed();
    return bytes;
  });
  return { width: dst.width, height: dst.height };
}

async function framesOf(
  image: AnyImage,
  { depth }: CheckedOptions,
  buffers: PictureBuffers,
): Promise<Frames> {
  const { width, height } = image;
  if (depth > 8) {
    const into = new Uint16Array(width * height * 4);
    return { width, height, count: 1, data: await downloadAsync(image, { into }) };
  }
  const bytes = image instanceof Image ? asBytes(image, buffers) : image;
  const data = await downloadAsync(bytes, { into: buffers.hostBytes(bytes) });
  return { width, height, count: 1, data };
}

function asBytes(image: Image, buffers: PictureBuffers): ImageU8 {
  const bytes = buffers.result('u8', image.width, image.height) as ImageU8;
  convertFloatToU8(bytes, image);
  return bytes;
}

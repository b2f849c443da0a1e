/** The code of defined operations on devices: uploaded once for each, and kept as long as the operation. */
import type { CustomCode } from '../custom/declare.ts';
import type { DeviceId } from '../device.ts';
import { Image } from './image.ts';
import { upload } from './transfer.ts';

const tables = new WeakMap<CustomCode, Map<DeviceId, Image>>();

/** A row of pixels of four words each. */
export function codeTable(code: CustomCode, device: DeviceId): Image {
  const onDevices = tables.get(code) ?? new Map<DeviceId, Image>();
  const known = onDevices.get(device);
  if (known !== undefined) return known;
  const table = tableOn(code, device);
  tables.set(code, onDevices.set(device, table));
  return table;
}

function tableOn({ words }: CustomCode, device: DeviceId): Image {
  const width = Math.max(1, words.length / 4);
  const padded = new Uint32Array(4 * width);
  padded.set(words);
  const image = new Image(width, 1, { device });
  upload(image, new Float32Array(padded.buffer));
  return image;
}

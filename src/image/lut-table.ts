/** LUTs on devices: each is uploaded once and kept until the Lut is garbage collected or its tables are freed. */
import type { DeviceId } from '../device.ts';
import type { Lut } from '../lut/lut.ts';
import type { NativeLut } from '../native/plan.ts';
import { handleOf, Image } from './image.ts';
import { upload } from './transfer.ts';

/** Entries are indexed linearly, so any width works; with this one the largest table stays within the sides of an image. */
const width = 4096;

const tables = new WeakMap<Lut, Map<DeviceId, Image>>();

/** The LUT for stages on that device. */
export function nativeLut(lut: Lut, device: DeviceId): NativeLut {
  const { dimensions, size, domainMin, domainMax } = lut;
  return { table: handleOf(tableOf(lut, device)), dimensions, size, domainMin, domainMax };
}

/** The entries of the LUT on that device. */
export function tableOf(lut: Lut, device: DeviceId): Image {
  const onDevices = tables.get(lut) ?? new Map<DeviceId, Image>();
  const known = onDevices.get(device);
  if (known !== undefined) return known;
  const table = tableOn(lut, device);
  tables.set(lut, onDevices.set(device, table));
  return table;
}

/** Frees the memory now; pending work keeps what it needs. */
export function freeTables(lut: Lut): void {
  for (const table of tables.get(lut)?.values() ?? []) table.free();
  tables.delete(lut);
}

function tableOn({ entries }: Lut, device: DeviceId): Image {
  const height = Math.ceil(entries.length / 3 / width);
  const samples = new Float32Array(width * height * 4);
  for (let from = 0, to = 0; from < entries.length; from += 3, to += 4) {
    samples.set(entries.subarray(from, from + 3), to);
  }
  const image = new Image(width, height, { device });
  upload(image, samples);
  return image;
}

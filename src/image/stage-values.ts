/** What the kinds that name files are in memory and on a device: what the schema leaves to this room. */
import { loadLut } from '../cube-file.ts';
import type { DeviceId } from '../device.ts';
import { invalidArgument } from '../invalid-argument.ts';
import { Lut } from '../lut.ts';
import type { FileKind } from '../schema/kinds.ts';
import { handleOf } from './image.ts';
import { loadU8 } from './load.ts';
import { freeTables, nativeLut } from './lut-table.ts';

export interface LoadedFile {
  readonly value: unknown;
  free(): void;
}

interface StageValue {
  /** What stands in a stage where it is no path, for a message. */
  readonly expected: string;
  load(path: string, device: DeviceId): Promise<LoadedFile>;
  /** What the addon takes for it; ERR_INVALID_ARGUMENT for anything else. `path` is where it stands. */
  native(value: unknown, device: DeviceId, path: string): unknown;
}

export const stageValues: Readonly<Record<FileKind, StageValue>> = {
  image: {
    expected: 'an Image or ImageU8',
    async load(path, device) {
      const image = await loadU8(path, { device });
      return { value: image, free: () => image.free() };
    },
    native: (value, _, path) => handleOf(value, path),
  },
  lut: {
    expected: 'a Lut',
    async load(path) {
      const lut = await loadLut(path);
      return { value: lut, free: () => freeTables(lut) };
    },
    native(value, device, path) {
      if (value instanceof Lut) return nativeLut(value, device);
      throw invalidArgument(path, 'a Lut', value);
    },
  },
};

/** Values of the kinds with files, in memory and on a device, which the schema leaves to this module. */

import type { DeviceId } from '../device.ts';
import { invalidArgument } from '../errors/invalid.ts';
import { loadLut } from '../lut/cube-file.ts';
import { Lut } from '../lut/lut.ts';
import type { FileKind } from '../schema/kinds.ts';
import { handleOf, idOf } from './image.ts';
import { loadU8 } from './load.ts';
import { freeTables, nativeLut, tableOf } from './lut-table.ts';

export interface LoadedFile {
  readonly value: unknown;
  free(): void;
}

interface StageValue {
  /** The value other than a path, for messages. */
  readonly expected: string;
  load(path: string, device: DeviceId): Promise<LoadedFile>;
  /** Converts it for the addon; ERR_INVALID_ARGUMENT for anything else. `path` is its place. */
  native(value: unknown, device: DeviceId, path: string): unknown;
  /** The same as the numbers of a recorded call. */
  slots(value: unknown, device: DeviceId, path: string): number | readonly number[];
}

export const stageValues: Readonly<Record<FileKind, StageValue>> = {
  image: {
    expected: 'an Image or ImageU8',
    async load(path, device) {
      const image = await loadU8(path, { device });
      return { value: image, free: () => image.free() };
    },
    native: (value, _, path) => handleOf(value, path),
    slots: (value, _, path) => idOf(value, path),
  },
  lut: {
    expected: 'a Lut',
    async load(path) {
      const lut = await loadLut(path);
      return { value: lut, free: () => freeTables(lut) };
    },
    native: (value, device, path) => nativeLut(lutOf(value, path), device),
    slots(value, device, path) {
      const lut = lutOf(value, path);
      const { dimensions, size, domainMin, domainMax } = lut;
      return [idOf(tableOf(lut, device)), dimensions, size, ...domainMin, ...domainMax];
    },
  },
};

function lutOf(value: unknown, path: string): Lut {
  if (value instanceof Lut) return value;
  throw invalidArgument(path, 'a Lut', value);
}

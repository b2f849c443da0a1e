/** The same of memory that is shared: only addresses go in, and images have been exposed before they have any. */
import type { Rows } from './image-exports.ts';

export const interopRows: Rows = {
  'MemoryHandle.*': 'addresses, or an image that is exposed: test/interop/array-interface.test.ts',
  copyMemory: 'addresses',
  copyMemoryAsync: 'addresses',
  awaitStream: 'a handle',
  makeImageOver: 'an address',
  exportMemory: 'an address',
  deviceUuid: 'text',
  'CapsuleHandle.*': 'an address',
  importDLPack: 'an address',
  convertHalves: 'addresses',
};

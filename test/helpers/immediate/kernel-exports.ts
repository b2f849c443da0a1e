/** The same of CUDA code. */
import type { Rows } from './image-exports.ts';

export const kernelRows: Rows = {
  compileCode: 'text',
  compileCodeAsync: 'text',
  codeCompiler: 'text',
  codeArchitecture: 'text',
  codeFormat: 'bytes',
  launchBlock: 'numbers',
  'ModuleHandle.*': 'bytes, addresses, and images of a launch: test/interop/kernel-order.test.ts',
};

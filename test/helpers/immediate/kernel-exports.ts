/** The same of CUDA code: images go in only as addresses, which those who give them have waited for. */
import type { Rows } from './image-exports.ts';

export const kernelRows: Rows = {
  compileCode: 'text',
  compileCodeAsync: 'text',
  codeCompiler: 'text',
  codeArchitecture: 'text',
  codeFormat: 'bytes',
  launchBlock: 'numbers',
  'ModuleHandle.*': 'bytes and addresses',
};

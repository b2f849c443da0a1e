import { describe, expect, it } from 'vitest';
import { compileError, firstError } from '../../src/interop/compile-error.ts';

const log = `module.cu(3): warning #177-D: variable "unused" was declared but never referenced
  \tint unused;
  \t    ^

module.cu(12): error: identifier "missing" is undefined
    *p = 1.0f + missing;
                ^

1 error detected in the compilation of "module.cu".
`;

describe('the first error', () => {
  it('has its place in the line, without the indent of the log', () => {
    const source = '  *p = 1.0f + missing;';
    expect(firstError(log)).toEqual({
      file: 'module.cu',
      line: 12,
      column: source.indexOf('missing') + 1,
      text: 'identifier "missing" is undefined',
      source,
    });
    expect(compileError('NVRTC_ERROR_COMPILATION', log)).toMatchObject({
      code: 'ERR_COMPILE_FAILED',
      log,
      message: `module.cu:12:15: identifier "missing" is undefined\n    *p = 1.0f + missing;\n  ${' '.repeat(14)}^`,
    });
  });

  it('may have no line of the source', () => {
    expect(firstError('a.h(2): error: too deep\n')).toEqual({
      file: 'a.h',
      line: 2,
      column: undefined,
      text: 'too deep',
      source: undefined,
    });
    expect(compileError('', 'a.h(2): error: too deep\n').message).toBe('a.h:2: too deep');
  });

  it('may have parentheses in the name of its file', () => {
    expect(firstError('a (1).h(7): error: x')).toMatchObject({ file: 'a (1).h', line: 7 });
  });

  it('may be missing', () => {
    expect(firstError('')).toBeUndefined();
    expect(compileError('NVRTC_ERROR_INTERNAL_ERROR', '').message).toBe(
      'CUDA code: NVRTC_ERROR_INTERNAL_ERROR',
    );
  });
});

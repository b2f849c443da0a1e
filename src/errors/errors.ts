/** Every code a FramelaneError can carry. */
export const errorCodes = [
  'ERR_ABORTED',
  'ERR_ADDON_UNAVAILABLE',
  'ERR_CAPACITY_EXCEEDED',
  'ERR_CUDA',
  'ERR_DEVICE_LOST',
  'ERR_DEVICE_MISMATCH',
  'ERR_DEVICE_UNAVAILABLE',
  'ERR_DISPOSED',
  'ERR_FFMPEG_CAPABILITY',
  'ERR_FFMPEG_FAILED',
  'ERR_FFMPEG_NOT_FOUND',
  'ERR_FONT_NOT_FOUND',
  'ERR_GL_CONTEXT',
  'ERR_GL_UNAVAILABLE',
  'ERR_INPUT_EMPTY',
  'ERR_INPUT_INVALID',
  'ERR_INPUT_NOT_FOUND',
  'ERR_INPUT_TRUNCATED',
  'ERR_INPUT_UNREACHABLE',
  'ERR_INTERNAL',
  'ERR_INVALID_ARGUMENT',
  'ERR_INVALID_MARKUP',
  'ERR_INVALID_OP',
  'ERR_INVALID_OPTION',
  'ERR_INVALID_PIPELINE',
  'ERR_INVALID_SIZE',
  'ERR_MEMORY_LIMIT',
  'ERR_OUTPUT_CHANGED',
  'ERR_OUTPUT_EXISTS',
  'ERR_OUTPUT_INVALID',
  'ERR_OUT_OF_MEMORY',
  'ERR_PIXEL_LIMIT',
  'ERR_STREAM_FORMAT',
  'ERR_STREAM_TRUNCATED',
  'ERR_TIME_LIMIT',
  'ERR_UNKNOWN_OP',
  'ERR_UNSUPPORTED_FORMAT',
  'ERR_UNSUPPORTED_OP',
  'ERR_USAGE',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface ErrorDetails {
  /** The place in the options or the pipeline file, such as `stages[2].radius`. */
  readonly path?: string | undefined;
  readonly cause?: unknown;
}

/**
 * The error class of framelane. `code` is the kind of error; the message names what and where, expected and received.
 *
 * @example
 * try { new Image(0, 10) } catch (error) { if (error instanceof FramelaneError) console.log(error.code) }
 */
export class FramelaneError extends Error {
  readonly code: ErrorCode;
  readonly path: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'FramelaneError';
    this.code = code;
    this.path = details.path;
  }
}

/** The message of any thrown value. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** A received value in a message: strings quoted, long ones cut, objects by their class. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  }
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `[${value.slice(0, 6).map(describeValue).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const name = Object.getPrototypeOf(value)?.constructor?.name;
    return name && name !== 'Object' ? `an instance of ${name}` : 'an object';
  }
  return typeof value === 'function' ? 'a function' : String(value);
}

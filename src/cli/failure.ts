import { CommanderError } from 'commander';
import { type ErrorCode, FramelaneError, reasonOf } from '../errors/errors.ts';
import { printJson, printNote } from './output.ts';

/** Mistakes in the arguments or the pipeline file, as opposed to failures while running. */
const usageCodes: readonly ErrorCode[] = [
  'ERR_INVALID_ARGUMENT',
  'ERR_INVALID_OP',
  'ERR_INVALID_OPTION',
  'ERR_INVALID_PIPELINE',
  'ERR_UNKNOWN_OP',
  'ERR_USAGE',
];

/** 1 for a failure, 2 for wrong usage; after a signal the handler sets 128 + its number. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return 2;
  return error instanceof FramelaneError && usageCodes.includes(error.code) ? 2 : 1;
}

/** One line on stderr, or an event on stdout under --json. */
export function reportError(error: unknown, json: boolean): void {
  if (process.env['FRAMELANE_DEBUG'] === '1') printNote(String((error as Error).stack ?? error));
  const { code, message } = describe(error);
  if (json) printJson({ event: 'error', code, message });
  else if (!(error instanceof CommanderError)) printNote(`framelane: ${message}`);
}

function describe(error: unknown): { code: ErrorCode; message: string } {
  if (error instanceof FramelaneError) return { code: error.code, message: error.message };
  if (error instanceof CommanderError) {
    return { code: 'ERR_USAGE', message: error.message.replace(/^error: /, '') };
  }
  const text = reasonOf(error);
  return {
    code: 'ERR_INTERNAL',
    message: `unexpected error: ${text} (FRAMELANE_DEBUG=1 prints the stack)`,
  };
}

export function usageError(message: string): FramelaneError {
  return new FramelaneError('ERR_USAGE', message);
}

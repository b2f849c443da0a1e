/** The errors of an encoder that has ended: a failure that it reports, and a file that is not whole. */
import { stat } from 'node:fs/promises';
import { FramelaneError } from '../../errors/errors.ts';
import type { Child } from '../../ffmpeg/process.ts';
import type { Output } from '../../output-file.ts';
import type { Encoding } from './encoding.ts';

/** The error of an encoder that failed: FFmpeg's last lines, with the remedy for known causes. */
export function encoderFailure(
  child: Child,
  { codec, encoder, kind }: Encoding,
  path: string,
  cause?: unknown,
): FramelaneError {
  const failure = child.failure(`encoding ${kind === 'stdout' ? 'to stdout' : path}`, cause);
  const said = child.messages.last;
  if (kind === 'stdout' && /Broken pipe/.test(said)) {
    const message = 'stdout: the reader closed the pipe early';
    return new FramelaneError('ERR_OUTPUT_INVALID', message, { cause: failure });
  }
  if (encoder?.remedy === undefined || !startFailures.test(said)) return failure;
  const message = `codec: ${codec} does not start on this machine; ${encoder.remedy}\n${failure.message}`;
  return new FramelaneError('ERR_FFMPEG_CAPABILITY', message, { path: 'codec', cause });
}

/** Needed because FFmpeg exits with code 0 even if it could not write the end of a file. */
export async function requireWritten(
  child: Child,
  encoding: Encoding,
  { path, writePath }: Output,
): Promise<void> {
  const lost = /Error writing trailer|Error closing file|Unable to re-open|No space left/;
  if (lost.test(child.messages.last)) throw encoderFailure(child, encoding, path);
  if (encoding.kind !== 'file' && encoding.kind !== 'picture') return;
  await stat(writePath).catch((cause) => {
    const message = `encoding ${path}: FFmpeg ended without an error, but wrote no file`;
    throw new FramelaneError('ERR_FFMPEG_FAILED', message, { cause });
  });
}

/** FFmpeg's messages about devices, drivers and encoders that it cannot open. */
const startFailures =
  /Cannot load|No capable devices|No device available|Device creation failed|Failed to set value .* for option '(?:vaapi|init_hw)_?device'|OpenEncodeSession|Error while opening encoder|Error initializing output stream|No VA display|Unsupported device/i;

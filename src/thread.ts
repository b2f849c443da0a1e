/** A worker of the pool: receives the name of a task and its arguments, and answers with its result or error. */
import { parentPort } from 'node:worker_threads';
import { FramelaneError } from './errors/errors.ts';
import { bmpDecode } from './image/bmp-decode.ts';
import { bmpEncode } from './image/bmp-encode.ts';
import { gifIsCut } from './image/gif-frames.ts';
import { hdrDecode } from './image/hdr-decode.ts';
import { floatsFrom, inColorspace, spread } from './image/pixels.ts';
import { cubeData } from './lut/cube-file.ts';
import { unpackWoff } from './text/woff.ts';
import { type Answer, packValue, type Question, type TaskName } from './threads/messages.ts';

/** The tasks: plain functions of plain values. */
const tasks = {
  bmpDecode,
  bmpEncode,
  cubeData,
  floatsFrom,
  gifIsCut,
  hdrDecode,
  inColorspace,
  spread,
  unpackWoff,
} satisfies Record<TaskName, unknown>;

parentPort?.on('message', ({ name, args }: Question) => {
  try {
    const task = tasks[name] as (...args: readonly unknown[]) => unknown;
    const value = task(...args.map(asBuffer));
    const { packed, buffers } = packValue(value);
    answer({ value: packed }, buffers);
  } catch (error) {
    const { code, path } = error instanceof FramelaneError ? error : {};
    const message = error instanceof Error ? error.message : String(error);
    answer({ error: { message, code, path, isRange: error instanceof RangeError } }, []);
  }
});

/** A Buffer arrives as a Uint8Array. */
function asBuffer(arg: unknown): unknown {
  if (!(arg instanceof Uint8Array)) return arg;
  return Buffer.from(arg.buffer, arg.byteOffset, arg.byteLength);
}

function answer(message: Answer, transfer: readonly ArrayBuffer[]): void {
  parentPort?.postMessage(message, transfer);
}

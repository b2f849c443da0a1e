/** The same of what native threads read and write: sources, sinks, taps and sessions. */

import { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { compilePlan, type DeviceId, pipeline } from 'framelane';
import { expect } from 'vitest';
import { addon } from '../../../src/native/binding.ts';
import { connect, drain } from '../native-session.ts';
import { nutOf } from '../nut.ts';
import type { Rows } from './image-exports.ts';
import {
  all,
  expectAll,
  filled,
  handleOf,
  overwriting,
  pending,
  shape,
  size,
  write,
  written,
} from './pending.ts';

const gray = { ...shape, format: 'gray8' } as const;
const value = 77;
const shown = [value, value, value, 255] as const;
const frames = (count: number) =>
  nutOf(
    Array.from({ length: count }, (_, i) => ({ time: 40 * i, value })),
    size,
  );

const endOf = (descriptor: number) => new Socket({ fd: descriptor, allowHalfOpen: true });

/** Gray frames as images; `look` is what is done to them. */
const loads = (device: DeviceId, look = pipeline()) =>
  compilePlan(look, gray, { device, output: { format: 'rgba8' } });

const sessionOf = (device: DeviceId, look = pipeline()) =>
  connect({ shape: gray, device, outputs: [{ look, format: 'rgba8' }] });

/** How often a whole frame of what is written is among the bytes. */
const timesWritten = (bytes: Buffer) =>
  bytes.toString('latin1').split(Buffer.from(all(written)).toString('latin1')).length - 1;

async function framesOf({
  handle,
  decoder,
  encoders,
}: ReturnType<typeof sessionOf>): Promise<Buffer> {
  decoder.end(frames(1));
  const received = Promise.all(encoders.map(drain));
  await handle.run();
  await handle.close();
  return Buffer.concat(await received);
}

export const mediaRows: Rows = {
  socketPair: 'descriptors',
  closeDescriptor: 'descriptors',
  takesMore: 'descriptors',
  'FrameSourceHandle.constructor': 'starts reading; next() loads',
  'FrameSourceHandle.counts': 'numbers',
  'FrameSourceHandle.close': 'ends the thread',
  'FrameSourceHandle.next': async (device) => {
    const { local, remote } = addon().socketPair();
    const decoder = endOf(remote);
    const plain = loads(device);
    const source = new (addon().FrameSourceHandle)(local, device, gray);
    decoder.end(frames(2));
    using image = filled('u8', device);
    await overwriting(image, () => source.next(handleOf(image), plain), shown);
    using operand = filled('f32', device);
    const lays = loads(device, pipeline().blend(operand));
    write(operand);
    await source.next(handleOf(image), lays);
    expectAll(image, written, 'of an operand');
    await source.close();
    decoder.destroy();
  },
  'FrameSinkHandle.constructor': 'takes the plan that write() is given again',
  'FrameSinkHandle.finish': 'waits for frames that were given',
  'FrameSinkHandle.close': 'ends the thread',
  'FrameSinkHandle.write': async (device) => {
    const { local, remote } = addon().socketPair();
    const encoder = endOf(remote);
    const plan = compilePlan(pipeline(), shape, { device });
    const sink = new (addon().FrameSinkHandle)(local, plan, [1, 25], [25, 1]);
    const received = drain(encoder);
    using image = pending('u8', device);
    await sink.write(plan, handleOf(image), 0);
    using operand = filled('f32', device);
    const lays = compilePlan(pipeline().blend(operand), shape, { device });
    write(operand);
    using blank = filled('u8', device);
    await sink.write(lays, handleOf(blank), 1);
    await sink.finish();
    await sink.close();
    expect(timesWritten(await received)).toBe(2);
  },
  'FrameTapHandle.constructor': 'watches a session',
  'FrameTapHandle.close': 'ends the watch',
  'FrameTapHandle.next': async (device) => {
    const session = sessionOf(device);
    const tap = new (addon().FrameTapHandle)(session.handle, 0);
    using image = filled('u8', device);
    let done: Promise<Buffer> | undefined;
    const overwrite = async () => {
      const next = tap.next(handleOf(image));
      await setTimeout(50); // a frame that is written before the tap's thread waits passes unseen
      done = framesOf(session);
      return next;
    };
    await overwriting(image, overwrite, shown);
    await tap.close();
    await done;
  },
  'ResultTapHandle.constructor': 'watches a session',
  'ResultTapHandle.next': 'what the thread of an output has found out',
  'ResultTapHandle.close': 'ends the watch',
  'SessionHandle.constructor': async (device) => {
    using operand = pending('f32', device);
    const received = await framesOf(sessionOf(device, pipeline().blend(operand)));
    expect(timesWritten(received)).toBe(1);
  },
  'SessionHandle.run': async (device) => {
    using operand = filled('f32', device);
    const session = sessionOf(device, pipeline().blend(operand));
    write(operand);
    expect(timesWritten(await framesOf(session))).toBe(1);
  },
  'SessionHandle.setPlans': 'takes plans, which have read their images when they were made',
  ...Object.fromEntries(
    ['finish', 'abort', 'stats', 'close', 'writing', 'reading', 'failedOutput'].map((name) => [
      `SessionHandle.${name}`,
      'steers or tells, frames stay on their threads',
    ]),
  ),
};

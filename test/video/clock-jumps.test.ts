/** A clock that is set otherwise while a recording runs, at any packet of picture and sound: the repaired one is the original. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { repairClock } from '../../src/video/input/clock-repair.ts';
import { ClockShift } from '../../src/video/input/clock-shift.ts';
import { probeSource } from '../../src/video/input/probe.ts';
import { TransportStream } from '../../src/video/input/transport-stream.ts';
import { makeRandom } from '../helpers/random.ts';
import { padded, type Shift, shifted } from '../helpers/transport.ts';
import { makeClip, temporaryFiles } from '../helpers/video.ts';

const { file } = temporaryFiles();
const clock = 90_000;
const hour = 3600 * clock;

const clip = (name: string, output: readonly string[]) =>
  readFileSync(
    makeClip(file(name), { seconds: 6, audioAt: 0, output: [...output, '-flush_packets', '1'] }),
  );
const h264 = clip('h264.ts', ['-c:v', 'libx264', '-g', '10', '-bf', '2']);
const mpeg2 = clip('mpeg2.ts', ['-c:v', 'mpeg2video', '-g', '10', '-bf', '2']);
const [picture, sound] = [0x100, 0x101];

const source = (path: string) => ({ path, url: `file:${path}`, options: [], warnings: [] });

async function repaired(bytes: Buffer) {
  const path = file('jumped.ts');
  writeFileSync(path, bytes);
  const info = await probeSource(source(path), {});
  const clock = await repairClock(info, {});
  if (clock === undefined) return undefined;
  try {
    return { bytes: readFileSync(clock.url.slice('file:'.length)), jumps: clock.jumps };
  } finally {
    await clock.close();
  }
}

/** From these packets (PES) on, each stream's own, the clock is another one. */
const setAt =
  (ticks: number, video: number, audio: number): Shift =>
  (pid, index) =>
    index >= (pid === picture ? video : audio) ? ticks : 0;

describe.each([
  ['H.264', h264],
  ['MPEG-2', mpeg2],
])('%s', (_, original) => {
  it.each([
    [-hour, 0],
    [hour, 0],
    [-2 * clock, 0],
    [20 * clock, 0],
    [-2 * clock, -2],
    [-2 * clock, 2],
    [30 * clock, 3],
    [-hour, -3],
    [-0.5 * clock, 1],
  ])('set by %d ticks, for sound %d packets later', async (ticks, lag) => {
    // About half of it: one packet of video is 40 ms, one of audio as long as its muxer likes.
    const perSecond = countOf(original, sound) / 6;
    const audio = Math.round(3 * perSecond) + lag;
    const result = await repaired(shifted(original, setAt(ticks, 75, audio)));
    expect(result?.jumps).toHaveLength(1);
    expect(result?.jumps[0]?.by).toBeCloseTo(ticks / clock, 0);
    expect(Math.abs((result?.jumps[0]?.at ?? 0) - 3)).toBeLessThan(0.2);
    expect(result?.bytes.equals(original)).toBe(true);
  });
});

it('set several times', async () => {
  const random = makeRandom(7);
  for (let round = 0; round < 5; round++) {
    const steps = [0, 0, 0, 0].map(() => Math.round((random() - 0.5) * 8 * hour));
    const shift: Shift = (pid, index) => {
      const seconds = pid === picture ? index / 25 : index / (countOf(h264, sound) / 6);
      return steps.slice(0, Math.floor(seconds)).reduce((sum, step) => sum + step, 0);
    };
    const result = await repaired(shifted(h264, shift));
    expect(result?.jumps).toHaveLength(4);
    expect(result?.bytes.equals(h264)).toBe(true);
  }
});

it.each([
  ['of discs, 192 bytes', 4, 0],
  ['with error correction, 204 bytes', 0, 16],
])('in pieces %s', async (_, before, after) => {
  const result = await repaired(padded(shifted(h264, setAt(-hour, 75, 1e9)), before, after));
  // Only the picture's clock was set: what is repaired is the picture.
  expect(result?.bytes.equals(padded(h264, before, after))).toBe(true);
});

it.each([0, 9 * clock, -0.05 * clock])('left alone where it is set by %d ticks', async (ticks) => {
  expect(await repaired(shifted(h264, setAt(ticks, 75, 90)))).toBeUndefined();
});

it('that wraps at 33 bits has not jumped', async () => {
  const nearTheEnd = 2 ** 33 - 4 * clock;
  expect(await repaired(shifted(h264, () => nearTheEnd))).toBeUndefined();
  const jumps = setAt(-hour, 125, 140);
  const result = await repaired(shifted(h264, (pid, index) => nearTheEnd + jumps(pid, index)));
  expect(result?.jumps).toHaveLength(1);
  expect(result?.bytes.equals(shifted(h264, () => nearTheEnd))).toBe(true);
});

it('of a file that breaks off, or of noise, changes nothing else', async () => {
  const jumped = shifted(h264, setAt(-hour, 75, 90));
  const cut = await repaired(jumped.subarray(0, Math.floor(jumped.length * 0.7) + 77));
  expect(cut?.bytes.length).toBe(Math.floor(jumped.length * 0.7) + 77);
  const noisy = Buffer.from(jumped);
  noisy.fill(0xff, 5000, 5600);
  const result = await repaired(noisy);
  expect(result?.bytes.subarray(5000, 5600).every((byte) => byte === 0xff)).toBe(true);
});

function countOf(stream: Buffer, wanted: number): number {
  let count = 0;
  shifted(stream, (pid) => {
    if (pid === wanted) count++;
    return 0;
  });
  return count;
}

it.each(['at once', 'piece by piece'])(
  'in a head that is spread over two pieces, read %s',
  (how) => {
    const piece = (pid: number, begins: boolean, payload: Buffer) => {
      const stuffing = 184 - payload.length - 1;
      const control = stuffing < 0 ? 0x10 : 0x30;
      const head = Buffer.from([0x47, (begins ? 0x40 : 0) | (pid >> 8), pid & 0xff, control]);
      const rest = stuffing < 0 ? [] : [Buffer.from([stuffing]), Buffer.alloc(stuffing, 0)];
      return Buffer.concat([head, ...rest, payload]);
    };
    // PTS 1 and DTS 0, as ITU-T H.222.0 writes them.
    const times = [0x31, 0, 1, 0, 3, 0x11, 0, 1, 0, 1];
    const head = Buffer.from([0, 0, 1, 0xe0, 0, 0, 0x80, 0xc0, 10, ...times]);
    const body = Buffer.concat([head, Buffer.alloc(172, 9)]);
    const pieces = [
      ...[1, 2, 3].map(() => piece(0x1fff, false, Buffer.alloc(184, 0xff))),
      piece(picture, true, body.subarray(0, 11)),
      piece(picture, false, body.subarray(11, 11 + 180)),
    ];
    const offset = 2 ** 32 + 5;
    const change = { position: 3 * 188, exact: true, stream: 0, offset };
    const stream = new TransportStream(new ClockShift([change], 16));
    const whole = Buffer.concat(pieces);
    if (how === 'at once') expect(stream.rewrite(whole, 0)).toBe(whole.length);
    else {
      expect(stream.rewrite(whole.subarray(0, 4 * 188), 0)).toBe(4 * 188);
      expect(stream.rewrite(whole.subarray(4 * 188), 4 * 188)).toBe(188);
    }
    for (const { position, byte } of stream.takePatches()) whole[position] = byte;
    const joined = Buffer.concat([
      whole.subarray(4 * 188 - 11, 4 * 188),
      whole.subarray(5 * 188 - 180, 5 * 188),
    ]);
    // 2^32 is bit 2 of the first three; PTS 6, DTS 5.
    expect([...joined.subarray(9, 19)]).toEqual([0x39, 0, 1, 0, 13, 0x19, 0, 1, 0, 11]);
    expect(joined.subarray(19).equals(body.subarray(19, 191))).toBe(true);
  },
);

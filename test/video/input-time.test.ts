/** Times of frames and sections of files, to the tick: odd clocks and starts, B-frames, containers without an index, no times at all. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { probe } from 'framelane';
import { describe, expect, it } from 'vitest';
import { type Decoded, decode, ffmpegs } from '../helpers/decode.ts';
import { ffmpeg, ffprobe } from '../helpers/programs.ts';
import { frameHashes, makeClip, temporaryFolder } from '../helpers/video.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
let kept = 0;
const sink = () => file(`kept-${kept++}.nut`);

/** Exact ticks of another clock; a fraction is a tick that is not on it. */
function ticksOf({ ticks, timeBase }: Decoded, perSecond: number): number[] {
  const [num = 0, den = 1] = timeBase.split('/').map(Number);
  return ticks.map((tick) => (tick * num * perSecond) / den);
}

/** The ticks a file's packets have, by ffprobe. */
function storedTicks(path: string): number[] {
  const args = ['-show_entries', 'packet=pts', '-of', 'csv=p=0', path];
  const said = ffprobe(args);
  return said
    .trim()
    .split('\n')
    .map((line) => Number.parseInt(line, 10))
    .sort((a, b) => a - b);
}

describe.each(ffmpegs)('with the %s FFmpeg', (_, program) => {
  const options = { ffmpeg: program };

  it.each(
    [90_000, 30_000, 600_000, 1_000_000, 1_000_000_000].flatMap((clock) =>
      [0.0003667, 1.0010001].map((start) => [clock, start] as const),
    ),
  )('keeps every tick of 1/%d s after a start at %d s', async (clock, start) => {
    const path = file(`${clock}-${start}.nut`);
    ffmpeg([
      ...['-y', '-f', 'lavfi', '-i', 'testsrc2=s=32x32:r=30000/1001:d=0.3'],
      ...['-vf', `settb=1/${clock},setpts=PTS+${start}*${clock}`, '-vsync', 'passthrough'],
      ...['-enc_time_base', `1/${clock}`, '-c:v', 'ffv1', path],
    ]);
    const { timeBase } = await probe(path);
    const stored = storedTicks(path);
    const first = stored[0] as number;
    const received = ticksOf(await decode(path, sink(), options), timeBase.den);
    const expected = stored.map((tick) => tick - first);
    // FFmpeg's offsets are whole microseconds: on a finer clock all frames may be off by the same part of one.
    const shift = (received[0] ?? 0) - (expected[0] ?? 0);
    expect(Math.abs(shift)).toBeLessThanOrEqual(timeBase.den > 1e6 ? 500 : 0);
    expect(received.map((tick) => tick - shift)).toEqual(expected);

    // From the fourth frame on, at the time that ffprobe shows for it.
    const from = Number((((stored[3] as number) - first) / timeBase.den).toFixed(6));
    const section = await decode(path, sink(), { ...options, from });
    expect(section.hashes).toEqual(frameHashes(path).slice(3));
    expect(section.ticks[0]).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ['mp4', 'open-gop=0'],
    ['mp4', 'open-gop=1'],
    ['mkv', 'open-gop=1'],
    ['ts', 'open-gop=1'],
    ['avi', 'open-gop=0'],
  ])('cuts .%s with B-frames and %s at any frame', async (extension, gop) => {
    const path = file(`b-${gop}.${extension}`);
    const x264 = `keyint=7:min-keyint=7:scenecut=0:bframes=3:b-adapt=0:${gop}`;
    makeClip(path, { seconds: 0.8, output: ['-c:v', 'libx264', '-x264opts', x264] });
    const whole = await decode(path, sink(), options);
    const times = ticksOf(whole, 1);
    expect(whole.hashes).toEqual(frameHashes(path));
    for (const first of [1, 6, 8, 13]) {
      const [from, to] = [times[first] as number, times[first + 3] as number];
      const cut = { ...options, from: Number(from.toFixed(6)), to: Number(to.toFixed(6)) };
      const section = await decode(path, sink(), cut);
      expect(section.hashes, `from frame ${first}`).toEqual(whole.hashes.slice(first, first + 3));
    }
  });

  it('a section may start in the middle of a MPEG-TS with one key frame', async () => {
    const path = makeClip(file('one-key.ts'), { output: ['-c:v', 'libx264', '-g', '250'] });
    const section = await decode(path, sink(), { ...options, from: 0.6, to: 0.8 });
    expect(section.hashes).toEqual(frameHashes(path).slice(15, 20));
    expect(ticksOf(section, 25)).toEqual([0, 1, 2, 3, 4]);
  });

  it('bare H.264 is counted at 25 frames a second, or as it is told', async () => {
    const path = makeClip(file('bare.h264'), {
      seconds: 0.4,
      output: ['-c:v', 'libx264', '-bf', '2'],
    });
    expect(ticksOf(await decode(path, sink(), options), 25)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    const untold = await decode(path, sink(), { ...options, from: 0.1, to: 0.2 });
    expect(untold.hashes).toEqual(frameHashes(path).slice(2, 5)); // the third is on display at 0.1 s
    const told = { ...options, inputFrameRate: 29.97 };
    expect(
      ticksOf(await decode(path, sink(), told), 30000 / 1001).map(
        (tick) => Math.round(tick * 1e6) / 1e6,
      ),
    ).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const section = await decode(path, sink(), { ...told, from: 0.1, to: 0.2 });
    expect(section.hashes).toEqual(frameHashes(path).slice(2, 6));
  });

  it('a clock of MPEG-TS that wraps goes on', async () => {
    const output = ['-c:v', 'mpeg2video', '-output_ts_offset', '95442.4']; // 2^33 / 90000 - 1.3
    const path = makeClip(file('wrap.ts'), { seconds: 1, output });
    const decoded = await decode(path, sink(), options);
    expect(ticksOf(decoded, 25)).toEqual(Array.from({ length: 25 }, (_, index) => index));
  });

  it('a clock of MPEG-TS that jumps back loses no frame and never goes backwards', async () => {
    const once = readFileSync(
      makeClip(file('once.ts'), { seconds: 0.4, output: ['-c:v', 'mpeg2video'] }),
    );
    writeFileSync(file('twice.ts'), Buffer.concat([once, once]));
    const { hashes, ticks } = await decode(file('twice.ts'), sink(), options);
    expect(hashes).toHaveLength(20);
    ticks.slice(1).forEach((tick, index) => {
      expect(tick).toBeGreaterThan(ticks[index] as number);
    });
  });

  it('an edit list that hides the beginning is obeyed', async () => {
    const path = makeClip(file('long.mp4'), {
      seconds: 1,
      output: ['-c:v', 'libx264', '-g', '25', '-bf', '0'],
    });
    ffmpeg(['-y', '-ss', '0.4', '-i', path, '-c', 'copy', file('edited.mp4')]);
    const decoded = await decode(file('edited.mp4'), sink(), options);
    expect(decoded.hashes).toEqual(frameHashes(path).slice(10));
    expect(ticksOf(decoded, 25)).toEqual(Array.from({ length: 15 }, (_, index) => index));
  });
});

it.each([
  ['mp4', { seconds: 1 }, 1],
  ['mkv', { seconds: 1 }, 7],
])('a section of .%s that starts after its end is refused', async (extension, clip, from) => {
  const path = makeClip(file(`short.${extension}`), clip);
  await expect(decode(path, sink(), { from })).rejects.toMatchObject({
    code: 'ERR_INVALID_OPTION',
    path: 'from',
    message: expect.stringMatching(/ends at 1\.000 s, received/),
  });
});

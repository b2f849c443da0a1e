/** The frame on display: what `at`, `from` and a section show, by a player's rule: the last one whose time has come. */
import { pipeline, runSession, type SessionOptions, VideoReader } from 'framelane';
import { describe, expect, it } from 'vitest';
import { ffmpegs } from '../helpers/decode.ts';
import { makeSlides, shownIn, slidesIn } from '../helpers/slides.ts';
import { frameHashes, makeClip, temporaryFiles } from '../helpers/video.ts';

const { file } = temporaryFiles();
const ffv1 = { overwrite: true, codec: 'ffv1', audio: 'none' } as const;
const lossless = { ...ffv1, device: 'cpu' } as const;
const x264 = ['-c:v', 'libx264', '-qp', '10', '-bf', '0'];

const at = [0, 1, 1.1, 3, 6];
const onDisplay = (time: number, times: readonly number[] = at) =>
  Math.max(
    0,
    times.findLastIndex((begin) => begin <= time),
  );
const gap = makeSlides(file('gap.mp4'), { at, end: 8, sound: 8, output: x264 });

/** The pictures that a section shows, with their times from its start. */
async function section(path: string, options: SessionOptions): Promise<[number, number][]> {
  const output = file('section.mkv');
  await runSession(pipeline(), path, output, { ...lossless, ...options } as SessionOptions)
    .finished;
  return shownIn(output);
}

/** What pictures at some moments show, and a section's first one: of one session each. */
async function posters(path: string, moments: readonly number[], options: SessionOptions = {}) {
  const name = (index: number) => file(`poster-${index}.png`);
  const outputs = moments.map((at, index) => ({ overwrite: true, path: name(index), at }));
  await runSession(pipeline(), path, outputs, options).finished;
  return moments.map((_moment, index) => slidesIn(name(index))[0]);
}

const expected = (from: number, times: readonly number[] = at, to = Number.POSITIVE_INFINITY) =>
  times.flatMap((time, index) => {
    if (time >= to || (times[index + 1] ?? Number.POSITIVE_INFINITY) <= from) return [];
    return [[Math.max(0, Math.round((time - from) * 1000) / 1000), index]];
  });

describe.each(ffmpegs)('with the %s FFmpeg', (_, program) => {
  const options = { device: 'cpu', ffmpeg: program } as const;

  it('at any moment, also given as the decimal of a time', async () => {
    const moments = [0, 0.5, 0.999, 1, 1.05, 1.1, 2.5, 5.999, 6, 7.9];
    const shown = moments.map((time) => onDisplay(time));
    expect(await posters(gap, moments, options)).toEqual(shown);
  });

  it.each([
    [0.5, undefined],
    [1.1, undefined],
    [7.9, undefined],
    [0.5, 2.5],
    [1.02, 1.05],
    [1.1, 3],
    [4, 6.5],
  ])('from %d to %d s', async (from, to) => {
    expect(await section(gap, { ...options, from, to })).toEqual(expected(from, at, to));
  });

  it.each([
    ['mkv', x264],
    ['mov', x264],
    ['webm', ['-c:v', 'libvpx-vp9', '-lossless', '1']],
    ['gif', []],
    ['nut', ['-c:v', 'ffv1']],
    ['ts', x264],
  ])('of .%s', async (extension, output) => {
    const clock = extension === 'gif' ? 100 : 1000;
    const path = makeSlides(file(`gap.${extension}`), { at, output, clock });
    const moments = [0.5, 1.1, 4.2];
    expect(await posters(path, moments, options)).toEqual(moments.map((time) => onDisplay(time)));
    expect(await section(path, { ...options, from: 4.2 })).toEqual(expected(4.2));
  });

  it('of clocks whose times are not decimals', async () => {
    const times = Array.from({ length: 9 }, (_x, index) => (index * 1001) / 30000);
    const given = times.map((time) => Number(time.toFixed(6)));
    const slides = { at: times, output: x264, clock: 90_000 };
    for (const path of [
      makeSlides(file('ntsc.mp4'), slides),
      makeSlides(file('ntsc.mkv'), slides), // its clock rounds to milliseconds
    ]) {
      const before = given.map((time) => Math.max(0, time - 0.0011));
      expect(await posters(path, given.slice(0, 7), options)).toEqual([0, 1, 2, 3, 4, 5, 6]);
      expect(await posters(path, before.slice(1, 7), options)).toEqual([0, 1, 2, 3, 4, 5]);
      expect((await section(path, { ...options, from: given[5] }))[0]).toEqual([0, 5]);
    }
  });

  it('of clocks that count frames', async () => {
    const times = Array.from({ length: 8 }, (_x, index) => index / 25);
    const output = ['-r', '25', ...x264];
    const path = makeSlides(file('counted.avi'), { at: times, output, clock: 25 });
    expect(await posters(path, [0.07, 0.08], options)).toEqual([1, 2]);
    expect(await section(path, { ...options, from: 0.07, to: 0.13 })).toEqual([
      [0, 1],
      [0.01, 2],
      [0.05, 3],
    ]);
  });

  it.each(['mp4', 'mkv', 'ts'])('far behind the key frame of .%s', async (extension) => {
    const times = Array.from({ length: 80 }, (_x, index) => index);
    const output = [...x264, '-g', '250', '-sc_threshold', '0'];
    const path = makeSlides(file(`long.${extension}`), { at: times, output });
    expect((await section(path, { ...options, from: 77.5 }))[0]).toEqual([0, 7]);
  });

  it('before the first frame is the first frame', async () => {
    const path = makeSlides(file('late.mkv'), { at: [2, 3], sound: 4, output: x264 });
    expect(await posters(path, [0.5], options)).toEqual([0]);
    const [first, second] = await section(path, { ...options, from: 0.5 });
    expect(first?.[0]).toBeCloseTo(1.5, 1); // times count from the sound, which starts a little earlier
    expect(second?.[0]).toBeCloseTo(2.5, 1);
  });

  it('beyond the end is the last frame, with a note, and other outputs are kept', async () => {
    const outputs = [
      { ...ffv1, path: file('film.mkv') },
      { overwrite: true, path: file('poster.png'), at: 60 },
    ];
    const { warnings } = await runSession(pipeline(), gap, outputs, options).finished;
    expect(slidesIn(file('film.mkv'))).toEqual([0, 1, 2, 3, 4]);
    expect(slidesIn(file('poster.png'))).toEqual([4]);
    expect(warnings.join('\n')).toMatch(
      /poster\.png: shows the last frame, because at \(60\) .*end/,
    );
  });

  it('with a constant rate, and fields that are made into frames', async () => {
    const shown = await section(gap, {
      ...options,
      from: 0.5,
      to: 3.5,
      fps: 10,
      deinterlace: 'on',
    });
    const ticks = Array.from({ length: 30 }, (_x, index) => index / 10);
    expect(shown).toEqual(ticks.map((time) => [time, onDisplay(time + 0.5 + 1e-9)]));
  });

  it('read frame by frame', async () => {
    await using reader = await VideoReader.open(gap, { ...options, device: 'cpu', from: 2.5 });
    const times: number[] = [];
    for await (const _image of reader) times.push(Math.round(reader.timestamp * 1e6) / 1e6);
    expect(times).toEqual([0, 0.5, 3.5]);
  });
});

it('of an image sequence', async () => {
  makeSlides(file('number-%02d.png'), {
    at: [0, 0.04, 0.08, 0.12],
    output: ['-r', '25'],
    clock: 25,
  });
  expect(await posters(file('number-%02d.png'), [0.1])).toEqual([2]);
  expect(await section(file('number-%02d.png'), { from: 0.05 })).toEqual([
    [0, 1],
    [0.03, 2],
    [0.07, 3],
  ]);
});

it('with B-frames and open groups, at any moment', async () => {
  const opts = 'keyint=7:min-keyint=7:scenecut=0:bframes=3:b-adapt=0:open-gop=1';
  const path = makeClip(file('open.mp4'), { output: ['-c:v', 'libx264', '-x264opts', opts] });
  const whole = file('whole.mkv');
  await runSession(pipeline(), path, whole, lossless).finished;
  const hashes = frameHashes(whole);
  for (const from of [0.05, 0.27, 0.29, 0.61]) {
    await runSession(pipeline(), path, file('part.mkv'), { ...lossless, from }).finished;
    expect(frameHashes(file('part.mkv')), `from ${from}`).toEqual(
      hashes.slice(Math.floor(from * 25)),
    );
  }
});

/** Which streams of a file are read: the film and not its cover, the sound of its program, and what cannot be read left out. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type InputOptions,
  Player,
  type ProbeOptions,
  pipeline,
  probe,
  runSession,
  VideoReader,
} from 'framelane';
import { beforeAll, describe, expect, it } from 'vitest';
import { framelane } from '../helpers/cli.ts';
import {
  ffmpeg,
  ffmpegPath,
  ffmpegPaths,
  ffprobePath,
  newestFfprobe,
} from '../helpers/programs.ts';
import { probedStreams, temporaryFolder } from '../helpers/video.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
/** The bundled one where none is named. */
const systemFfprobe = newestFfprobe === ffprobePath ? undefined : newestFfprobe;
const cpu = { device: 'cpu', overwrite: true } as const;

const small = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=25:d=1'];
const large = ['-f', 'lavfi', '-i', 'testsrc=s=128x96:r=25:d=1'];
const low = ['-f', 'lavfi', '-i', 'sine=f=440:r=48000:d=1'];
const high = ['-f', 'lavfi', '-i', 'sine=f=880:r=48000:d=1'];
const picture = ['-f', 'lavfi', '-i', 'color=red:s=320x240:r=25:d=0.04'];
const h264 = ['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'ultrafast'];

function make(name: string, args: readonly string[]): string {
  ffmpeg(['-y', ...args, file(name)]);
  return file(name);
}

/** MPEG-TS packets of one PID are gone, as of a service that announces what it does not send. */
function withoutPid(from: string, to: string, pid: number): void {
  const data = readFileSync(from);
  const packets = Array.from({ length: data.length / 188 }, (_, at) => {
    return data.subarray(at * 188, (at + 1) * 188);
  });
  const kept = packets.filter((packet) => (packet.readUInt16BE(1) & 0x1fff) !== pid);
  expect(kept.length).toBeLessThan(packets.length);
  writeFileSync(to, Buffer.concat(kept));
}

/** The second audio track becomes one of a codec that FFmpeg does not know, as iPhones write it. */
function withUnknownAudio(from: string, to: string): void {
  const data = readFileSync(from);
  const last = data.lastIndexOf('stsd');
  data.write('apac', data.indexOf('mp4a', last), 'latin1');
  data.write('dapa', data.indexOf('esds', last), 'latin1');
  writeFileSync(to, data);
}

beforeAll(() => {
  make('film.mp4', [...small, ...low, ...h264, '-c:a', 'aac']);
  const film = ['-i', file('film.mp4')];
  make('thumb-first.mp4', [
    ...[...picture, ...film, '-map', '0:v', '-map', '1:v', '-map', '1:a', '-c', 'copy'],
    ...['-c:v:0', 'mjpeg', '-disposition:v:0', 'default', '-disposition:v:1', '0'],
  ]);
  make('cover-first.mp4', [
    ...[...picture, ...film, '-map', '0:v', '-map', '1', '-c', 'copy', '-c:v:0', 'png'],
    ...['-disposition:v:0', 'attached_pic'],
  ]);
  make('slides-first.mkv', [
    ...['-f', 'lavfi', '-i', 'testsrc=s=320x240:r=1/2:d=4', ...film, '-map', '0:v', '-map', '1'],
    ...['-c', 'copy', '-c:v:0', 'mjpeg'],
  ]);
  const two = [...small, ...low, ...large, ...high, ...h264, '-c:a', 'aac', '-g', '5'];
  const maps = ['-map', '0', '-map', '1', '-map', '2', '-map', '3'];
  const languages = ['-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=ger'];
  make('two.mkv', [
    ...[...two, ...maps, ...languages, '-metadata:s:v:0', 'language=fra'],
    ...['-disposition:v:0', 'default', '-disposition:v:1', '0'],
  ]);
  make('largest.mkv', [...two, ...maps, '-disposition:v:0', '0', '-disposition:v:1', '0']);
  const programs = ['One:st=0:st=1', 'Two:st=2:st=3'].flatMap((one) => [
    '-program',
    `title=${one}`,
  ]);
  make('programs.ts', [...two, ...maps, ...languages, ...programs]);
  const shifted = ['-itsoffset', '100', ...large, '-itsoffset', '100', ...high];
  const clocks = [...small, ...low, ...shifted, ...h264, '-c:a', 'aac', '-g', '5', ...maps];
  make('clocks.ts', [...clocks, ...programs]);
  make('two-audio.ts', [...film, '-map', '0', '-map', '0:a', '-c', 'copy']);
  withoutPid(file('two-audio.ts'), file('announced.ts'), 0x102);
  make('two-audio.mov', [...film, '-map', '0', '-map', '0:a', '-c', 'copy']);
  withUnknownAudio(file('two-audio.mov'), file('apac.mov'));
  make('empty.mkv', [...film, '-c', 'copy', '-bsf:a', 'noise=dropamount=1']);
  const key = ['-encryption_key', '76a6c65c5ea762046bd749a2e632ccbb'];
  const scheme = ['-encryption_scheme', 'cenc-aes-ctr', ...key];
  const kid = ['-encryption_kid', 'a7e61c373e219033c21091fa607bf3b8'];
  make('encrypted.mp4', [...film, '-c', 'copy', ...scheme, ...kid]);
});

describe('the video that is read', () => {
  it.each<[string, string, ProbeOptions, number, readonly number[]]>([
    ['no thumbnail that comes first', 'thumb-first.mp4', {}, 1, [2]],
    ['no cover', 'cover-first.mp4', {}, 0, [1]], // FFmpeg puts it last
    ['no slides beside a film', 'slides-first.mkv', {}, 1, [2]],
    ['the default one, if it is smaller', 'two.mkv', {}, 0, [1, 3]],
    ['else the largest', 'largest.mkv', {}, 2, [1, 3]],
    ['with the sound of its program', 'programs.ts', {}, 2, [3]],
    ['of the program by number', 'programs.ts', { program: 1 }, 0, [1]],
    ['of the program by name', 'programs.ts', { program: 'one' }, 0, [1]],
    ['by index', 'programs.ts', { videoStream: 0 }, 0, [1]],
    ['by an index that is written', 'two.mkv', { videoStream: '2' }, 2, [1, 3]],
    ['by its number among videos', 'two.mkv', { videoStream: 'v:1' }, 2, [1, 3]],
    ['by PID', 'programs.ts', { videoStream: '#0x100' }, 0, [1]],
    ['by language', 'two.mkv', { videoStream: 'fr' }, 0, [1, 3]],
    ['a cover that is asked for', 'thumb-first.mp4', { videoStream: 0 }, 0, [2]],
    ['audio by number', 'two.mkv', { audioStreams: 'a:1' }, 0, [3]],
    ['audio by language', 'two.mkv', { audioStreams: 'deu' }, 0, [3]],
    ['audio in the order asked for', 'two.mkv', { audioStreams: [3, 'eng'] }, 0, [3, 1]],
    ['audio of another program', 'programs.ts', { audioStreams: 1 }, 2, [1]],
  ])('is %s', async (_what, name, choice, index, audio) => {
    for (const ffprobe of new Set([undefined, systemFfprobe])) {
      const info = await probe(file(name), { ...choice, ffprobe });
      expect([info.index, info.audio.map((stream) => stream.index)]).toEqual([index, audio]);
    }
  });

  it.each<[string, ProbeOptions, RegExp]>([
    ['programs.ts', { program: 3 }, /^program: .*1 \(One\), 2 \(Two\), received 3$/],
    ['film.mp4', { program: 3 }, /^program: .*no programs, received 3$/],
    ['programs.ts', { videoStream: 1 }, /0 \(video h264 64x48, program 1\), 2 \(video h264 128x96/],
    [
      'two.mkv',
      { audioStreams: 'jpn' },
      /1 \(audio aac, eng\), 3 \(audio aac, ger\), received "jpn"/,
    ],
    ['apac.mov', { audioStreams: 2 }, /stream 2: FFmpeg does not know its codec/],
    ['film.mp4', { videoStream: 'a:0' }, /^videoStream: .*v:0/],
    ['film.mp4', { videoStream: Number.NaN }, /^videoStream: /],
    ['film.mp4', { videoStream: -1 }, /^videoStream: /],
    ['film.mp4', { videoStream: '' }, /^videoStream: /],
    ['film.mp4', { audioStreams: [] }, /^audioStreams: /],
    ['film.mp4', { audioStreams: [{}] as never }, /^audioStreams: /],
    ['film.mp4', { program: 1.5 }, /^program: /],
  ])('is told from what there is: %s, %o', async (name, choice, message) => {
    const refusal = { code: 'ERR_INVALID_OPTION', message: expect.stringMatching(message) };
    await expect(probe(file(name), choice)).rejects.toMatchObject(refusal);
  });

  it.each(ffmpegPaths)('is what %s reads, with its sound', async (program) => {
    for (const options of [{}, { program: 1 }, { from: 0.2, to: 0.6 }]) {
      const input = file('programs.ts');
      await runSession(pipeline(), input, file('out.mp4'), { ...cpu, ffmpeg: program, ...options })
        .finished;
      const [video, audio, ...more] = probedStreams(file('out.mp4'));
      expect(more).toEqual([]);
      expect(video?.['width']).toBe('program' in options ? 64 : 128);
      // The picture begins 23 ms after the sound, so that the section begins within a frame.
      expect(Number(video?.['nb_frames'])).toBe('from' in options ? 11 : 25);
      expect(pitch(file('out.mp4'))).toBeCloseTo('program' in options ? 440 : 880, -1);
      expect(audio?.['codec_name']).toBe('aac');
    }
  });

  it.each(ffmpegPaths)('starts by the clock of its own program, by %s', async (program) => {
    expect((await probe(file('clocks.ts'))).startTime).toBeGreaterThan(100);
    const options = { ...cpu, ffmpeg: program, from: 0.4 };
    await runSession(pipeline(), file('clocks.ts'), file('late.mp4'), options).finished;
    const [video, audio] = probedStreams(file('late.mp4'));
    expect(Number(video?.['nb_frames'])).toBeCloseTo(15, -0.5);
    expect(Math.abs(Number(video?.['start_time']))).toBeLessThan(0.05);
    expect(Number(audio?.['duration'])).toBeCloseTo(0.6, 0);
  });

  it('is the same in a reader, a player, a picture, and on the command line', async () => {
    const choice = { program: 1 } satisfies InputOptions;
    const input = file('programs.ts');
    await using reader = await VideoReader.open(input, { ...choice, device: 'cpu' });
    expect(reader.info).toMatchObject({ width: 64, height: 48 });
    await using player = await Player.open(input, { ...choice, device: 'cpu', audio: false });
    expect(player.shape).toMatchObject({ width: 64, height: 48 });
    const outputs = [0, 0.5].map((at, n) => ({ path: file(`at${n}.png`), at, overwrite: true }));
    await runSession(pipeline(), input, outputs, { ...choice, device: 'cpu' }).finished;
    expect(probedStreams(file('at1.png'))[0]).toMatchObject({ width: 64, height: 48 });
    writeFileSync(file('none.json'), '{ "stages": [] }');
    const run = ['run', file('none.json'), '-i', input, '-o', file('cli.mkv'), '--device', 'cpu'];
    const chosen = ['--video-stream', '0', '--audio-stream', '3', '--audio-stream', 'eng'];
    const done = await framelane([...run, ...chosen]);
    expect(done).toMatchObject({ code: 0 });
    const [video, ...audio] = probedStreams(file('cli.mkv'));
    expect(video?.['width']).toBe(64);
    expect(audio).toHaveLength(2);
    expect(pitch(file('cli.mkv'))).toBeCloseTo(880, -1); // stream 3 is the first
    const wrong = await framelane(['probe', input, '--video-stream', '9']);
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('2 (video h264 128x96'),
    });
  });
});

/** Hertz of the first audio stream, by its zero crossings. */
function pitch(path: string): number {
  const args = ['-v', 'error', '-i', path, '-map', '0:a:0', '-ac', '1', '-f', 's16le', '-'];
  const raw = execFileSync(ffmpegPath, args, { maxBuffer: 1 << 26 });
  const samples = new Int16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
  const middle = samples.slice(samples.length / 4, (3 * samples.length) / 4);
  const rises = middle.filter((sample, at) => sample >= 0 && (middle[at - 1] ?? 0) < 0).length;
  return (rises * 48_000) / middle.length;
}

describe('sound that cannot be read', () => {
  const cases: readonly [string, () => string, readonly string[], RegExp | undefined][] = [
    ['of an unknown codec', () => file('apac.mov'), ['aac'], /2 \(apac\) is left out: .*codec/],
    [
      'that is announced and never comes',
      () => file('announced.ts'),
      ['aac'],
      /2 \(aac\).*packets/,
    ],
    ['without packets', () => file('empty.mkv'), [], /1 \(aac\) is left out: .*no packets/],
  ];
  for (const program of ffmpegPaths) {
    it.each(cases)(`%s is left out by ${program}`, async (_what, path, kept, told) => {
      for (const extension of ['mp4', 'mkv', 'avi']) {
        const output = file(`kept.${extension}`);
        const session = runSession(pipeline(), path(), output, { ...cpu, ffmpeg: program });
        const { warnings } = await session.finished;
        const [, ...audio] = probedStreams(output).map((stream) => stream['codec_name']);
        expect(audio).toEqual(extension === 'avi' ? kept.map(() => 'pcm_s16le') : kept);
        expect(warnings).toContainEqual(expect.stringMatching(told as RegExp));
      }
    });
  }

  it('and video that is encrypted is refused, with the reason', async () => {
    await expect(probe(file('encrypted.mp4'))).rejects.toMatchObject({
      code: 'ERR_INPUT_INVALID',
      message: expect.stringContaining('stream 0 cannot be read, it is encrypted'),
    });
  });
});

/** Recordings whose clock jumps: what is shown is what players and `ffmpeg -i` show, with the sound in step. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  Image,
  pipeline,
  probe,
  runSession,
  type SessionOptions,
  VideoReader,
  VideoWriter,
} from 'framelane';
import { beforeAll, describe, expect, it } from 'vitest';
import { events } from '../helpers/cli.ts';
import { ffmpegPaths, newestFfmpeg } from '../helpers/programs.ts';
import { serve } from '../helpers/server.ts';
import { frameHashes, temporaryFolder, times } from '../helpers/video.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const cpu = { device: 'cpu', overwrite: true, preset: 'ultrafast' } as const;

function run(args: readonly string[], program = newestFfmpeg): Buffer {
  const options = { env: { ...process.env, GCONV_PATH: '/nonexistent' }, maxBuffer: 1 << 28 };
  return execFileSync(program, ['-v', 'error', '-nostdin', '-y', ...args], options);
}

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const rate = 25;
const length = 2;
const flashAt = 0.8;

/** Two seconds: a white frame at 0.8 s, and a tone that starts with it. */
function record(name: string, output: readonly string[]): string {
  const video = `testsrc2=s=64x48:r=${rate}:d=${length},geq=lum='if(eq(N,${flashAt * rate}),235,16+N)':cb=128:cr=128`;
  const audio = `aevalsrc='gte(t,${flashAt})*lt(t,${flashAt + 0.1})*sin(6000*t)':s=48000:d=${length}`;
  const inputs = ['-f', 'lavfi', '-i', video, '-f', 'lavfi', '-i', audio];
  run([...inputs, '-pix_fmt', 'yuv420p', ...output, file(name)]);
  return file(name);
}

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-bf', '2', '-c:a', 'aac'];
const mpeg2 = ['-c:v', 'mpeg2video', '-g', '10', '-bf', '2', '-c:a', 'mp2'];

function join2(name: string, ...parts: readonly string[]): string {
  writeFileSync(file(name), Buffer.concat(parts.map((part) => readFileSync(part))));
  return file(name);
}

const later = (from: string, seconds: number, name: string) => {
  run(['-i', from, '-c', 'copy', '-output_ts_offset', String(seconds), file(name)]);
  return file(name);
};

beforeAll(() => {
  const part = record('part.ts', h264);
  const [in20, in3600] = [later(part, 20, 'in20.ts'), later(part, 3600, 'in3600.ts')];
  join2('back.ts', part, part);
  join2('ahead20.ts', part, in20);
  join2('ahead3600.ts', part, in3600);
  join2('back3600.ts', in3600, part);
  join2('many.ts', part, in20, in3600, part);
  const program = record('part.mpg', [...mpeg2, '-f', 'vob']);
  join2('back.mpg', program, program);
  join2('gap5.ts', part, later(part, 7, 'in7.ts'));
});

/** Times of the flashes and of the beeps. */
function flashesAndBeeps(path: string): { flashes: number[]; beeps: number[] } {
  const gray = ['-vf', 'scale=1:1', '-pix_fmt', 'gray', '-f', 'rawvideo', '-'];
  const lumas = run(['-i', path, '-fps_mode', 'passthrough', ...gray]);
  const shown = times(path, 'v');
  expect(lumas).toHaveLength(shown.length);
  const flashes = shown.filter((_, index) => (lumas[index] as number) > 150);
  const sound = [
    '-af',
    'aresample=48000:async=1:min_hard_comp=0.001:first_pts=0',
    '-ac',
    '1',
    '-f',
    's16le',
    '-',
  ];
  const raw = run(['-copyts', '-i', path, '-map', '0:a', ...sound]);
  const samples = new Int16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
  const beeps: number[] = [];
  for (const [index, sample] of samples.entries()) {
    const at = index / 48_000;
    if (Math.abs(sample) > 3000 && at - (beeps.at(-1) ?? -1) > 0.5) beeps.push(at);
  }
  return { flashes, beeps };
}

describe.each(ffmpegPaths)('with %s', (ffmpeg) => {
  it.each([
    ['back.ts', [-2]],
    ['ahead20.ts', [18]],
    ['ahead3600.ts', [3598]],
    ['back3600.ts', [-3602]],
    ['many.ts', [18, 3578, -3602]],
    ['back.mpg', [-2]],
  ])('%s goes on, with the sound in step', async (name, jumps) => {
    const parts = jumps.length + 1;
    const output = file('out.mp4');
    const session = runSession(pipeline(), file(name), output, { ...cpu, ffmpeg });
    const result = await session.finished;
    expect(result.frames).toBe(parts * length * rate);
    expect(result.outputs[0]).toMatchObject({ late: 0, dropped: 0, repeated: 0 });
    expect(result.clockJumps).toHaveLength(jumps.length);
    for (const [index, { at, by }] of result.clockJumps.entries()) {
      expect(Math.abs(by - (jumps[index] as number))).toBeLessThan(0.1);
      expect(Math.abs(at - (index + 1) * length)).toBeLessThan(0.1);
    }
    expect(session.stats().clockJumps).toBe(jumps.length);
    expect(result.warnings.filter((text) => /clock jumps/.test(text))).toHaveLength(1);

    const shown = times(output, 'v');
    for (const [index, time] of shown.entries()) {
      expect(Math.abs(time - (shown[0] as number) - index / rate)).toBeLessThan(0.001);
    }
    const { flashes, beeps } = flashesAndBeeps(output);
    expect(flashes).toHaveLength(parts);
    expect(beeps).toHaveLength(parts);
    for (const [index, flash] of flashes.entries()) {
      expect(Math.abs((beeps[index] as number) - flash)).toBeLessThan(1 / rate);
    }
  });

  it.each(['ahead20.ts', 'back3600.ts', 'many.ts', 'back.mpg'])(
    'a section of %s counts in the time of the film that is shown',
    async (name) => {
      const output = file('section.mkv');
      const section: SessionOptions = { ...cpu, ffmpeg, from: 2.5, to: 3.5 };
      const { frames } = await runSession(pipeline(), file(name), output, section).finished;
      expect(Math.abs(frames - rate)).toBeLessThanOrEqual(1);
      const { flashes, beeps } = flashesAndBeeps(output);
      // The second part begins at 2 s, less what sound comes before the picture.
      expect(flashes).toHaveLength(1);
      expect(Math.abs((flashes[0] as number) - 0.3)).toBeLessThan(2 / rate);
      expect(Math.abs((beeps[0] as number) - (flashes[0] as number))).toBeLessThan(1 / rate);
    },
  );

  it('what is live goes on, too', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'Content-Type': 'video/mp2t' });
      response.end(readFileSync(file('many.ts')));
    });
    await using reader = await VideoReader.open(url, { device: 'cpu', ffmpeg });
    expect(reader.info.live).toBe(true);
    const shown: number[] = [];
    for await (const _ of reader) shown.push(reader.timestamp);
    // What came while FFmpeg listened for what there is is over.
    expect(shown.length).toBeGreaterThan(150);
    for (const [index, time] of shown.entries()) {
      expect(Math.abs(time - (shown[0] as number) - index / rate)).toBeLessThan(0.1);
    }
  });

  it('a gap of up to ten seconds is one that was recorded', async () => {
    const output = file('gap.mp4');
    const session = runSession(pipeline(), file('gap5.ts'), output, { ...cpu, ffmpeg });
    const { frames, clockJumps } = await session.finished;
    expect([frames, clockJumps]).toEqual([100, []]);
    const shown = times(output, 'v');
    expect((shown[50] as number) - (shown[49] as number)).toBeGreaterThan(4.9);
  });
});

it.each(['back.ts', 'ahead20.ts', 'back3600.ts', 'back.mpg'])(
  'probe tells of %s how long it is shown, at which rate',
  async (name) => {
    const info = await probe(file(name));
    expect(Math.abs((info.duration as number) - 4)).toBeLessThan(0.1);
    expect(Math.abs((info.frameCount as number) - 100)).toBeLessThanOrEqual(1);
    expect(info.frameRate).toEqual({ num: 25, den: 1 });
    expect(info.clockJumps).toHaveLength(1);
    expect(info.warnings).toEqual([expect.stringMatching(/its clock jumps (back|ahead) by/)]);
    expect(info.source.url).toBe(`file:${file(name)}`);
  },
);

it('a reader shows the frames at the times of a clock that goes on', async () => {
  await using reader = await VideoReader.open(file('ahead3600.ts'), { device: 'cpu' });
  const shown: number[] = [];
  for await (const _ of reader) shown.push(reader.timestamp);
  expect(shown).toHaveLength(100);
  for (const [index, time] of shown.entries()) {
    expect(Math.abs(time - (shown[0] as number) - index / rate)).toBeLessThan(0.001);
  }
});

it('a writer carries its sound', async () => {
  const options = {
    device: 'cpu',
    overwrite: true,
    width: 64,
    height: 48,
    frameRate: rate,
  } as const;
  const input = { audioFrom: file('many.ts'), preset: 'ultrafast' } as const;
  await using writer = await VideoWriter.open(file('sound.mp4'), { ...options, ...input });
  using image = new Image(64, 48, { device: 'cpu' });
  for (let frame = 0; frame < 200; frame++) await writer.write(image);
  await writer.close();
  const { beeps } = flashesAndBeeps(file('sound.mp4'));
  expect(beeps).toHaveLength(4);
  for (const [index, beep] of beeps.entries()) {
    expect(Math.abs(beep - (beeps[0] as number) - index * length)).toBeLessThan(0.03);
  }
});

it('through stdin, told by --json', () => {
  writeFileSync(file('empty.json'), '{ "stages": [] }');
  const args = ['run', file('empty.json'), '-i', '-', '-o', file('stdin.mkv'), '--json'];
  const input = readFileSync(file('many.ts'));
  const said = execFileSync(process.execPath, [cli, ...args, '--device', 'cpu'], { input });
  const done = events(said.toString()).at(-1);
  expect(done).toMatchObject({ event: 'done', frames: 200, late: 0 });
  expect(done?.['clockJumps']).toHaveLength(3);
  expect(frameHashes(file('stdin.mkv'))).toHaveLength(200);
});

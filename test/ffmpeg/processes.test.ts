/** Programs that hang, lie or never stop: each ends in an error within a time, and nothing that is only slow is ended. */
import { readdirSync, writeFileSync } from 'node:fs';
import { FramelaneError, pipeline, probe, runSession, VideoReader, VideoWriter } from 'framelane';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { activityOf, hasWorked } from '../../src/ffmpeg/activity.ts';
import { Child, capture, exitOf } from '../../src/ffmpeg/process.ts';
import { pretending, program } from '../helpers/fakes.ts';
import { ffmpegPaths } from '../helpers/programs.ts';
import {
  eventually,
  fakeFfmpeg,
  makeClip,
  processesNaming,
  temporaryFiles,
} from '../helpers/video.ts';

const { folder, file } = temporaryFiles();
const cpu = { device: 'cpu', overwrite: true } as const;
const clip = makeClip(file('clip.mp4'), { seconds: 1, audioAt: 0 });
const long = makeClip(file('long.mp4'), { size: '640x360', seconds: 4, rate: 50 });
let outputs = 0;
const output = () => file(`out-${outputs++}.mp4`);

// Seconds of silence; what is measured is that it ends, and what does not.
beforeAll(() => {
  process.env['FRAMELANE_PATIENCE'] = '1';
});
afterAll(() => {
  delete process.env['FRAMELANE_PATIENCE'];
});

afterEach(async () => {
  await eventually(() => processesNaming(folder).length === 0);
  expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
});

const run = (options: object, input = clip) =>
  runSession(pipeline().brightness(0.1), input, output(), { ...cpu, ...options }).finished;

async function read(options: object, input = clip): Promise<number> {
  await using reader = await VideoReader.open(input, { device: 'cpu', ...options });
  let frames = 0;
  for await (const _ of reader) frames++;
  return frames;
}

async function write(options: object): Promise<void> {
  await using reader = await VideoReader.open(clip, { device: 'cpu' });
  const { width, height, frameRate } = reader.info;
  const target = { width, height, frameRate, ...cpu, ...options };
  await using writer = await VideoWriter.open(output(), target);
  for await (const image of reader) await writer.write(image);
  await writer.close();
}

async function expectError(work: Promise<unknown>, code: string, message: RegExp): Promise<void> {
  const before = process.memoryUsage().rss;
  const error = await work.then(
    (value) => expect.fail(`expected an error, received ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FramelaneError);
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  expect((error as Error).message.length).toBeLessThan(12_000);
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(500);
}

const hang = 'exec sleep 1000';
const loop = 'while :; do sleep 0.1; done';
const noise = 'exec head -c 100000 /dev/urandom';
const endless = 'exec yes garbage-garbage-garbage-garbage-garbage-garbage-garbage';

describe('an FFmpeg that does not say what it is', () => {
  it.each([
    ['hangs', hang, 'ERR_FFMPEG_FAILED', /-(version|encoders|muxers).*did nothing for 1 s/s],
    ['waits in a loop', loop, 'ERR_FFMPEG_FAILED', /did nothing for 1 s/],
    ['answers without end', endless, 'ERR_FFMPEG_FAILED', /more than 64 MiB/],
    ['complains without end', `${endless} >&2`, 'ERR_FFMPEG_FAILED', /more than 64 MiB/],
    ['answers noise', noise, 'ERR_FFMPEG_NOT_FOUND', /expected FFmpeg/],
    ['says nothing', 'exit 0', 'ERR_FFMPEG_NOT_FOUND', /expected FFmpeg/],
    ['fails', 'exit 3', 'ERR_FFMPEG_NOT_FOUND', /expected FFmpeg/],
    [
      'is too old',
      'echo "ffmpeg version 0.5 Copyright"; echo "libavformat    52. 31. 0 / 52. 31. 0"',
      'ERR_FFMPEG_CAPABILITY',
      /FFmpeg 4\.1 or newer, received 0\.5/,
    ],
  ] as const)('%s', async (name, body, code, message) => {
    const fake = program(file(`question ${name}`), body);
    const works = [run({ ffmpeg: fake }), read({ ffmpeg: fake }), write({ ffmpeg: fake })];
    await Promise.all(works.map((work) => expectError(work, code, message)));
  });

  it.each([
    ['no program', 'text', 0o755, /ENOEXEC|expected FFmpeg/],
    ['not executable', '#!/bin/sh\n', 0o644, /EACCES/],
    ['of a missing interpreter', '#!/no/such/interpreter\n', 0o755, /ENOENT/],
  ] as const)('%s', async (name, content, mode, message) => {
    writeFileSync(file(name), content, { mode });
    await expectError(run({ ffmpeg: file(name) }), 'ERR_FFMPEG_NOT_FOUND', message);
  });
});

describe('an ffprobe', () => {
  it.each([
    ['hangs', hang, /did nothing for 1 s/],
    ['answers without end', endless, /more than 64 MiB/],
    ['complains without end', `${endless} >&2`, /more than 64 MiB/],
    ['answers noise', noise, /expected JSON/],
    ['says nothing', 'exit 0', /expected JSON/],
  ] as const)('%s', async (name, body, message) => {
    const ffprobe = program(file(`probe ${name}`), body);
    await expectError(probe(clip, { ffprobe }), 'ERR_FFMPEG_FAILED', message);
    await expectError(run({ ffprobe }), 'ERR_FFMPEG_FAILED', message);
  });
});

describe.each(ffmpegPaths)('where questions are answered by %s, an FFmpeg', (real) => {
  const answering = (name: string, body: string) => pretending(file(name), real, body);

  it.each([
    ['hangs', hang, 'ERR_FFMPEG_FAILED', /did nothing for 1 s/],
    ['floods stderr', `${endless} >&2`, 'ERR_FFMPEG_FAILED', /more than 64 MiB/],
    ['floods its frames', `${endless} >&3`, 'ERR_STREAM_FORMAT', /NUT/],
  ] as const)('%s in a session and a reader', async (name, body, code, message) => {
    const ffmpeg = answering(`works ${name}`, body);
    await Promise.all([
      expectError(run({ ffmpeg }), code, message),
      expectError(read({ ffmpeg }), code, message),
    ]);
  });

  it('hangs or floods in a writer', async () => {
    const ffmpeg = answering('hangs writing', hang);
    await expectError(write({ ffmpeg }), 'ERR_FFMPEG_FAILED', /encoding .*did nothing for 1 s/s);
    const flooding = answering('floods writing', `${endless} >&2`);
    await expectError(write({ ffmpeg: flooding }), 'ERR_FFMPEG_FAILED', /more than 64 MiB/);
  });
});

describe('a decoder', () => {
  it('that stops sending in the middle', async () => {
    const body = `"$real" "$@" 3>&1 | head -c 400000 >&3; exec sleep 1000`;
    const ffmpeg = fakeFfmpeg(file('stops'), 'decode', body);
    await Promise.all([
      expectError(run({ ffmpeg }, long), 'ERR_FFMPEG_FAILED', /decoding .*did nothing/s),
      expectError(read({ ffmpeg }, long), 'ERR_FFMPEG_FAILED', /decoding .*did nothing/s),
    ]);
  });

  it('that sends all frames and stays', async () => {
    const ffmpeg = fakeFfmpeg(file('stays'), 'decode', '"$real" "$@"; exec 3>&-; exec sleep 1000');
    await Promise.all([
      expectError(run({ ffmpeg }), 'ERR_FFMPEG_FAILED', /decoding .*did nothing/s),
      expectError(read({ ffmpeg }), 'ERR_FFMPEG_FAILED', /decoding .*did nothing/s),
    ]);
  });
});

describe('an encoder', () => {
  it.each([
    ['never reads', hang],
    ['takes all frames and stays', 'cat <&3 >/dev/null; exec sleep 1000'],
    ['stops reading', 'head -c 2000000 <&3 >/dev/null; exec sleep 1000'],
  ])('that %s', async (name, body) => {
    const ffmpeg = fakeFfmpeg(file(`encoder ${name}`), 'encode', body);
    await Promise.all([
      expectError(run({ ffmpeg }, long), 'ERR_FFMPEG_FAILED', /encoding .*did nothing/s),
      expectError(write({ ffmpeg }), 'ERR_FFMPEG_FAILED', /encoding .*did nothing/s),
    ]);
  });
});

describe('what is slow, stopped or not waited for goes on', () => {
  it('a reader that nobody reads from', async () => {
    await using reader = await VideoReader.open(long, { device: 'cpu' });
    const frames = reader[Symbol.asyncIterator]();
    await frames.next();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    let count = 1;
    while (!(await frames.next()).done) count++;
    expect(count).toBe(200);
  });

  it('a writer that nobody writes to', async () => {
    await using reader = await VideoReader.open(clip, { device: 'cpu' });
    const { width, height, frameRate } = reader.info;
    const writer = await VideoWriter.open(file('paused.mp4'), { width, height, frameRate, ...cpu });
    for await (const image of reader) {
      await writer.write(image);
      if (writer.frames === 2) await new Promise((resolve) => setTimeout(resolve, 3000));
    }
    await writer.close();
    expect(await probe(file('paused.mp4'))).toMatchObject({ frameCount: 25 });
  });

  it('a decoder behind an encoder that works for a frame longer than that', async () => {
    // It counts for three seconds now and then, and takes nothing meanwhile.
    const work = 'timeout 3 sh -c "while :; do :; done"; exec "$real" "$@"';
    const ffmpeg = fakeFfmpeg(file('slow encoder'), 'encode', work);
    expect(await run({ ffmpeg }, long)).toMatchObject({ frames: 200 });
  });

  it('a program that is stopped', async () => {
    const child = new Child('/bin/sleep', ['6']);
    setTimeout(() => process.kill(child.pid as number, 'SIGSTOP'), 500);
    setTimeout(() => process.kill(child.pid as number, 'SIGCONT'), 5500);
    const exit = await exitOf(child, { silence: 3, work: 60 });
    expect(exit).toEqual({ code: 0, signal: null });
  });

  it('a program that reads now and then', async () => {
    const trickle = program(
      file('trickle'),
      'exec python3 -c "import time\nfor _ in range(5):\n open(\'/etc/hostname\').read()\n time.sleep(0.7)\nprint(1)"',
    );
    const { stdout } = await capture(trickle, []);
    expect(stdout).toBe('1\n');
  });
});

it('the kernel tells work from waiting', async () => {
  const busy = new Child('/bin/sh', ['-c', 'while :; do :; done']);
  const idle = new Child('/bin/sleep', ['100']);
  const look = (child: Child) =>
    activityOf(child.pid as number) as NonNullable<ReturnType<typeof activityOf>>;
  await new Promise((resolve) => setTimeout(resolve, 300));
  const [first, rest] = [look(busy), look(idle)];
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(hasWorked(first, look(busy), 1000)).toBe(true);
  expect(hasWorked(rest, look(idle), 1000)).toBe(false);
  expect(look(idle)).toMatchObject({ busy: false, stopped: false });
  busy.kill();
  idle.kill();
  await Promise.all([busy.exited, idle.exited]);
  expect(activityOf(idle.pid as number)).toBeUndefined();
});

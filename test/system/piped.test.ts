/** What is read once: FIFOs, descriptors that were handed over, `<(a program)`; as videos, pictures, LUTs, pipelines and fonts. */
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  download,
  FramelaneError,
  Image,
  load,
  loadLut,
  pipeline,
  probe,
  readPipeline,
  runSession,
  save,
  Text,
  VideoReader,
  VideoWriter,
} from 'framelane';
import { afterEach, describe, expect, it } from 'vitest';
import { ffmpegPaths } from '../helpers/programs.ts';
import { frameHashes, makeClip, packetHashes, temporaryFiles } from '../helpers/video.ts';

const { folder, file } = temporaryFiles();
const cpu = { device: 'cpu', overwrite: true } as const;
const clip = makeClip(file('clip.mp4'), { seconds: 1, audioAt: 0 });
const entry = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
writeFileSync(file('look.json'), JSON.stringify({ stages: [{ op: 'invert' }] }));
writeFileSync(
  file('identity.cube'),
  `LUT_3D_SIZE 2\n${[0, 1].flatMap((b) => [0, 1].flatMap((g) => [0, 1].map((r) => `${r} ${g} ${b}`))).join('\n')}\n`,
);
{
  using image = new Image(6, 4, { device: 'cpu' });
  await save(image, file('picture.png'));
}

afterEach(() => {
  delete process.env['FRAMELANE_PATIENCE'];
});

let made = 0;
function fifo(extension = '.mp4'): string {
  const path = file(`fifo-${made++}${extension}`);
  execFileSync('mkfifo', [path]);
  return path;
}

/** Someone who writes a file to a FIFO, after a while. */
function written(path: string, content: string, delay = 0.2): string {
  spawn('sh', ['-c', `sleep ${delay}; cat '${content}' > '${path}'`], { stdio: 'ignore' }).unref();
  return path;
}

/** Runs a command line of bash; the command line of framelane is `$framelane`. */
function bash(line: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const environment = {
    ...process.env,
    framelane: `${process.execPath} ${entry}`,
    FRAMELANE_DEBUG: '',
  };
  const child = spawn('bash', ['-c', line], { cwd: folder, env: environment });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => (stdout += text));
  child.stderr.on('data', (text) => (stderr += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

async function expectInvalid(work: Promise<unknown>, message: RegExp, code = 'ERR_INPUT_INVALID') {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FramelaneError);
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
}

const whole = await (async () => {
  await runSession(pipeline(), clip, file('whole.mkv'), { ...cpu, codec: 'ffv1' }).finished;
  return frameHashes(file('whole.mkv'));
})();

describe('a video', () => {
  it.each(ffmpegPaths)('through a FIFO: %s', async (ffmpeg) => {
    expect(await probe(written(fifo(), clip))).toMatchObject({ frameCount: 25, audio: [{}] });
    const output = file('fifo.mkv');
    const options = { ...cpu, codec: 'ffv1', ffmpeg } as const;
    const input = written(fifo(), clip);
    await runSession(pipeline(), input, output, options).finished;
    expect(frameHashes(output)).toEqual(whole);
    expect(packetHashes(output)).toEqual(packetHashes(clip));
    await using reader = await VideoReader.open(written(fifo(), clip), { device: 'cpu', ffmpeg });
    let frames = 0;
    for await (const _ of reader) frames++;
    expect(frames).toBe(25);
  });

  it('through a FIFO twice, by one writer after the other', async () => {
    const path = fifo();
    for (let i = 0; i < 2; i++) {
      expect(await probe(written(path, clip))).toMatchObject({ frameCount: 25 });
    }
  });

  it.each([
    ['a program', '<(cat clip.mp4)'],
    ['a program that has ended', '<(cat clip.mp4; exec >&-; sleep 0.1)'],
    ['stdin', '/dev/stdin < <(cat clip.mp4)'],
    ['stdin that is a file', '/dev/stdin < clip.mp4'],
    ['descriptor 0', '/dev/fd/0 < <(cat clip.mp4)'],
    ['a descriptor', '/proc/self/fd/7 7< <(cat clip.mp4)'],
    ['a descriptor that is a file', '/dev/fd/7 7< clip.mp4'],
    ['-', '- < <(cat clip.mp4)'],
  ])('of %s on the command line', async (name, input) => {
    const output = `'from ${name}.mkv'`;
    const { code, stderr } = await bash(
      `$framelane run look.json -i ${input} -o ${output} --codec ffv1 --device cpu --quiet`,
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(frameHashes(file(`from ${name}.mkv`))).toHaveLength(25);
    expect(packetHashes(file(`from ${name}.mkv`))).toEqual(packetHashes(clip));
    const probed = await bash(`$framelane probe ${input} --json`);
    expect([probed.code, JSON.parse(probed.stdout)]).toMatchObject([0, { frameCount: 25 }]);
  });

  it('as the sound of a writer', async () => {
    await using reader = await VideoReader.open(clip, { device: 'cpu' });
    const { width, height, frameRate } = reader.info;
    const size = { width, height, frameRate, audioFrom: written(fifo(), clip) };
    await using writer = await VideoWriter.open(file('sound.mp4'), { ...size, ...cpu });
    for await (const image of reader) await writer.write(image);
    await writer.close();
    expect(packetHashes(file('sound.mp4'))).toEqual(packetHashes(clip));
  });

  it('that nobody writes can be aborted, stopped or interrupted', async () => {
    const reason = new Error('enough');
    const signal = () => AbortSignal.any([AbortSignal.timeout(300)]);
    await expectInvalid(probe(fifo(), { signal: signal() }), /aborted/, 'ERR_ABORTED');
    const options = { device: 'cpu', signal: signal() } as const;
    await expectInvalid(VideoReader.open(fifo(), options), /aborted/, 'ERR_ABORTED');
    const aborted = runSession(pipeline(), fifo(), file('never.mp4'), cpu);
    setTimeout(() => aborted.abort(reason), 300);
    await expect(aborted.finished).rejects.toMatchObject({ code: 'ERR_ABORTED', cause: reason });
    const stopped = runSession(pipeline(), fifo(), file('never.mp4'), cpu);
    setTimeout(() => stopped.stop(), 300);
    await expect(stopped.finished).rejects.toMatchObject({ code: 'ERR_ABORTED' });
    const { code } = await bash(
      `(exec $framelane run look.json -i ${fifo()} -o never.mp4 --quiet) & sleep 1.5; kill -INT $!; wait $!`,
    );
    expect(code).toBe(130);
  });

  it.each([
    ['nothing', '<(true)', /received nothing/],
    ['a descriptor that is not open', '/dev/fd/99', /descriptor (is|that is not) open/],
    ['a device', '/dev/zero', /received a device/],
    ['a device as stdin', '- < /dev/zero', /received a device/],
    ['a closed stdin', '- <&-', /received/],
    ['a folder', '/dev/fd/7 7< /', /received a folder/],
  ])('that is %s is refused', async (_, input, message) => {
    const { code, stderr } = await bash(`$framelane run look.json -i ${input} -o x.mp4 --quiet`);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });

  it('that is a socket is refused', async () => {
    const server = createServer().listen(file('socket.mp4'));
    await new Promise((resolve) => server.once('listening', resolve));
    await expectInvalid(probe(file('socket.mp4')), /received a socket/);
    await expectInvalid(load(file('socket.mp4')), /received a socket/);
    await expectInvalid(loadLut(file('socket.mp4')), /received a socket/);
    server.close();
  });
});

it('a descriptor of our own is not taken', async () => {
  const server = createServer().listen(file('own'));
  await new Promise((resolve) => server.once('listening', resolve));
  const client = connect(file('own'));
  await new Promise((resolve) => client.once('connect', resolve));
  const { fd } = (client as unknown as { _handle: { fd: number } })._handle;
  for (const read of [probe, loadLut, load, readPipeline] as const) {
    await expect((read as (path: string) => Promise<unknown>)(`/dev/fd/${fd}`)).rejects.toThrow(
      /descriptor (is|that is not) open/,
    );
  }
  expect(client.destroyed).toBe(false);
  client.destroy();
  server.close();
});

const kinds = [
  [
    'picture',
    async (path: string) => [...download(await load(path, { device: 'cpu' }))],
    'picture.png',
    'ERR_INPUT_INVALID',
  ],
  ['LUT', (path: string) => loadLut(path), 'identity.cube', 'ERR_INPUT_INVALID'],
  ['pipeline', (path: string) => readPipeline(path), 'look.json', 'ERR_INVALID_PIPELINE'],
] as const;

describe.each(kinds)('a %s', (_, read, content, code) => {
  it('comes through a FIFO', async () => {
    expect(await read(written(fifo(''), file(content)))).toEqual(await read(file(content)));
  });

  it('is not waited for without end', async () => {
    process.env['FRAMELANE_PATIENCE'] = '1';
    await expectInvalid(read(fifo('')), /received nothing for 1 s/, code);
    const dripping = fifo('');
    const child = spawn('sh', ['-c', `exec sleep 100 > '${dripping}'`], { stdio: 'ignore' });
    await expectInvalid(read(dripping), /received nothing for 1 s/, code);
    child.kill();
  });

  it('is not read without end', async () => {
    await expectInvalid(read('/dev/zero'), /received a device/, code);
    await expectInvalid(read('/dev/null'), /received a device/, code);
    await expectInvalid(read(folder), /folder/, code);
    const before = process.memoryUsage().rss;
    for (const path of ['/proc/self/maps', '/proc/kcore']) {
      await expect(read(path)).rejects.toBeInstanceOf(FramelaneError);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(300 << 20);
  });
});

it('what has no end through a pipe is refused at its limit', async () => {
  const path = fifo('');
  const child = spawn('sh', ['-c', `exec cat /dev/zero > '${path}'`], { stdio: 'ignore' });
  await expectInvalid(readPipeline(path), /at most 256 KiB/, 'ERR_INVALID_PIPELINE');
  child.kill();
});

it('a font that is no file is refused', async () => {
  for (const fontFile of [fifo('.ttf'), '/dev/zero']) {
    await expectInvalid(
      Text.create('a', { fontFile }) as Promise<unknown>,
      /received a (pipe|device)/,
    );
  }
});

it('the command line takes pipelines and pictures of programs', async () => {
  const line = '$framelane run <(cat look.json) -i picture.png -o through.png --device cpu --quiet';
  expect(await bash(line)).toEqual({ code: 0, stdout: '', stderr: '' });
  const check = await bash('$framelane check /dev/stdin < <(cat look.json)');
  expect(check.code).toBe(0);
});

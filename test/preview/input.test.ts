/** What can be watched and read besides files: URLs, patterns, screens, frames made here. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import {
  type FramelaneError,
  Player,
  type PlayerOptions,
  pipeline,
  probe,
  runSession,
  type ShownFrame,
} from 'framelane';
import { describe, expect, it } from 'vitest';
import { findNetworkSource } from '../../src/video/input/network-source.ts';
import { framelane } from '../helpers/cli.ts';
import { bytesOf, filled, framesOf, indexOf } from '../helpers/player.ts';
import { ffmpegPaths, newestFfmpeg, newestFfprobe, testedFfmpeg } from '../helpers/programs.ts';
import { atEnd, fileAnswer, liveAnswer, serve, startBroadcast } from '../helpers/server.ts';
import {
  eventually,
  frameHashes,
  makeClip,
  processesNaming,
  temporaryFiles,
} from '../helpers/video.ts';

const { file } = temporaryFiles();
const lossless = ['-c:v', 'libx264', '-qp', '0', '-g', '12'];
const clip = makeClip(file('clip.mp4'), { output: lossless, audioAt: 0 });
const frames = framesOf(clip);
const cpu = { device: 'cpu', audio: false } as const;
const saving = { device: 'cpu', codec: 'ffv1' } as const;
const newest = { ffmpeg: newestFfmpeg, ffprobe: newestFfprobe } as const;

const watch = (input: string, options: PlayerOptions = {}) =>
  Player.open(input, { ...cpu, ...options });

/** Looks in real time for a while. */
async function look(player: Player, milliseconds: number): Promise<ShownFrame[]> {
  const seen: ShownFrame[] = [];
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    const shown = player.frameAt(performance.now() / 1000);
    if (shown) seen.push(shown);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return seen;
}

describe('a file behind a URL', () => {
  const served = serve(fileAnswer(clip));

  it('is described as the file is', async () => {
    const [remote, local] = [await probe(`${await served}/clip.mp4`), await probe(clip)];
    const { path, source, ...described } = remote;
    expect(local).toMatchObject(described);
    expect(remote.live).toBe(false);
    expect(path).toBe(source.url);
  });

  it.each(ffmpegPaths)('goes through a session, with its sound: %s', async (program) => {
    const output = file(`remote-${program.length}.mkv`);
    const options = { ...saving, ffmpeg: program };
    await runSession(pipeline(), `${await served}/clip.mp4`, output, options).finished;
    expect(frameHashes(output)).toEqual(frameHashes(clip));
    expect((await probe(output)).audio).toHaveLength(1);
  });

  it('is sought and stepped through', async () => {
    await using player = await watch(`${await served}/clip.mp4`);
    await player.seek(0.6);
    expect(indexOf(player.frameAt(0) as ShownFrame, frames)).toBe(15);
    await player.step(-1);
    expect(indexOf(player.frameAt(0) as ShownFrame, frames)).toBe(14);
  });

  it('is run from the command line', async () => {
    const output = file('cli.mkv');
    const { code, stderr } = await framelane([
      ...['run', 'pipelines/vintage.json', '-i', `${await served}/clip.mp4`, '-o', output],
      ...['--device', 'cpu', '--codec', 'ffv1', '--quiet'],
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(frameHashes(output)).toHaveLength(25);
  });

  it('whose server goes silent midway is reported once, within the timeout', async () => {
    const long = makeClip(file('long.mp4'), {
      seconds: 8,
      size: '640x480',
      output: [...lossless, '-preset', 'ultrafast', '-movflags', '+faststart'],
    });
    const url = await serve((request, response) => {
      response.socket?.setNoDelay();
      const respond = fileAnswer(long);
      const write = response.write.bind(response);
      let sent = 0;
      response.write = ((chunk: Buffer, ...rest: never[]) => {
        sent += chunk.length;
        return sent > 3_000_000 ? false : write(chunk, ...rest); // the rest never comes
      }) as typeof response.write;
      respond(request, response);
    });
    await using player = await watch(`${url}/long.mp4`, { inputTimeout: 1 });
    const failures: FramelaneError[] = [];
    player.on('failure', (error) => failures.push(error));
    await eventually(() => {
      player.frameAt((2 * performance.now()) / 1000);
      return failures.length > 0;
    });
    expect(failures).toHaveLength(1);
    expect(failures[0]?.code).toMatch(/^ERR_(STREAM_TRUNCATED|FFMPEG_FAILED)$/);
    expect(player.position).toBeGreaterThan(0);
  });
});

describe('a live stream over HTTP', () => {
  const duration = { milliseconds: 60_000 };
  const served = serve(liveAnswer(() => duration.milliseconds));

  it('is shown as it comes, without a backlog after a pause, and cannot be sought', async () => {
    await using player = await watch(`${await served}/live.ts`);
    expect(player.live).toBe(true);
    expect(player.duration).toBeUndefined();
    const seen = await look(player, 600);
    expect(seen.length).toBeGreaterThan(8);
    player.pause();
    const before = player.position;
    const paused = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(await look(player, 100)).toEqual([]);
    player.play();
    const away = (performance.now() - paused) / 1000;
    const [next] = await look(player, 200);
    // Two frames of 40 ms, and what the machine takes.
    expect(next?.timestamp).toBeGreaterThan(before + away - 0.25);
    const { decoded, queued, ready, dropped } = player.stats();
    expect(decoded + queued + ready).toBeLessThanOrEqual(2);
    expect(dropped).toBeGreaterThan(10);
    const unsupported = { code: 'ERR_UNSUPPORTED_OP' };
    await expect(player.seek(1)).rejects.toMatchObject(unsupported);
    await expect(player.step(1)).rejects.toMatchObject(unsupported);
    expect(() => {
      player.speed = 2;
    }).toThrowError(expect.objectContaining(unsupported));
    expect((await look(player, 300)).length).toBeGreaterThan(2); // and goes on
  });

  it('that ends is reported once, and the last frame stays', async () => {
    duration.milliseconds = 2500;
    await using player = await watch(`${await served}/live.ts`);
    duration.milliseconds = 60_000;
    const failures: FramelaneError[] = [];
    player.on('failure', (error) => failures.push(error));
    const end = performance.now() + 5000;
    while (failures.length === 0 && performance.now() < end) await look(player, 20);
    await look(player, 100);
    expect(failures).toHaveLength(1);
    expect(failures[0]?.code).toMatch(/^ERR_(STREAM_TRUNCATED|FFMPEG_FAILED)$/);
    expect(player.ended).toBe(true);
    expect(player.position).toBeGreaterThan(0);
    expect(player.failure).toBe(failures[0]);
  });

  it('is recorded until it is stopped', async () => {
    const output = file('recorded.mkv');
    const session = runSession(pipeline(), `${await served}/live.ts`, output, saving);
    await eventually(() => session.stats().framesIn >= 10);
    session.stop();
    const { frames: count, stopped } = await session.finished;
    expect(stopped).toBe(true);
    expect(count).toBeGreaterThanOrEqual(10);
    expect(frameHashes(output)).toHaveLength(count);
  });
});

describe('MPEG-TS over UDP', () => {
  it('is shown, and reported when it goes silent', async () => {
    const url = `udp://127.0.0.1:${await freePort()}`;
    const sender = startBroadcast(`${url}?pkt_size=1316`);
    const player = await watch(url, { inputTimeout: 1 });
    expect(player.info).toMatchObject({ live: true, width: 64, container: 'mpegts' });
    expect((await look(player, 500)).length).toBeGreaterThan(5);
    const failed = new Promise<FramelaneError>((resolve) => player.on('failure', resolve));
    sender.kill('SIGKILL');
    expect((await failed).code).toMatch(/^ERR_(STREAM_TRUNCATED|FFMPEG_FAILED)$/);
    await player.close();
  });
});

describe('a pattern', () => {
  it.each(ffmpegPaths)('is read as FFmpeg makes it: %s', async (program) => {
    const output = file(`pattern-${program.length}.mkv`);
    const pattern = 'lavfi:testsrc2=size=64x48:rate=30';
    const options = { ...saving, ffmpeg: program, to: 0.2 };
    await runSession(pipeline(), pattern, output, options).finished;
    const own = file(`own-${program.length}.mkv`);
    const source = ['-f', 'lavfi', '-i', pattern.slice('lavfi:'.length), '-t', '0.2'];
    execFileSync(program, ['-v', 'error', ...source, '-c:v', 'ffv1', own]);
    expect(frameHashes(output)).toEqual(frameHashes(own));
  });

  it('is played, sought and stepped through like a file without an end', async () => {
    const graph = 'testsrc2=s=64x48:r=25';
    const all = file('pattern.mkv');
    const source = ['-y', '-f', 'lavfi', '-i', graph, '-t', '2'];
    execFileSync(testedFfmpeg, ['-v', 'error', ...source, '-c:v', 'ffv1', all]); // versions draw differently
    const expected = framesOf(all);
    await using player = await watch(`lavfi:${graph}`);
    expect(player.live).toBe(false);
    expect(player.duration).toBeUndefined();
    await player.seek(1.2);
    expect(indexOf(player.frameAt(0) as ShownFrame, expected)).toBe(30);
    await player.step(-1);
    expect(indexOf(player.frameAt(0) as ShownFrame, expected)).toBe(29);
  });
});

describe('frames made here', () => {
  it('are blank, at their times, and the pipeline draws on them', async () => {
    const look = pipeline().fillColor({ color: '#ff8000' });
    await using player = await watch('generate:5x3@50', { pipeline: look });
    await filled(player);
    const shown = player.frameAt(0) as ShownFrame;
    expect(shown.frame.shape).toMatchObject({ format: 'rgba8', width: 5, height: 3 });
    expect([...bytesOf({ frame: shown.before })]).toEqual(Array(60).fill(0));
    expect([...bytesOf(shown)]).toEqual(Array(15).fill([255, 128, 0, 255]).flat());
    await filled(player);
    expect(player.frameAt(0.0201)?.timestamp).toBeCloseTo(0.02, 12);
    await player.seek(7.01);
    expect(player.frameAt(1)?.timestamp).toBeCloseTo(7, 12);
    await player.step(-1);
    expect(player.frameAt(1)?.timestamp).toBeCloseTo(6.98, 12);
    expect(player.info.duration).toBeUndefined();
  });

  it('are named by their size too, and need no FFmpeg', async () => {
    const nowhere = { ffmpeg: '/nonexistent/ffmpeg', ffprobe: '/nonexistent/ffprobe' };
    const input = { width: 4, height: 2, frameRate: 29.97 };
    await using player = await Player.open(input, { ...cpu, ...nowhere });
    expect(player.info.frameRate).toEqual({ num: 30000, den: 1001 });
    expect(player.frameAt(0)?.frame.shape).toMatchObject({ width: 4, height: 2 });
  });

  it.each([
    ['generate:', 'ERR_INPUT_INVALID'],
    ['generate:64', 'ERR_INPUT_INVALID'],
    ['generate:0x5', 'ERR_INVALID_SIZE'],
    ['generate:99999x5', 'ERR_INVALID_SIZE'],
    ['generate:64x48@0', 'ERR_INVALID_OPTION'],
    ['generate:64x48@fast', 'ERR_INPUT_INVALID'],
  ])('are refused as %s', async (name, code) => {
    await expect(watch(name)).rejects.toMatchObject({ code });
  });
});

describe('a screen', () => {
  it('is grabbed where it is, at the size that is given', async (context) => {
    if (!existsSync('/usr/bin/Xvfb')) context.skip('no Xvfb');
    const display = await startXvfb();
    await using player = await watch(`x11:${display}.0+8,4?size=64x48&fps=20`, newest);
    expect(player.live).toBe(true);
    expect(player.info).toMatchObject({ width: 64, height: 48 });
    expect((await look(player, 500)).length).toBeGreaterThan(3);
  });
});

describe('what cannot be reached', () => {
  it.each([
    ['a closed port', 'http://127.0.0.1:9/x.mp4', 'ERR_INPUT_UNREACHABLE', /refused/],
    [
      'an RTMP server that is not there',
      'rtmp://127.0.0.1:9/x',
      'ERR_INPUT_UNREACHABLE',
      /refused/,
    ],
    [
      'an RTSP server that is not there',
      'rtsp://127.0.0.1:9/x',
      'ERR_INPUT_UNREACHABLE',
      /refused/,
    ],
    ['a camera that is not there', '/dev/video97', 'ERR_INPUT_NOT_FOUND', /no camera/],
    ['a wrong camera option', '/dev/video97?size=big', 'ERR_INPUT_INVALID', /size=big/],
    ['a display that is not there', 'x11::97', 'ERR_INPUT_UNREACHABLE', /display/],
    ['an empty pattern', 'lavfi:', 'ERR_INPUT_INVALID', /testsrc2/],
    ['a pattern that is none', 'lavfi:nope', 'ERR_INPUT_INVALID', /nope/],
    ['a protocol that is none', 'gopher2://x/y', 'ERR_INPUT_NOT_FOUND', /no such file/],
  ])('%s', async (_name, input, code, message) => {
    const expected = { code, message: expect.stringMatching(message) };
    await expect(probe(input, { ffprobe: newestFfprobe })).rejects.toMatchObject(expected);
    await expect(watch(input, newest)).rejects.toMatchObject(expected);
  });

  it('a page that is not there, and one that is no video', async () => {
    const missing = await serve((_, response) => response.writeHead(404).end());
    await expect(probe(missing)).rejects.toMatchObject({
      code: 'ERR_INPUT_UNREACHABLE',
      message: expect.stringContaining('404'),
    });
    const text = await serve((_, response) => response.end('text '.repeat(9999)));
    await expect(probe(text)).rejects.toMatchObject({ code: 'ERR_INPUT_INVALID' });
  });

  it('a server that never answers, within twice the time that is given', async () => {
    const silent = await serve(() => {});
    const begin = performance.now();
    await expect(watch(`${silent}/x`, { inputTimeout: 0.4 })).rejects.toMatchObject({
      code: 'ERR_INPUT_UNREACHABLE',
    });
    expect(performance.now() - begin).toBeLessThan(2500);
    for (const inputTimeout of [0, Number.NaN, '1' as never]) {
      await expect(probe(silent, { inputTimeout })).rejects.toMatchObject({ path: 'inputTimeout' });
    }
  });

  it('an opening that is aborted ends at once and leaves nothing', async () => {
    const silent = await serve(() => {});
    const controller = new AbortController();
    const opening = watch(`${silent}/x-aborted`, { signal: controller.signal });
    const refused = expect(opening).rejects.toMatchObject({ code: 'ERR_ABORTED' });
    setTimeout(() => controller.abort(), 100);
    await refused;
    await eventually(() => processesNaming('x-aborted').length === 0, 3000);
  });

  it('is reported without the password', async () => {
    const failing = probe('rtsp://user:secret@127.0.0.1:9/x');
    const error = (await failing.catch((reason: unknown) => reason)) as FramelaneError;
    expect(error.message).toContain('rtsp://user:***@127.0.0.1:9/x');
    expect(error.message).not.toContain('secret');
    expect(findNetworkSource('http://a:b@c/d', 1)?.url).toBe('http://a:b@c/d');
  });

  it('is reported without the password, too, when it breaks off while a session begins', async () => {
    const give = fileAnswer(clip);
    let gone = false;
    const url = await serve((request, response) => {
      if (gone) response.writeHead(404).end();
      else give(request, response);
    });
    const source = url.replace('//', '//user:secret@');
    const session = runSession(pipeline(), source, 'null:', { device: 'cpu' });
    session.on('start', () => {
      gone = true;
    });
    const error = (await session.finished.catch((reason: unknown) => reason)) as FramelaneError;
    expect(error.code).toBe('ERR_FFMPEG_FAILED');
    expect(error.message).toContain('404');
    expect(error.message).toContain(source.replace('secret', '***'));
    expect(error.message).not.toContain('secret');
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The name of a display that goes when the tests are done. */
async function startXvfb(): Promise<string> {
  const args = ['-displayfd', '1', '-screen', '0', '128x96x24', '-nolisten', 'tcp', '-noreset'];
  const child: ChildProcess = spawn('/usr/bin/Xvfb', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  atEnd(() => {
    child.kill('SIGKILL');
  });
  let said = '';
  for await (const chunk of child.stdout ?? []) {
    said += chunk;
    if (said.endsWith('\n')) return `:${said.trim()}`;
  }
  throw new Error('Xvfb has not started');
}

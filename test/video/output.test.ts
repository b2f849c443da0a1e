/** Outputs by their kind: files, pictures, sequences, stdout; and that none of them is left half done. */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline, runSession, type SessionOptions, VideoWriter } from 'framelane';
import { beforeAll, describe, expect, it } from 'vitest';
import { errorOf } from '../helpers/errors.ts';
import { ffmpeg, ffmpegPath } from '../helpers/programs.ts';
import {
  fakeFfmpeg,
  frameHashes,
  makeClip,
  probedStreams,
  processesNaming,
  temporaryFolder,
} from '../helpers/video.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const cpu = { device: 'cpu' } as const;
const input = file('in.mkv');
beforeAll(() => {
  makeClip(input, { seconds: 0.4, rate: 10, audioAt: 0, output: ['-c:v', 'ffv1'] });
});

const through = (output: string, options: SessionOptions = {}) =>
  runSession(pipeline(), input, output, { ...cpu, ...options }).finished;
const partials = () => readdirSync(folder).filter((name) => name.includes('partial'));

describe('a sequence of pictures', () => {
  const pictures = (name: string) => readdirSync(file(name)).sort();

  it.each(['png', 'jpg', 'webp', 'tiff', 'bmp'])('is written as %s', async (extension) => {
    mkdirSync(file(extension));
    await through(file(`${extension}/f_%03d.${extension}`));
    expect(pictures(extension)).toEqual([1, 2, 3, 4].map((n) => `f_00${n}.${extension}`));
    const [stream] = probedStreams(file(`${extension}/f_003.${extension}`));
    expect(stream).toMatchObject({ width: 64, height: 48 });
  });

  it('of PNG holds the frames as RGB', async () => {
    mkdirSync(file('exact'));
    await through(file('exact/%d.png'), { startNumber: 7 });
    expect(pictures('exact')).toEqual(['10.png', '7.png', '8.png', '9.png']);
  });

  it('of PNG holds the frames as RGB, by their matrix and range', async () => {
    mkdirSync(file('rgb'));
    const full = file('full.mkv');
    const tags = ['-c:v', 'ffv1', '-colorspace', 'bt709', '-color_range', 'tv'];
    makeClip(full, { seconds: 0.1, rate: 10, pixelFormat: 'yuv444p', output: tags });
    await runSession(pipeline(), full, file('rgb/%d.png'), cpu).finished;
    const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
    const filter = 'zscale=matrixin=709:rangein=limited:matrix=gbr:range=full,format=gbrp';
    const theirs = ffmpeg(['-i', full, '-frames:v', '1', '-vf', filter, ...raw]);
    const ours = ffmpeg(['-i', file('rgb/1.png'), ...raw]);
    const errors = ours.map((value, at) => Math.abs(value - (theirs[at] ?? 0)));
    expect(ours).toHaveLength(theirs.length);
    expect(Math.max(...errors)).toBeLessThanOrEqual(1);
  });

  it('keeps what is there, or replaces all of it', async () => {
    mkdirSync(file('kept'));
    for (const name of ['f_0002.png', 'f_0009.png', 'other.png', 'f_9.png']) {
      writeFileSync(file(`kept/${name}`), 'mine');
    }
    await expect(through(file('kept/f_%04d.png'))).rejects.toMatchObject({
      code: 'ERR_OUTPUT_EXISTS',
      message: expect.stringContaining('f_0002.png'),
    });
    expect(pictures('kept')).toHaveLength(4);
    await through(file('kept/f_%04d.png'), { overwrite: true });
    const written = [1, 2, 3, 4].map((n) => `f_000${n}.png`);
    expect(pictures('kept')).toEqual([...written, 'f_9.png', 'other.png']);
  });

  it('that fails leaves nothing, and what was there', async () => {
    mkdirSync(file('failed'));
    writeFileSync(file('failed/f_1.png'), 'mine');
    const fails = fakeFfmpeg(file('fails'), 'encode', 'head -c 20000 <&3 >/dev/null; exit 9');
    const session = through(file('failed/f_%d.png'), { overwrite: true, ffmpeg: fails });
    await expect(session).rejects.toMatchObject({ code: 'ERR_FFMPEG_FAILED' });
    expect(pictures('failed')).toEqual(['f_1.png']);
    expect(readFileSync(file('failed/f_1.png'), 'utf8')).toBe('mine');
  });

  it.each(['f_%04d_%d.png', 'f_%%_%d.png'])('refuses %s', async (name) => {
    await expect(through(file(name))).rejects.toMatchObject({ code: 'ERR_OUTPUT_INVALID' });
  });

  it('is not read and written at once', async () => {
    mkdirSync(file('self'));
    ffmpeg(['-i', input, file('self/f_%d.png')]);
    const own = runSession(pipeline(), file('self/f_1.png'), file('self/f_%d.png'), {
      ...cpu,
      overwrite: true,
    });
    await expect(own.finished).rejects.toMatchObject({ code: 'ERR_OUTPUT_INVALID' });
  });
});

describe('a single picture', () => {
  it('is the first frame', async () => {
    await through(file('poster.png'));
    mkdirSync(file('posters'));
    await through(file('posters/%d.png'));
    expect(frameHashes(file('poster.png'))).toEqual(frameHashes(file('posters/1.png')));
  });

  it('takes no second frame of a writer', async () => {
    const { Image } = await import('framelane');
    const size = { width: 64, height: 48, frameRate: 25, ...cpu };
    await using writer = await VideoWriter.open(file('one.jpg'), size);
    using image = new Image(64, 48, cpu);
    await writer.write(image);
    await expect(writer.write(image)).rejects.toMatchObject({ code: 'ERR_OUTPUT_INVALID' });
    await writer.close();
    expect(probedStreams(file('one.jpg'))[0]).toMatchObject({ codec_name: 'mjpeg' });
  });
});

describe('stdout', () => {
  const cli = join(import.meta.dirname, '../../dist/cli.js');
  const look = file('nothing.json');
  beforeAll(() => writeFileSync(look, JSON.stringify({ stages: [] })));

  /** A session in a process of its own, because it writes to its stdout. */
  function piped(options: object, close = false) {
    const source = `import { pipeline, runSession } from 'framelane';
      const { finished } = runSession(pipeline(), ${JSON.stringify(input)}, '-', ${JSON.stringify({ ...cpu, ...options })});
      finished.catch((error) => { console.error(error.code, error.message); process.exitCode = 1; });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
      cwd: join(cli, '../..'),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    let stderr = '';
    if (close) child.stdout.destroy();
    else child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    return new Promise<{ code: number | null; stdout: Buffer; stderr: string }>((resolve) => {
      child.on('close', (code) => resolve({ code, stdout: Buffer.concat(chunks), stderr }));
    });
  }

  it.each([
    [{}, 'matroska'],
    [{ container: 'mp4' }, 'mov,mp4'],
    [{ container: 'ts' }, 'mpegts'],
    [{ container: 'y4m' }, 'yuv4mpegpipe'],
    [{ container: 'gif' }, 'gif'],
  ])('carries %o as a stream', async (options, format) => {
    const { code, stdout, stderr } = await piped(options);
    expect([code, stderr]).toEqual([0, '']);
    const path = file(`piped-${format.split(',')[0]}`);
    writeFileSync(path, stdout);
    expect(frameHashes(path)).toHaveLength(4);
    expect(ffmpeg(['-i', path, '-f', 'null', '-']).toString()).toBe('');
  });

  it('whose reader goes is an error that says so', async () => {
    const { code, stderr } = await piped({ container: 'y4m' }, true);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ERR_OUTPUT_INVALID stdout: the reader closed the pipe early/);
  });
});

describe('containers', () => {
  const boxes = (path: string) => {
    const data = readFileSync(path);
    const names: string[] = [];
    for (let at = 0; at + 8 <= data.length; at += data.readUInt32BE(at)) {
      names.push(data.toString('latin1', at + 4, at + 8));
    }
    return names.filter((name) => name === 'moov' || name === 'mdat').join(' ');
  };

  it.each([
    ['mp4', {}, 'moov mdat'],
    ['mov', {}, 'moov mdat'],
    ['mp4', { faststart: false }, 'mdat moov'],
  ])('.%s with %o has %s', async (extension, options, order) => {
    // The rate is not constant, so that the end is repaired too.
    const varying = file('varying.mkv');
    makeClip(varying, {
      rate: 30,
      seconds: 0.5,
      filter: 'select=not(eq(mod(n\\,4)\\,1))',
      output: ['-vsync', 'vfr', '-c:v', 'ffv1'],
    });
    const output = file(`order.${extension}`);
    const more = { ...cpu, overwrite: true, preset: 'ultrafast', ...options } as const;
    await runSession(pipeline(), varying, output, more).finished;
    expect(boxes(output)).toBe(order);
    expect(frameHashes(output)).toHaveLength(frameHashes(varying).length);
  });

  it('can be said instead of an extension', async () => {
    await through(file('film.bin'), { container: 'mkv' });
    expect(probedStreams(file('film.bin'))[0]).toMatchObject({ codec_name: 'h264' });
  });

  it.each([
    ['film', /extension .*\.mp4.*option container, received none/],
    ['film.mkw', /received \.mkw \(did you mean "\.mkv"\?\)/],
  ])('of %s are not known', (name, message) => {
    const error = errorOf(() => runSession(pipeline(), input, file(name), cpu));
    expect(error).toMatchObject({ code: 'ERR_OUTPUT_INVALID' });
    expect(error.message).toMatch(message);
  });
});

describe('an output that cannot be finished', () => {
  /** FFmpeg with a limit on the size of files: its writes fail as on a full disk. */
  function limited(kilobytes: number): string {
    const path = file('limited');
    writeFileSync(
      path,
      `#!/bin/sh\ntrap '' XFSZ\nulimit -f ${kilobytes}\nexec '${ffmpegPath}' "$@"\n`,
    );
    chmodSync(path, 0o755);
    return path;
  }

  it.each([
    ['a disk that is full', () => limited(4), /File too large/],
    [
      'an encoder that is killed',
      () => fakeFfmpeg(file('killed'), 'encode', 'kill -9 $$'),
      /SIGKILL/,
    ],
  ])('%s is told, and leaves what was there', async (_name, program, message) => {
    for (const name of ['whole.mkv', 'whole.mp4']) {
      writeFileSync(file(name), 'mine');
      const options = { overwrite: true, ffmpeg: program(), codec: 'ffv1' } as const;
      const codec = name.endsWith('mp4') ? { codec: 'libx264', lossless: true } : {};
      await expect(
        through(file(name), { ...options, ...codec } as SessionOptions),
      ).rejects.toMatchObject({
        code: 'ERR_FFMPEG_FAILED',
        message: expect.stringMatching(message),
      });
      expect(readFileSync(file(name), 'utf8')).toBe('mine');
    }
    expect(partials()).toEqual([]);
    expect(processesNaming(folder)).toEqual([]);
  });

  it('has its name only when it is whole', async () => {
    await through(file('whole.nut'), { codec: 'rawvideo' });
    expect(frameHashes(file('whole.nut'))).toEqual(frameHashes(input));
    expect(partials()).toEqual([]);
    expect(existsSync(file('no'))).toBe(false);
  });
});

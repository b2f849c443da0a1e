/** Files and programs that are broken: every fault has its code, and leaves nothing behind. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type ErrorCode, pipeline, probe, runSession, VideoReader, VideoWriter } from 'framelane';
import { afterEach, describe, expect, it, onTestFinished, type TestContext } from 'vitest';
import { belongings } from '../helpers/belongings.ts';
import { ffmpeg, ffmpegPath } from '../helpers/programs.ts';
import {
  eventually,
  fakeFfmpeg,
  frameHashes,
  makeClip,
  processesNaming,
  temporaryFiles,
} from '../helpers/video.ts';

const { folder, file } = temporaryFiles();
const cpu = { device: 'cpu', overwrite: true } as const;
const limit = 10_000; // a fault that hangs is a failure of its row
const x264 = ['-c:v', 'libx264', '-g', '10', '-bf', '0', '-preset', 'ultrafast'];
const faststart = [...x264, '-movflags', '+faststart'];
const mp4 = makeClip(file('whole.mp4'), { seconds: 2, output: x264 });
const fast = makeClip(file('fast.mp4'), { seconds: 2, output: faststart });
const mkv = makeClip(file('whole.mkv'), { seconds: 2, output: x264 });
const ts = makeClip(file('whole.ts'), { seconds: 2, output: x264 });
const long = makeClip(file('long.mp4'), { size: '640x360', seconds: 20, rate: 50, output: x264 });
const before = belongings();

const output = file('out.mp4');
const session = (input: string, options: object = {}, to = output) =>
  runSession(pipeline().brightness(0.1), input, to, { ...cpu, ...options });

/** Runs to a failure with that code; an existing output stays as it is. */
async function expectFailure(
  input: string,
  code: ErrorCode,
  message: RegExp,
  options: object = {},
): Promise<void> {
  writeFileSync(output, 'mine');
  await expect(session(input, options).finished).rejects.toMatchObject({
    name: 'FramelaneError',
    code,
    message: expect.stringMatching(message),
  });
  expect(readFileSync(output, 'utf8')).toBe('mine');
}

/** The first part of a file. */
function cut(path: string, part: number, name: string): string {
  const bytes = readFileSync(path);
  writeFileSync(file(name), bytes.subarray(0, Math.floor(bytes.length * part)));
  return file(name);
}

function written(name: string, content: string | Uint8Array): string {
  writeFileSync(file(name), content);
  return file(name);
}

function joined(name: string, ...parts: readonly string[]): string {
  return written(name, Buffer.concat(parts.map((part) => readFileSync(part))));
}

afterEach(async () => {
  await eventually(() => processesNaming(folder).length === 0);
  expect(
    readdirSync(folder, { recursive: true }).filter((name) => /partial/.test(`${name}`)),
  ).toEqual([]);
  await eventually(() => belongings().descriptors <= before.descriptors + 4, 2000); // pools of libuv
});

describe('an input that cannot be read', () => {
  it.each([
    ['no file', () => file('missing.mp4'), 'ERR_INPUT_NOT_FOUND', /no such file/],
    ['below a file', () => join(mp4, 'x.mp4'), 'ERR_INPUT_NOT_FOUND', /ENOTDIR/],
    ['a folder', () => folder, 'ERR_INPUT_INVALID', /received a folder/],
    ['empty', () => written('empty.mp4', ''), 'ERR_INPUT_INVALID', /an empty file/],
    ['text', () => written('text.mp4', 'text '.repeat(999)), 'ERR_INPUT_INVALID', /not a readable/],
    ['zeros', () => written('0.mkv', Buffer.alloc(9999)), 'ERR_INPUT_INVALID', /not a readable/],
    ['sound alone', sound, 'ERR_INPUT_INVALID', /expected a video stream, received 0 \(audio/],
    ['no moov', () => cut(mp4, 0.5, 'no-moov.mp4'), 'ERR_INPUT_INVALID', /moov atom not found/],
    ['half a moov', () => cut(fast, 0.03, 'half.mp4'), 'ERR_INPUT_INVALID', /./],
    ['an mkv head', () => cut(mkv, 0.005, 'head.mkv'), 'ERR_INPUT_INVALID', /./],
    ['a ts head', () => cut(ts, 0.01, 'head.ts'), 'ERR_INPUT_INVALID', /./],
    [
      'a FIFO without a writer',
      fifo,
      'ERR_INPUT_INVALID',
      /nothing was written to the pipe for 1 s/,
    ],
    ['a device', (): string => '/dev/zero', 'ERR_INPUT_INVALID', /received a device/],
    ['a 0x0 picture', () => header(0, 0), 'ERR_INPUT_INVALID', /./],
    ['a 16384x16384 picture', () => header(16384, 16384), 'ERR_INPUT_INVALID', /16384x16384/],
  ] as const)(
    '%s',
    async (_, make, code, message) => {
      const input = make();
      await expectFailure(input, code, message);
      await expect(readAll(input)).rejects.toMatchObject({ name: 'FramelaneError' });
    },
    limit,
  );

  it('without permission', async (context: TestContext) => {
    if (process.getuid?.() === 0) context.skip('root reads everything');
    const secret = written('secret.mp4', readFileSync(mp4));
    chmodSync(secret, 0);
    await expectFailure(secret, 'ERR_INPUT_INVALID', /cannot be read \(EACCES\)/);
  });

  function sound(): string {
    ffmpeg(['-y', '-f', 'lavfi', '-i', 'sine=d=0.2', file('sound.mp4')]);
    return file('sound.mp4');
  }

  function fifo(): string {
    process.env['FRAMELANE_PATIENCE'] = '1';
    onTestFinished(() => {
      delete process.env['FRAMELANE_PATIENCE'];
    });
    execFileSync('mkfifo', [file('fifo.mp4')]);
    return file('fifo.mp4');
  }

  /** A Matroska-free way to declare a size: a YUV4MPEG head without frames. */
  function header(width: number, height: number): string {
    return written(`${width}.y4m`, `YUV4MPEG2 W${width} H${height} F25:1 C420jpeg\nFRAME\n`);
  }
});

async function readAll(input: string): Promise<{ frames: number; warnings: readonly string[] }> {
  await using reader = await VideoReader.open(input, { device: 'cpu' });
  let frames = 0;
  for await (const _ of reader) frames++;
  if (frames === 0) throw Object.assign(new Error('no frame'), { name: 'FramelaneError' });
  return { frames, warnings: reader.warnings };
}

describe('an input that is damaged gives the frames it has, and a warning', () => {
  // How many frames are whole is what FFmpeg decodes by itself.
  it.each([
    ['mp4 in the middle of mdat', () => cut(fast, 0.6, 'cut.mp4'), /partial file/],
    ['mp4 in the last frame', () => cut(fast, 0.999, 'last.mp4'), /partial file|NAL unit/],
    ['mkv at a third', () => cut(mkv, 0.3, 'third.mkv'), /Read error|prematurely/],
    ['mkv at its end', () => cut(mkv, 0.9, 'nine.mkv'), /Read error|prematurely/],
    ['mp4 with flipped bytes', () => flipped(mp4, 'flip.mp4'), /h264|decod/],
    ['mkv with flipped bytes', () => flipped(mkv, 'flip.mkv'), /h264|decod|Read error/],
    ['ts with flipped bytes', () => flipped(ts, 'flip.ts'), /h264|decod/],
  ] as const)(
    '%s',
    async (_, make, words) => {
      const input = make();
      const { frames, warnings } = await session(input).finished;
      expect(frames).toBe(decodable(input));
      expect(frames).toBeLessThanOrEqual(50);
      expect(warnings.join()).toMatch(/damaged or incomplete/);
      expect(warnings.join()).toMatch(words);
      expect(frameHashes(output)).toHaveLength(frames);
      const read = await readAll(input); // the order of the lines is that of FFmpeg's threads
      expect(read.frames).toBe(frames);
      expect(read.warnings.join()).toMatch(/damaged or incomplete/);
    },
    limit,
  );

  it('a transport stream may end anywhere: only a torn picture is damage', async () => {
    const input = cut(ts, 0.6, 'cut.ts');
    const { frames } = await session(input).finished;
    expect(frames).toBe(decodable(input));
    expect(frames).toBeGreaterThan(20);
  });

  it('a whole file is none', async () => {
    expect(await session(mkv).finished).toMatchObject({ frames: 50, warnings: [] });
  });

  function decodable(path: string): number {
    const args = ['-v', 'quiet', '-i', path, '-map', '0:v:0', '-vsync', 'passthrough'];
    const { stdout } = spawnSync(ffmpegPath, [...args, '-f', 'framemd5', '-']);
    return stdout
      .toString()
      .split('\n')
      .filter((line) => /^\d/.test(line)).length;
  }

  function flipped(path: string, name: string): string {
    const bytes = Buffer.from(readFileSync(path));
    const to = bytes.length * 0.5;
    for (let at = Math.floor(bytes.length * 0.4); at < to; at += 7) bytes[at] = ~(bytes[at] ?? 0);
    return written(name, bytes);
  }
});

describe('a picture that changes on the way', () => {
  const part = (name: string, clip: object) =>
    makeClip(file(name), { seconds: 0.4, output: x264, ...clip });

  it.each([
    ['size', 'ts', { size: '32x32' }, /from 64x48 yuv420p to 32x32 yuv420p/],
    ['size, larger, in a raw stream', 'h264', { size: '128x96' }, /to 128x96 yuv420p/],
    ['pixel format', 'ts', { pixelFormat: 'yuv444p' }, /to 64x48 yuv444p/],
  ] as const)(
    'its %s: converted to the first, with a warning',
    async (name, extension, clip, words) => {
      const first = part(`first ${name}.${extension}`, {});
      const second = part(`second ${name}.${extension}`, clip);
      const input = joined(`both ${name}.${extension}`, first, second);
      const { frames, warnings } = await session(input).finished;
      expect(frames).toBe(20);
      expect(warnings.join()).toMatch(words);
      expect(await probe(output)).toMatchObject({ width: 64, height: 48, pixelFormat: 'yuv420p' });
      // The part before the change is untouched: empty pipeline, lossless, equal to the first clip.
      await runSession(pipeline(), input, file('same.mkv'), { ...cpu, codec: 'ffv1' }).finished;
      expect(frameHashes(file('same.mkv')).slice(0, 10)).toEqual(frameHashes(first));
    },
    limit,
  );
});

describe('a name', () => {
  it.each([
    'a space.mp4',
    `it's "quoted".mp4`,
    '%d %03d %s.mp4',
    '-dash.mp4',
    'co:lon.mp4',
    'new\nline.mp4',
    'ünï 動画.mp4',
    'file:x.mp4',
    'concat:a|b.mp4',
    'pipe:0.mp4',
    'http:x.mp4',
    '$HOME `id` ; & *.mp4',
  ])(
    '%j is a file, at both ends and as seen from the folder',
    async (name) => {
      copyFileSync(mp4, file(name));
      const target = file(`out ${name}`);
      expect(await session(file(name), {}, target).finished).toMatchObject({ frames: 50 });
      expect(frameHashes(`file:${target}`)).toHaveLength(50);
      const home = process.cwd();
      process.chdir(folder);
      try {
        expect(await session(name, {}, `again ${name}`).finished).toMatchObject({ frames: 50 });
      } finally {
        process.chdir(home);
      }
      expect(readdirSync(folder)).toContain(`again ${name}`);
    },
    limit,
  );

  it('says nothing of the content', async () => {
    copyFileSync(mkv, file('really-mkv.mp4'));
    expect(await probe(file('really-mkv.mp4'))).toMatchObject({ container: 'matroska,webm' });
    expect(await session(file('really-mkv.mp4')).finished).toMatchObject({ frames: 50 });
  });
});

describe('an output that cannot be written', () => {
  it.each([
    [
      'in no folder',
      (): string => join(folder, 'none/x.mp4'),
      'ERR_OUTPUT_INVALID',
      /does not exist/,
    ],
    ['below a file', (): string => join(mp4, 'x.mp4'), 'ERR_OUTPUT_INVALID', /is not a folder/],
    ['that is a folder', madeFolder, 'ERR_OUTPUT_INVALID', /is not a file/],
    [
      'where files cannot be made',
      (): string => '/proc/x.mp4',
      'ERR_OUTPUT_INVALID',
      /nothing can be written beside it/,
    ],
  ] as const)(
    '%s',
    async (_, make, code, message) => {
      const { finished } = session(mp4, {}, make());
      await expect(finished).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
    },
    limit,
  );

  function madeFolder(): string {
    mkdirSync(file('folder.mp4'));
    return file('folder.mp4');
  }

  it(
    'on a disk that fills up',
    async (context: TestContext) => {
      const disk = file('disk');
      mkdirSync(disk);
      const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
      if (mounted.status !== 0) context.skip('this user may not mount a small disk');
      try {
        const session = runSession(pipeline(), long, join(disk, 'out.mp4'), cpu);
        await expect(session.finished).rejects.toMatchObject({
          code: 'ERR_FFMPEG_FAILED',
          message: expect.stringContaining('No space left on device'),
        });
        expect(readdirSync(disk)).toEqual([]);
      } finally {
        spawnSync('umount', [disk]);
      }
    },
    limit,
  );

  it(
    'beyond a limit of the file size',
    async () => {
      // No file of this encoder may pass 8 blocks of 512 bytes; FFmpeg sees EFBIG as it would see ENOSPC.
      const body = `ulimit -f 8; trap '' XFSZ; exec "$real" "$@"`;
      const full = fakeFfmpeg(file('full'), 'encode', body);
      await expectFailure(long, 'ERR_FFMPEG_FAILED', /encoding .*File too large/s, {
        ffmpeg: full,
      });
    },
    limit,
  );
});

describe('an FFmpeg', () => {
  const kill = `"$real" "$@" & child=$!; (sleep 0.3; kill -KILL $child) & wait $child; kill -KILL $$`;

  it.each([
    ['decode', 'that is killed', kill, 'ERR_FFMPEG_FAILED', /decoding .*SIGKILL/s],
    ['encode', 'that is killed', kill, 'ERR_FFMPEG_FAILED', /encoding .*SIGKILL/s],
    ['decode', 'that says a lot and fails', flood('exit 3'), 'ERR_FFMPEG_FAILED', /code 3/],
    ['encode', 'that says a lot and fails', flood('exit 3'), 'ERR_FFMPEG_FAILED', /code 3/],
    [
      'decode',
      'that sends noise',
      'head -c 99999 /dev/urandom >&3; exit 0',
      'ERR_STREAM_FORMAT',
      /NUT/,
    ],
    ['decode', 'that sends nothing', 'exit 0', 'ERR_INPUT_INVALID', /no frame/],
    ['decode', 'that closes its end', 'exec 3>&-; exit 0', 'ERR_INPUT_INVALID', /no frame/],
    [
      'encode',
      'that takes all and makes no file',
      'cat <&3 >/dev/null; exit 0',
      'ERR_FFMPEG_FAILED',
      /wrote no file/,
    ],
    [
      'encode',
      'that ends well before the end',
      'head -c 999 <&3 >/dev/null; exit 0',
      'ERR_FFMPEG_FAILED',
      /stopped taking frames after \d+/,
    ],
  ] as const)(
    '%s: %s',
    async (role, name, body, code, message) => {
      const fake = fakeFfmpeg(file(`${role} ${name}`), role, body);
      await expectFailure(long, code, message, { ffmpeg: fake });
    },
    limit,
  );

  it(
    'that says more than a megabyte before it works',
    async () => {
      const fake = fakeFfmpeg(file('talker'), 'decode', flood('exec "$real" "$@"'));
      const { frames, warnings } = await session(mp4, { ffmpeg: fake }).finished;
      expect(frames).toBe(50);
      expect(warnings.join().length).toBeLessThan(5000);
    },
    limit,
  );

  function flood(then: string): string {
    return `yes noise | head -c 1500000 >&2; ${then}`;
  }
});

describe('a signal', () => {
  const reason = new Error('enough');
  const aborted = { code: 'ERR_ABORTED', cause: reason };
  const hanging = (name: string): string => {
    writeFileSync(file(name), '#!/bin/sh\nwhile :; do sleep 0.1; done\n');
    chmodSync(file(name), 0o755);
    return file(name);
  };
  const soon = (milliseconds: number) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), milliseconds);
    return controller.signal;
  };

  it.each([
    ['before', () => ({ signal: AbortSignal.abort(reason) })],
    ['while probing', () => ({ signal: soon(100), ffprobe: hanging('hang probe') })],
    ['while decoding', () => ({ signal: soon(300), ffmpeg: hang('decode') })],
    ['while encoding', () => ({ signal: soon(300), ffmpeg: hang('encode') })],
    ['while running', () => ({ signal: soon(250) })],
  ])(
    '%s ends a session at once',
    async (_, options) => {
      const begin = performance.now();
      await expect(session(long, options()).finished).rejects.toMatchObject(aborted);
      expect(performance.now() - begin).toBeLessThan(2000);
    },
    limit,
  );

  it(
    'while its program does not even tell its version',
    async () => {
      const options = { signal: soon(100), ffmpeg: hanging('hang version') };
      await expect(session(long, options).finished).rejects.toMatchObject(aborted);
      for (const id of processesNaming(file('hang version'))) process.kill(id);
    },
    limit,
  );

  it('after the end does nothing', async () => {
    const controller = new AbortController();
    const running = session(mp4, { signal: controller.signal });
    expect(await running.finished).toMatchObject({ frames: 50 });
    controller.abort(reason);
    expect(await running.finished).toMatchObject({ frames: 50 });
    expect(frameHashes(output)).toHaveLength(50);
  });

  it(
    'ends a reader: before, while probing, while it waits, and between frames',
    async () => {
      const open = (options: object): Promise<VideoReader> =>
        VideoReader.open(long, { device: 'cpu', ...options });
      await expect(open({ signal: AbortSignal.abort(reason) })).rejects.toMatchObject(aborted);
      const probing = { signal: soon(100), ffprobe: hanging('hang probe') };
      await expect(open(probing)).rejects.toMatchObject(aborted);
      const reading = async (options: object): Promise<void> => {
        for await (const _ of await open(options))
          await new Promise((next) => setTimeout(next, 20));
      };
      await expect(reading({ signal: soon(300), ffmpeg: hang('decode') })).rejects.toMatchObject(
        aborted,
      );
      await expect(reading({ signal: soon(300) })).rejects.toMatchObject(aborted);
    },
    limit,
  );

  it(
    'ends a reader whose FFmpeg is being asked for its filters',
    async () => {
      const asked = file('asked');
      const path = file('slow filters');
      const slow = `case "$*" in *-filters*) touch '${asked}'; sleep 0.5 ;; esac`;
      writeFileSync(path, `#!/bin/sh\n${slow}\nexec '${ffmpegPath}' "$@"\n`);
      chmodSync(path, 0o755);
      const controller = new AbortController();
      const opened = VideoReader.open(long, {
        device: 'cpu',
        ffmpeg: path,
        signal: controller.signal,
      });
      await eventually(() => existsSync(asked));
      controller.abort(reason);
      await expect(opened).rejects.toMatchObject(aborted);
    },
    limit,
  );

  it(
    'ends a writer: before, while it waits, and at its end, and removes the file',
    async () => {
      const size = { width: 640, height: 360, frameRate: 25, ...cpu };
      const target = file('written.mp4');
      const open = (options: object): Promise<VideoWriter> =>
        VideoWriter.open(target, { ...size, ...options });
      await expect(open({ signal: AbortSignal.abort(reason) })).rejects.toMatchObject(aborted);
      const writing = async (options: object): Promise<void> => {
        const writer = await open(options);
        for await (const image of await VideoReader.open(long, { device: 'cpu' }))
          await writer.write(image);
        await writer.close();
      };
      await expect(writing({ signal: soon(300), ffmpeg: hang('encode') })).rejects.toMatchObject(
        aborted,
      );
      await expect(writing({ signal: soon(400) })).rejects.toMatchObject(aborted);
      const closing = fakeFfmpeg(file('slow end'), 'encode', 'cat <&3 >/dev/null; exec sleep 1000');
      const controller = new AbortController();
      const writer = await open({ signal: controller.signal, ffmpeg: closing });
      for await (const image of await VideoReader.open(long, { device: 'cpu', to: 0.1 }))
        await writer.write(image);
      const end = writer.close();
      setTimeout(() => controller.abort(reason), 100);
      await expect(end).rejects.toMatchObject(aborted);
      expect(readdirSync(folder)).not.toContain('written.mp4');
    },
    limit,
  );

  function hang(role: 'decode' | 'encode'): string {
    return fakeFfmpeg(file(`hang ${role}`), role, 'exec sleep 1000');
  }
});

/** How sessions end before their end: stopped, aborted, killed, or with an FFmpeg that fails, floods or hangs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { FramelaneError, pipeline, runSession, type Session } from 'framelane';
import { describe, expect, it } from 'vitest';
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
const long = makeClip(file('long.mp4'), { size: '640x360', seconds: 60, rate: 50, audioAt: 0 });
const short = makeClip(file('short.mp4'), { seconds: 1, audioAt: 0 });

const partials = () => readdirSync(folder).filter((name) => name.includes('partial'));

const framesOut = (session: Session) => session.stats().outputs[0]?.framesOut ?? 0;

/** Settles once some frames have gone through. */
async function underWay(session: Session, frames = 1): Promise<void> {
  while (framesOut(session) < frames) {
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 5)), session.finished]);
  }
}

async function expectNothingLeft(output: string): Promise<void> {
  await eventually(() => processesNaming(folder).length === 0);
  expect(partials()).toEqual([]);
  expect(readdirSync(folder)).not.toContain(output);
}

describe('stop', () => {
  it('finishes a playable file with the frames so far', async () => {
    const session = runSession(pipeline(), long, file('stopped.mp4'), {
      ...cpu,
      codec: 'libx264',
      preset: 'ultrafast',
    });
    await underWay(session, 20);
    session.stop();
    session.stop();
    const result = await session.finished;
    expect(result.stopped).toBe(true);
    expect(result.frames).toBeGreaterThanOrEqual(20);
    expect(result.frames).toBeLessThan(3000);
    expect(frameHashes(file('stopped.mp4'))).toHaveLength(result.frames);
    expect(processesNaming(folder)).toEqual([]);
  });

  it('before the first frame is an abort', async () => {
    const session = runSession(pipeline(), long, file('never.mp4'), cpu);
    session.stop();
    await expect(session.finished).rejects.toMatchObject({ code: 'ERR_ABORTED' });
    await expectNothingLeft('never.mp4');
  });
});

describe('a listener', () => {
  it.each(['stop', 'abort'] as const)('of start may %s', async (how) => {
    const session = runSession(pipeline(), long, file('early.mp4'), cpu);
    session.on('start', () => {
      expect(framesOut(session)).toBe(0);
      session[how]();
    });
    await expect(session.finished).rejects.toMatchObject({ code: 'ERR_ABORTED' });
    await expectNothingLeft('early.mp4');
    expect(framesOut(session)).toBe(0);
  });
});

describe('abort', () => {
  it('removes what was written and ends every process', async () => {
    const session = runSession(pipeline(), long, file('aborted.mp4'), cpu);
    await underWay(session);
    await eventually(() => partials().length === 1);
    session.abort('enough');
    await expect(session.finished).rejects.toMatchObject({ code: 'ERR_ABORTED', cause: 'enough' });
    await expectNothingLeft('aborted.mp4');
  });

  it('comes from a signal, also from one that came before', async () => {
    const controller = new AbortController();
    const options = { ...cpu, signal: controller.signal };
    const running = runSession(pipeline(), long, file('signal.mp4'), options);
    await underWay(running);
    controller.abort();
    const cause = controller.signal.reason;
    await expect(running.finished).rejects.toMatchObject({ code: 'ERR_ABORTED', cause });
    const late = runSession(pipeline(), long, file('signal.mp4'), options);
    await expect(late.finished).rejects.toMatchObject({ code: 'ERR_ABORTED', cause });
    await expectNothingLeft('signal.mp4');
  });

  it('after stop ends an encoder that takes its time', async () => {
    const ffmpeg = fakeFfmpeg(file('slow'), 'encode', 'cat <&3 >/dev/null; exec sleep 1000');
    const session = runSession(pipeline(), short, file('slow.mp4'), { ...cpu, ffmpeg });
    await underWay(session);
    session.stop();
    await new Promise((resolve) => setTimeout(resolve, 100));
    session.abort();
    await expect(session.finished).rejects.toMatchObject({ code: 'ERR_ABORTED' });
    await expectNothingLeft('slow.mp4');
  });

  it.each(['decode', 'encode'] as const)(
    'ends a session whose FFmpeg hangs at %s',
    async (role) => {
      const ffmpeg = fakeFfmpeg(file(`hang-${role}`), role, 'exec sleep 1000');
      const session = runSession(pipeline(), long, file('hang.mp4'), { ...cpu, ffmpeg });
      await new Promise((resolve) => session.once('start', resolve));
      await new Promise((resolve) => setTimeout(resolve, 300));
      session.abort();
      await expect(session.finished).rejects.toMatchObject({ code: 'ERR_ABORTED' });
      await expectNothingLeft('hang.mp4');
    },
  );
});

describe('FFmpeg', () => {
  const flood = 'head -c 3000000 /dev/zero | tr "\\\\0" x >&2';

  it.each(['decode', 'encode'] as const)('may flood its stderr at %s', async (role) => {
    const ffmpeg = fakeFfmpeg(file(`flood-${role}`), role, `${flood}; exec "$real" "$@"`);
    const session = runSession(pipeline(), short, file('flood.mp4'), { ...cpu, ffmpeg });
    expect(await session.finished).toMatchObject({ frames: 25 });
  });

  it.each([
    [
      'decode',
      'at once',
      'echo "no such luck" >&2; exit 7',
      /decoding .*exit code 7:\nno such luck$/s,
    ],
    [
      'encode',
      'at once',
      'echo "no such luck" >&2; exit 7',
      /encoding .*exit code 7:\nno such luck$/s,
    ],
    [
      'encode',
      'in the middle',
      'head -c 5000000 <&3 >/dev/null; echo "disk full" >&2; exit 1',
      /encoding .*disk full/s,
    ],
    [
      'decode',
      'in the middle',
      '"$real" "$@" 3>&1 | head -c 5000000 >&3; echo "torn" >&2; exit 1',
      /decoding .*torn/s,
    ],
    ['decode', 'by a signal', 'kill -SEGV $$', /decoding .*SIGSEGV/s],
    ['encode', 'silently', 'exit 1', /encoding .*no message/s],
  ] as const)(
    'that fails to %s %s is the error, and an existing output stays',
    async (role, how, body, message) => {
      const name = `${role} ${how}`;
      const ffmpeg = fakeFfmpeg(file(name), role, body);
      writeFileSync(file('kept.mp4'), 'mine');
      const session = runSession(pipeline(), long, file('kept.mp4'), { ...cpu, ffmpeg });
      const error = await session.finished.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(FramelaneError);
      expect(error).toMatchObject({
        code: 'ERR_FFMPEG_FAILED',
        message: expect.stringMatching(message),
      });
      expect(readFileSync(file('kept.mp4'), 'utf8')).toBe('mine');
      await eventually(() => processesNaming(folder).length === 0);
      expect(partials()).toEqual([]);
    },
  );

  it.each([
    ['no frame', 'exit 0', 'ERR_INPUT_INVALID', /no frame/],
    ['something else', 'echo nonsense >&3; exit 0', 'ERR_STREAM_FORMAT', /does not start as NUT/],
  ])('that decodes to %s is told from one that fails', async (name, body, code, message) => {
    const ffmpeg = fakeFfmpeg(file(name), 'decode', body);
    const session = runSession(pipeline(), short, file('none.mp4'), { ...cpu, ffmpeg });
    await expect(session.finished).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    await expectNothingLeft('none.mp4');
  });

  it('that sends pictures of another size is refused', async () => {
    const other = makeClip(file('other.mkv'), { size: '32x32' });
    const body = `exec "$real" -v error -i '${other}' -pix_fmt yuv420p -c:v rawvideo -f nut pipe:3`;
    const ffmpeg = fakeFfmpeg(file('resized'), 'decode', body);
    const session = runSession(pipeline(), short, file('none.mp4'), { ...cpu, ffmpeg });
    await expect(session.finished).rejects.toMatchObject({
      code: 'ERR_STREAM_FORMAT',
      message: expect.stringContaining('32x32, expected 64x48'),
    });
  });
});

describe('a program', () => {
  const script = join(import.meta.dirname, '../helpers/run-session.mjs');

  /** Runs the script until a few frames are through; `lines` goes on to fill. */
  async function start(output: string, options: object = {}) {
    const args = [script, long, file(output), JSON.stringify({ ...cpu, ...options })];
    const child: ChildProcess = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: Record<string, unknown>[] = [];
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.trim().split('\n')) lines.push(JSON.parse(line));
    });
    await eventually(() => lines.some(({ frames }) => Number(frames) > 0));
    return { child, lines };
  }

  it('that is killed leaves no FFmpeg behind', async () => {
    const { child } = await start('killed.mp4');
    expect(processesNaming(folder).length).toBeGreaterThanOrEqual(3);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await eventually(() => processesNaming(folder).length === 0);
    expect(readdirSync(folder)).not.toContain('killed.mp4');
  });

  it('that is interrupted finishes its file', async () => {
    const { child, lines } = await start('interrupted.mp4', { preset: 'ultrafast' });
    child.kill('SIGINT');
    await once(child, 'exit');
    const result = lines.at(-1)?.['result'] as { frames: number; stopped: boolean };
    expect(result.stopped).toBe(true);
    expect(frameHashes(file('interrupted.mp4'))).toHaveLength(result.frames);
  });

  it('that ends without waiting removes what it began', async () => {
    const { child } = await start('left.mp4');
    child.kill('SIGTERM'); // Node has no handler for it: it dies at once, as from SIGKILL
    await once(child, 'exit');
    await eventually(() => processesNaming(folder).length === 0);
    expect(readdirSync(folder)).not.toContain('left.mp4');
  });

  it('holds its memory over many frames', async () => {
    const { child, lines } = await start('rss.mp4', { preset: 'ultrafast' });
    await once(child, 'exit');
    const steps = lines.filter(({ frames }) => Number(frames) > 300);
    const sizes = steps.map(({ rss }) => Number(rss) / 2 ** 20);
    expect(lines.at(-1)).toMatchObject({ result: { frames: 3000 } });
    expect(Math.max(...sizes) - (sizes[0] ?? 0)).toBeLessThan(8);
  });
});

it('a worker thread is terminated in the middle of everything', async () => {
  const ffmpeg = fakeFfmpeg(file('worker-hang'), 'decode', 'exec sleep 1000');
  const workerData = { input: long, folder, ffmpeg };
  const script = join(import.meta.dirname, '../helpers/video-worker.mjs');
  for (let round = 0; round < 8; round++) {
    const worker = new Worker(script, { workerData });
    await once(worker, 'message');
    await new Promise((resolve) => setTimeout(resolve, round * 3));
    await worker.terminate();
  }
  await eventually(() => processesNaming(folder).length === 0);
});

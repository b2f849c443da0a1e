/** What is not finished: whose it is, who can reach it, and that nothing of it is left however a process ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { download, Image, load, pipeline, runSession, save } from 'framelane';
import { describe, expect, it } from 'vitest';
import { OutputFile } from '../../src/output-file.ts';
import { Partial } from '../../src/system/partial.ts';
import { ffmpegPaths } from '../helpers/programs.ts';
import {
  eventually,
  frameHashes,
  makeClip,
  processesNaming,
  temporaryFiles,
} from '../helpers/video.ts';

const { folder, file } = temporaryFiles();
const clip = makeClip(file('clip.mp4'), { seconds: 1, audioAt: 0 });
const long = makeClip(file('long.mp4'), { size: '640x360', seconds: 20, rate: 50, audioAt: 0 });
const cpu = { device: 'cpu', overwrite: true } as const;
const script = join(import.meta.dirname, '../helpers/leave-partials.mjs');

const partials = (where = folder) => readdirSync(where).filter((name) => name.includes('partial'));

/** A folder of its own for a test. */
function place(name: string): string {
  mkdirSync(file(name));
  return file(name);
}

async function started(where: string, how: string, options: object = {}): Promise<ChildProcess> {
  const args = [script, long, where, how, JSON.stringify(options)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return child;
}

async function ended(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  return (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
}

describe('a process that ends in the middle', () => {
  it.each(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const)(
    'by %s leaves nothing, and dies of the signal',
    async (signal) => {
      const where = place(signal);
      const child = await started(where, 'waits');
      expect(partials(where)).toHaveLength(1);
      child.kill(signal);
      expect(await ended(child)).toEqual([null, signal]);
      expect(readdirSync(where)).toEqual([]);
      await eventually(() => processesNaming(where).length === 0, 1000);
    },
  );

  it('by process.exit() leaves nothing', async () => {
    const where = place('exit');
    const child = await started(where, 'exits');
    expect(await ended(child)).toEqual([7, null]);
    expect(readdirSync(where)).toEqual([]);
    await eventually(() => processesNaming(where).length === 0, 1000);
  });

  it('decides itself what a signal does', async () => {
    const where = place('handles');
    const child = await started(where, 'handles', { preset: 'ultrafast' });
    child.kill('SIGTERM');
    const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    const { frames, stopped } = JSON.parse(line.toString()) as { frames: number; stopped: boolean };
    expect(stopped).toBe(true);
    expect(await ended(child)).toEqual([0, null]);
    expect(readdirSync(where)).toEqual(['left.mp4']);
    expect(frameHashes(join(where, 'left.mp4'))).toHaveLength(frames);
  });

  it.each(ffmpegPaths)('by SIGKILL ends a slow encoder within a second: %s', async (ffmpeg) => {
    const where = place(`kill ${ffmpegPaths.indexOf(ffmpeg)}`);
    const child = await started(where, 'waits', { ffmpeg, codec: 'libx265', preset: 'placebo' });
    expect(processesNaming(where).length).toBeGreaterThanOrEqual(2);
    child.kill('SIGKILL');
    await ended(child);
    await eventually(() => processesNaming(where).length === 0, 1000);
    // What is left belongs to nobody: the next run beside it takes it away.
    expect(partials(where)).toHaveLength(1);
    await runSession(pipeline(), clip, join(where, 'next.mp4'), cpu).finished;
    expect(readdirSync(where)).toEqual(['next.mp4']);
  });
});

describe('a worker thread', () => {
  it('that is terminated ends its programs, and the next run takes away what it left', async () => {
    const where = place('worker');
    const options = JSON.stringify({ codec: 'libx265', preset: 'veryslow' });
    const worker = new Worker(script, { workerData: [long, where, 'waits', options] });
    await once(worker, 'message');
    expect(partials(where)).toHaveLength(1);
    expect(processesNaming(where).length).toBeGreaterThan(0);
    await worker.terminate();
    await eventually(() => processesNaming(where).length === 0, 1000);
    using image = new Image(4, 4, { device: 'cpu' });
    await save(image, join(where, 'next.png'));
    expect(readdirSync(where)).toEqual(['next.png']);
  });

  it('that exits leaves nothing', async () => {
    const where = place('worker exit');
    const worker = new Worker(script, { workerData: [long, where, 'exits'] });
    await once(worker, 'exit');
    expect(partials(where)).toEqual([]);
  });

  it('meets no other: many save pictures whose names begin alike', async () => {
    const where = place('crowd');
    const stem = 'holiday-in-spain-with-the-whole-family-2026-';
    const count = 20;
    const ids = [0, 1, 2, 3];
    const saver = join(import.meta.dirname, '../helpers/save-worker.mjs');
    const workers = ids.map((id) => new Worker(saver, { workerData: { id, where, stem, count } }));
    const ends = await Promise.all(workers.map((worker) => once(worker, 'exit')));
    expect(ends).toEqual(ids.map(() => [0]));
    for (const id of ids) {
      for (let i = 0; i < count; i++) {
        using image = await load(join(where, `${stem}${id}-${i}.bmp`), { device: 'cpu' });
        expect(download(image)[0]).toBeCloseTo((id + 1) / 10, 2);
      }
    }
    expect(partials(where)).toEqual([]);
  });
});

describe('what another has left', () => {
  const ours = async (where: string) => {
    const partial = await Partial.create(join(where, 'x.mp4'));
    const name = partial.folder.slice(where.length + 1);
    await partial.remove();
    return name;
  };
  const leave = (where: string, name: string) => {
    mkdirSync(join(where, name), { mode: 0o700 });
    writeFileSync(join(where, name, 'output.mp4'), 'half');
  };
  const parts = /^(.*\.)([0-9a-f]{16})-(\d+)-(\d+)-(\d+)(\.[0-9a-f]+\.partial)$/;

  it.each([
    ['a process that lives', '$1$2-$3-$4-$5$6', true],
    ['its earlier namesake', '$1$2-$3-$4-1$6', false],
    ['a thread that has ended', '$1$2-$3-4194303-$5$6', false],
    ['a process that has ended', '$1$2-4194303-4194303-$5$6', false],
    ['another machine, start or container', '$10123456789abcdef-4194303-4194303-$5$6', true],
    ['nobody that could be known', '.x.0123456789abcdef01.partial', true],
  ])('by %s', async (who, pattern, stays) => {
    const where = place(`left by ${who}`);
    const name = (await ours(where)).replace(parts, pattern);
    leave(where, name);
    const next = await Partial.create(join(where, 'y.mp4'));
    await next.remove();
    expect(readdirSync(where)).toEqual(stays ? [name] : []);
  });

  it('is not followed where it is a link or a file', async () => {
    const where = place('planted');
    const [dead, other] = [await ours(where), await ours(where)].map((name) =>
      name.replace(parts, '$1$2-4194303-4194303-$5$6'),
    );
    const precious = place('precious');
    writeFileSync(join(precious, 'kept'), 'mine');
    symlinkSync(precious, join(where, dead as string));
    writeFileSync(join(where, other as string), 'a file');
    await (await Partial.create(join(where, 'y.mp4'))).remove();
    expect(readFileSync(join(precious, 'kept'), 'utf8')).toBe('mine');
    expect(readdirSync(where)).toHaveLength(2);
  });
});

describe('a partial', () => {
  it('can be entered by us alone, and is never the same', async () => {
    const names = new Set<string>();
    for (let i = 0; i < 100; i++) {
      const output = await OutputFile.create(file('same.mp4'));
      names.add(output.writePath);
      expect(statSync(join(output.writePath, '..')).mode & 0o777).toBe(0o700);
      await output.discard();
    }
    expect(names.size).toBe(100);
  });

  it('has room beside the longest names', async () => {
    const where = place('long names');
    for (const name of [
      `${'n'.repeat(251)}.png`,
      `${'ü'.repeat(125)}.png`,
      `a.${'e'.repeat(249)}.png`,
    ]) {
      using image = new Image(8, 8, { device: 'cpu' });
      await save(image, join(where, name));
      expect(readdirSync(where)).toContain(name);
    }
    const name = `${'v'.repeat(251)}.mp4`;
    await runSession(pipeline(), clip, join(where, name), cpu).finished;
    expect(frameHashes(join(where, name))).toHaveLength(25);
    const pictures = `${'p'.repeat(247)}%04d.png`;
    expect(Buffer.from(pictures.replace('%04d', '0001'))).toHaveLength(255);
    await runSession(pipeline(), clip, join(where, pictures), cpu).finished;
    expect(readdirSync(where).filter((file) => file.startsWith('ppp'))).toHaveLength(25);
    expect(partials(where)).toEqual([]);
  });

  it.each([0o022, 0o077, 0o002])('becomes a file as the umask %o wants it', async (mask) => {
    const before = process.umask(mask);
    try {
      using image = new Image(8, 8, { device: 'cpu' });
      await save(image, file(`mode-${mask}.png`));
      await runSession(pipeline(), clip, file(`mode-${mask}.mp4`), cpu).finished;
      await runSession(pipeline(), clip, file(`mode-${mask}-%d.png`), { ...cpu, to: 0.1 }).finished;
      for (const name of [`mode-${mask}.png`, `mode-${mask}.mp4`, `mode-${mask}-1.png`]) {
        expect(statSync(file(name)).mode & 0o777).toBe(0o666 & ~mask);
      }
    } finally {
      process.umask(before);
    }
  });
});

describe('several outputs', () => {
  const outputs = (where: string) => [
    { path: join(where, 'first.mp4'), overwrite: true },
    { path: join(where, 'frame-%02d.png'), overwrite: true },
    { path: join(where, 'new.mkv') },
    { path: join(where, 'last.mp4'), overwrite: true },
  ];

  it('all take their names, or none does', async () => {
    const where = place('several');
    writeFileSync(join(where, 'first.mp4'), 'mine');
    writeFileSync(join(where, 'frame-01.png'), 'mine too');
    writeFileSync(join(where, 'frame-99.png'), 'and that');
    const session = runSession(pipeline(), clip, outputs(where), { device: 'cpu', to: 0.2 });
    // What comes to stand there meanwhile cannot be replaced.
    session.once('start', () => mkdirSync(join(where, 'last.mp4')));
    await expect(session.finished).rejects.toMatchObject({
      code: 'ERR_OUTPUT_INVALID',
      message: expect.stringMatching(
        /last\.mp4: the finished file cannot take its name \(EISDIR\)$/,
      ),
    });
    expect(readdirSync(where)).toEqual(['first.mp4', 'frame-01.png', 'frame-99.png', 'last.mp4']);
    expect(readFileSync(join(where, 'first.mp4'), 'utf8')).toBe('mine');
    expect(readFileSync(join(where, 'frame-01.png'), 'utf8')).toBe('mine too');
    expect(readFileSync(join(where, 'frame-99.png'), 'utf8')).toBe('and that');
  });

  it('that succeed replace what was there', async () => {
    const where = place('all');
    writeFileSync(join(where, 'first.mp4'), 'mine');
    writeFileSync(join(where, 'frame-99.png'), 'old');
    await runSession(pipeline(), clip, outputs(where), { device: 'cpu', to: 0.2 }).finished;
    const pictures = [1, 2, 3, 4, 5].map((number) => `frame-0${number}.png`);
    expect(readdirSync(where)).toEqual(['first.mp4', ...pictures, 'last.mp4', 'new.mkv']);
    for (const name of ['first.mp4', 'last.mp4', 'new.mkv']) {
      expect(frameHashes(join(where, name))).toHaveLength(5);
    }
  });
});

describe('finished', () => {
  it('resolves once the file has its name, whatever comes then', async () => {
    const session = runSession(pipeline(), clip, file('done.mp4'), cpu);
    const result = session.finished.then((value) => {
      session.abort('too late');
      return value;
    });
    expect(await result).toMatchObject({ frames: 25 });
    expect(frameHashes(file('done.mp4'))).toHaveLength(25);
  });

  it.each(['start', 'progress'] as const)(
    'rejects before that where a listener of %s throws',
    async (event) => {
      const output = file(`thrown-${event}.mp4`);
      const session = runSession(pipeline(), clip, output, cpu);
      session.on(event, () => {
        throw new Error('mine');
      });
      await expect(session.finished).rejects.toThrow('mine');
      expect(readdirSync(folder)).not.toContain(`thrown-${event}.mp4`);
    },
  );
});

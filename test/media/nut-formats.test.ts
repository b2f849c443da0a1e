/** Raw video of every format from FFmpeg's NUT muxer to our reader, and from our writer to FFmpeg's demuxer. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withSocketPair } from '../../src/ffmpeg/sockets.ts';
import { Frame } from '../../src/image/frame.ts';
import { ffmpegName } from '../../src/image/pixel-formats.ts';
import { addon } from '../../src/native/binding.ts';
import type { NativePixelFormat, NativeShape, PlanHandle } from '../../src/native/plan.ts';
import { pipeline } from '../../src/pipeline/pipeline.ts';
import { compilePlan } from '../../src/plan.ts';
import { farthest, newFrame, planeIn, planesOf, type Samples } from '../helpers/frames.ts';
import { ffmpeg7, ffmpegPath, systemFfmpeg } from '../helpers/programs.ts';
import { temporaryFolder } from '../helpers/video.ts';

const size = { width: 34, height: 22 };
const frames = 3;
const formats: readonly NativePixelFormat[] = [
  'rgba8',
  'rgba16',
  ...(['gray8', 'gray10', 'gray12', 'gray16'] as const),
  ...(['yuv420p', 'yuv422p', 'yuv444p', 'yuva420p', 'yuva422p', 'yuva444p'] as const).flatMap(
    (layout) => [layout, `${layout}10`, `${layout}12`, `${layout}16`] as const,
  ),
];

interface Ended {
  readonly output: Buffer;
  readonly errors: string;
}

/** Runs a program to its end; `descriptor` becomes its fourth one. */
function started(program: string, args: readonly string[], descriptor?: number): Promise<Ended> {
  const stdio = [
    'ignore',
    'pipe',
    'pipe',
    ...(descriptor === undefined ? [] : [descriptor]),
  ] as const;
  const child = spawn(program, ['-hide_banner', '-nostdin', ...args], { stdio: [...stdio] });
  const [output, errors]: Buffer[][] = [[], []];
  child.stdout?.on('data', (piece: Buffer) => output?.push(piece));
  child.stderr?.on('data', (piece: Buffer) => errors?.push(piece));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () =>
      resolve({
        output: Buffer.concat(output ?? []),
        errors: Buffer.concat(errors ?? []).toString(),
      }),
    );
  });
}

/** Flat colours, so that chroma comes back whatever the way; every frame has another one, and half of it is clear. */
const source = `color=c=0xd08030:s=${size.width}x${size.height}:r=25:d=${frames / 25},format=rgba,geq=r='r(X,Y)':g='40*N':b='b(X,Y)':a='127*N'`;

const raw = ['-c:v', 'rawvideo', '-pix_fmt'];
const made = ['-v', 'error', '-f', 'lavfi', '-i', source];

const toReader = (program: string, format: NativePixelFormat, descriptor: number) =>
  started(program, [...made, ...raw, ffmpegName(format), '-f', 'nut', 'pipe:3'], descriptor);

/** The same frames without a container, in files named by their formats. */
const toFiles = (program: string, folder: string, names: readonly NativePixelFormat[]) =>
  started(program, [
    ...made,
    ...names.flatMap((name) => [...raw, ffmpegName(name), '-f', 'rawvideo', join(folder, name)]),
  ]);

/** What FFmpeg says the stream is, and its frames. */
function toFfmpeg(program: string, descriptor: number) {
  return started(
    program,
    ['-v', 'info', '-f', 'nut', '-i', 'pipe:3', '-f', 'rawvideo', 'pipe:1'],
    descriptor,
  );
}

async function throughImages(program: string, shape: NativeShape): Promise<Ended> {
  const load = compilePlan(pipeline(), shape, { device: 'cpu', output: { format: 'rgbaf32' } });
  const store = compilePlan(
    pipeline(),
    { ...shape, format: 'rgbaf32' },
    {
      device: 'cpu',
      output: { format: shape.format },
    },
  );
  using frame = new Frame({ ...shape, format: 'rgbaf32' }, 'cpu');
  const reading = withSocketPair(({ local, remote }) => ({
    handle: new (addon().FrameSourceHandle)(local, 'cpu', shape),
    ended: toReader(program, shape.format, remote),
  }));
  const writing = withSocketPair(({ local, remote }) => ({
    handle: new (addon().FrameSinkHandle)(local, store as PlanHandle, [1, 25], [25, 1]),
    ended: toFfmpeg(program, remote),
  }));
  try {
    for (
      let ticks = 0;
      (await reading.handle.next(frame.handle, load as PlanHandle)) !== null;
      ticks++
    )
      await writing.handle.write(store, frame.handle, ticks);
    await writing.handle.finish();
  } finally {
    await reading.handle.close();
    await writing.handle.close();
  }
  await reading.ended;
  return writing.ended;
}

async function expectSameFrames(program: string, format: NativePixelFormat, expected: Buffer) {
  const shape: NativeShape = { format, ...size, matrix: 'bt601', range: 'limited' };
  const { output, errors } = await throughImages(program, shape);
  const stream = `Stream #0:0.*rawvideo.*, ${ffmpegName(format)}[,(].*${size.width}x${size.height}`;
  expect(errors, format).toMatch(new RegExp(stream));
  expect(output.length, format).toBe(expected.length);
  const bytes = expected.length / frames;
  for (let i = 0; i < frames; i++) {
    const [ours, theirs] = [output, expected].map((all) => {
      const frame = newFrame(shape);
      new Uint8Array(frame.buffer).set(all.subarray(i * bytes, (i + 1) * bytes));
      return frame;
    }) as [Samples, Samples];
    for (const plane of planesOf(shape)) {
      const difference = farthest(planeIn(ours, plane), planeIn(theirs, plane));
      expect(difference, `${format} frame ${i}, ${plane.kind}`).toBeLessThanOrEqual(1);
    }
  }
}

const folder = temporaryFolder();
// FFmpeg has none of the first. The one of 2018 has the others, but writes another format's tag into NUT.
const never: readonly NativePixelFormat[] = ['yuva420p12'];
const late: readonly NativePixelFormat[] = ['yuva422p12', 'yuva444p12'];

const programs: readonly {
  readonly program: string;
  readonly travelling: readonly NativePixelFormat[];
  readonly mistaken: readonly NativePixelFormat[];
}[] = [
  {
    program: ffmpegPath,
    travelling: formats.filter((format) => !never.includes(format) && !late.includes(format)),
    mistaken: late,
  },
  // They start slowly: one of each kind, and what the other one cannot.
  ...[systemFfmpeg ?? 'ffmpeg of the system', ffmpeg7].map((program) => ({
    program,
    travelling: [...late, 'rgba16', 'gray10', 'yuv420p10', 'yuva420p', 'yuva444p10'] as const,
    mistaken: [],
  })),
];

for (const { program, travelling, mistaken } of programs) {
  describe.skipIf(!existsSync(program))(program.split('/').slice(-3).join('/'), () => {
    it('tells our formats by their tags, and we tell its', async () => {
      const here = mkdtempSync(join(folder, 'raw-'));
      const { errors } = await toFiles(program, here, travelling);
      expect(errors).toBe('');
      for (const format of travelling)
        await expectSameFrames(program, format, readFileSync(join(here, format)));
    });

    for (const format of mistaken) {
      it(`refuses ${format}, whose tag it gets wrong`, async () => {
        const shape: NativeShape = { format, ...size, matrix: 'bt601', range: 'limited' };
        await expect(throughImages(program, shape)).rejects.toThrow(/tag 'RGB/);
      });
    }
  });
}

/** Whole sessions, file to file, against FFmpeg alone: wall time, medians of interleaved runs. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type DeviceId, type Pipeline, pipeline, runSession } from 'framelane';
import { lookAndBlur, sixOps } from './operations.ts';
import { type Contender, interleave, round } from './statistics.ts';

const execute = promisify(execFile);

export interface SessionResult {
  readonly name: string;
  readonly seconds: number;
  readonly framesPerSecond: number;
  readonly peers: Readonly<Record<string, { seconds: number; ourSpeedOverTheirs: number }>>;
}

export interface SessionBench {
  readonly device: DeviceId;
  readonly clip: string;
  readonly frames: number;
  readonly ffmpeg: string;
  /** A second FFmpeg to compare with, if available. */
  readonly otherFfmpeg: string;
  readonly rounds: number;
}

const seconds = async (work: () => Promise<unknown>) => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

const output = join(tmpdir(), `framelane-bench-out-${process.pid}.mp4`);
const x264 = { codec: 'libx264', preset: 'ultrafast', crf: 23 } as const;
const x264Arguments = ['-c:v', x264.codec, '-preset', x264.preset, '-crf', String(x264.crf)];

function ours(name: string, look: Pipeline, to: string, { device, clip }: SessionBench): Contender {
  const options = { device, overwrite: true, ...(to === 'null:' ? {} : x264) };
  const run = () => seconds(() => runSession(look, clip, to, options).finished);
  return { name, run };
}

function ffmpegRun(name: string, binary: string, clip: string, rest: readonly string[]): Contender {
  const all = ['-v', 'error', '-nostdin', '-y', '-i', clip, ...rest];
  return { name, run: () => seconds(() => execute(binary, all)) };
}

async function compare(
  name: string,
  own: Contender,
  peers: readonly Contender[],
  { frames, rounds }: SessionBench,
): Promise<SessionResult> {
  const all = await interleave([own, ...peers], rounds);
  const mine = all.get(own.name) ?? Number.NaN;
  const theirs = peers.map((peer) => {
    const time = all.get(peer.name) ?? Number.NaN;
    return [peer.name, { seconds: round(time), ourSpeedOverTheirs: round(time / mine, 3) }];
  });
  return {
    name,
    seconds: round(mine),
    framesPerSecond: round(frames / mine, 1),
    peers: Object.fromEntries(theirs),
  };
}

export async function benchSessions(bench: SessionBench): Promise<SessionResult[]> {
  const { clip, ffmpeg, otherFfmpeg } = bench;
  const audio = ['-c:a', 'copy'];
  const filter = ['-vf', 'gblur=sigma=4,eq=contrast=1.1:saturation=1.2'];
  const nothing = ['-an', '-f', 'null', '-'];
  const plain = ffmpegRun('FFmpeg alone', ffmpeg, clip, [...x264Arguments, ...audio, output]);
  const gblur = [ffmpegRun('bundled FFmpeg gblur,eq', ffmpeg, clip, [...filter, ...nothing])];
  if (existsSync(otherFfmpeg)) {
    gblur.push(ffmpegRun(`${otherFfmpeg} gblur,eq`, otherFfmpeg, clip, [...filter, ...nothing]));
  }
  return [
    await compare('empty pipeline', ours('ours', pipeline(), output, bench), [plain], bench),
    await compare(
      'decode, blur sigma 4, contrast, saturation',
      ours('ours', lookAndBlur, 'null:', bench),
      gblur,
      bench,
    ),
    await compare(
      '6 point ops and blur',
      ours('ours', sixOps.gaussianBlur({ sigma: 4 }), output, bench),
      [plain],
      bench,
    ),
  ];
}

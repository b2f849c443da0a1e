/** Decoded frames into memory: our way, a plain Node program's, a C program's, and the decoder alone. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type DeviceId, frameBytes } from 'framelane';
import { easyClip } from './clip.ts';
import { median, round } from './statistics.ts';
import { decodeArguments } from './transport-arguments.ts';

const execute = promisify(execFile);

export interface TransportBench {
  readonly ffmpeg: string;
  readonly sample: string;
  readonly rounds: number;
  /** The device of the host memory for framelane's frames: pinned on CUDA. */
  readonly device: DeviceId;
}

interface Run {
  readonly frames: number;
  readonly seconds: number;
  readonly cpuSeconds?: number;
  readonly p50?: number;
  readonly p95?: number;
  readonly peakMiB?: number;
}

interface Way {
  readonly framesPerSecond: number;
  /** CPU of the JavaScript thread; in C, of the whole program. */
  readonly cpuMillisecondsPerFrame?: number;
  readonly betweenFramesMs?: { readonly p50: number; readonly p95: number };
  readonly peakMiB?: number;
}

interface Ratio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export interface TransportResult {
  readonly name: string;
  readonly ways: Readonly<Record<string, Way>>;
  readonly speedOverSpawn: Ratio;
  readonly cpuOverSpawn: Ratio;
  readonly speedOverC: Ratio | string;
  readonly speedOverDecoder: Ratio;
}

const clips = [
  { format: 'yuv420p', width: 1920, height: 1080, frames: 300 },
  { format: 'yuv420p10', width: 1920, height: 1080, frames: 200 },
  { format: 'yuv420p', width: 3840, height: 2160, frames: 100 },
  { format: 'yuv420p10', width: 3840, height: 2160, frames: 60 },
] as const;

export async function benchTransport(bench: TransportBench): Promise<TransportResult[]> {
  const reader = compileReader();
  const results: TransportResult[] = [];
  for (const clip of clips) results.push(await compare(clip, reader, bench));
  return results;
}

/** The C program, or why it could not be built. */
function compileReader(): { readonly path: string } | { readonly missing: string } {
  const path = join(tmpdir(), `framelane-read-frames-${process.pid}`);
  const source = join(import.meta.dirname, '../../bench/read-frames.c');
  try {
    execFileSync('cc', ['-O2', '-o', path, source], { stdio: 'pipe' });
    return { path };
  } catch (error) {
    return { missing: `no C compiler: ${(error as Error).message.split('\n')[0]}` };
  }
}

async function compare(
  shape: (typeof clips)[number],
  reader: ReturnType<typeof compileReader>,
  { ffmpeg, sample, rounds, device }: TransportBench,
): Promise<TransportResult> {
  const path = easyClip(ffmpeg, sample, shape);
  const bytes = frameBytes(shape);
  const ways: Record<string, () => Promise<Run>> = {
    framelane: () => inNode(['session', ffmpeg, path, String(bytes), device]),
    spawn: () => inNode(['spawn', ffmpeg, path, String(bytes)]),
    ...('path' in reader ? { c: () => inC(reader.path, ffmpeg, path, bytes) } : {}),
    decoder: () => decoderAlone(ffmpeg, path, shape.frames),
  };
  const runs = new Map<string, Run[]>(Object.keys(ways).map((way) => [way, []]));
  for (let turn = 0; turn < rounds; turn++) {
    for (const [way, run] of Object.entries(ways)) {
      const result = await run();
      if (result.frames !== shape.frames) {
        throw new Error(`${way}: ${result.frames} frames, expected ${shape.frames}`);
      }
      runs.get(way)?.push(result);
    }
  }
  const of = (way: string) => runs.get(way) ?? [];
  const ratio = (over: string, value: (run: Run) => number) =>
    ratioOf(of('framelane').map(value), of(over).map(value));
  const speed = (run: Run) => run.frames / run.seconds;
  return {
    name: `${shape.height === 1080 ? '1080p' : '4K'} ${shape.format}`,
    ways: Object.fromEntries([...runs].map(([way, all]) => [way, summary(all)])),
    speedOverSpawn: ratio('spawn', speed),
    cpuOverSpawn: ratio('spawn', (run) => (run.cpuSeconds ?? Number.NaN) / run.frames),
    speedOverC: 'missing' in reader ? reader.missing : ratio('c', speed),
    speedOverDecoder: ratio('decoder', speed),
  };
}

async function inNode(args: readonly string[]): Promise<Run> {
  const script = join(import.meta.dirname, 'transport-node.js');
  return JSON.parse((await execute(process.execPath, [script, ...args])).stdout) as Run;
}

/** Through a shell, because Node would give FFmpeg a socket instead of a pipe. */
async function inC(reader: string, ffmpeg: string, path: string, bytes: number): Promise<Run> {
  const script = 'reader=$1 bytes=$2; shift 2; "$@" | "$reader" "$bytes"';
  const args = ['-c', script, 'sh', reader, String(bytes), ffmpeg, ...decodeArguments(path)];
  return JSON.parse((await execute('sh', args)).stdout) as Run;
}

/** The upper bound for any reader. */
async function decoderAlone(ffmpeg: string, path: string, frames: number): Promise<Run> {
  const args = ['-v', 'error', '-nostdin', '-i', path, '-map', '0:v:0', '-f', 'null', '-'];
  const begin = performance.now();
  const child = spawn(ffmpeg, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`FFmpeg ended with exit code ${code}`);
  return { frames, seconds: (performance.now() - begin) / 1000 };
}

function summary(runs: readonly Run[]): Way {
  const of = (value: (run: Run) => number | undefined) => {
    const all = runs.map(value).filter((number) => number !== undefined);
    return all.length === 0 ? undefined : round(median(all), 3);
  };
  const [cpu, p50, p95] = [
    of(({ cpuSeconds, frames }) => cpuSeconds && (cpuSeconds * 1000) / frames),
    of((run) => run.p50),
    of((run) => run.p95),
  ];
  const peakMiB = of((run) => run.peakMiB);
  return {
    framesPerSecond: of((run) => run.frames / run.seconds) ?? Number.NaN,
    ...(cpu === undefined ? {} : { cpuMillisecondsPerFrame: cpu }),
    ...(p50 === undefined || p95 === undefined ? {} : { betweenFramesMs: { p50, p95 } }),
    ...(peakMiB === undefined ? {} : { peakMiB }),
  };
}

/** Round by round, because the machine changes from one to the next. */
function ratioOf(ours: readonly number[], theirs: readonly number[]): Ratio {
  const ratios = ours.map((value, i) => value / (theirs[i] ?? Number.NaN));
  return {
    median: round(median(ratios), 3),
    least: round(Math.min(...ratios), 3),
    most: round(Math.max(...ratios), 3),
  };
}

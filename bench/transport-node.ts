/**
 * One way to get decoded frames into memory, in a separate process to measure its memory and CPU.
 * argv: `session` or `spawn`, the FFmpeg, the clip, the bytes per frame, the device of the memory. Prints JSON.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type DeviceId, Image, pipeline, runSession } from 'framelane';
import { decodeArguments } from './transport-arguments.ts';

interface Run {
  readonly frames: number;
  readonly seconds: number;
  /** Milliseconds from one frame to the next. */
  readonly p50: number;
  readonly p95: number;
}

/** framelane: native threads read; nothing is processed or written. */
async function session(ffmpeg: string, clip: string, device: DeviceId): Promise<Run> {
  const running = runSession(pipeline(), clip, 'null:', { device, ffmpeg });
  const { frames, seconds } = await running.finished;
  const { p50, p95 } = running.stats().read;
  return { frames, seconds, p50: p50 * 1000, p95: p95 * 1000 };
}

/** A careful program without framelane: one buffer, with each chunk copied once. */
async function plainSpawn(ffmpeg: string, clip: string, bytes: number): Promise<Run> {
  const frame = Buffer.allocUnsafeSlow(bytes);
  const between: number[] = [];
  let filled = 0;
  const begin = performance.now();
  let last = begin;
  const child = spawn(ffmpeg, decodeArguments(clip), { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; ) {
      const taken = chunk.copy(frame, filled, at);
      at += taken;
      filled += taken;
      if (filled < bytes) continue;
      filled = 0;
      const time = performance.now();
      between.push(time - last);
      last = time;
    }
  });
  await once(child, 'close');
  const sorted = between.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { frames: between.length, seconds: (last - begin) / 1000, p50: at(0.5), p95: at(0.95) };
}

/** CPU seconds of the JavaScript thread. */
function threadCpu(): number {
  const text = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8');
  return Number(text.split(' ')[0]) / 1e9;
}

const [way, ffmpeg = '', clip = '', bytes, device = 'cpu'] = process.argv.slice(2);
// Device initialisation is not part of a session.
if (way === 'session') new Image(1, 1, { device: device as DeviceId }).free();
const cpuBefore = threadCpu();
const { active: activeBefore } = performance.eventLoopUtilization();
const run = await (way === 'session'
  ? session(ffmpeg, clip, device as DeviceId)
  : plainSpawn(ffmpeg, clip, Number(bytes)));
const { active } = performance.eventLoopUtilization();
console.log(
  JSON.stringify({
    ...run,
    cpuSeconds: threadCpu() - cpuBefore,
    busyMs: active - activeBefore,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  }),
);

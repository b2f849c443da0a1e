/** Fused passes as programs of their own, compiled by NVRTC, against the interpreter. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileCuda } from 'framelane';
import { describe, expect, it } from 'vitest';
import { addon } from '../../src/native/binding.ts';
import { chain, colorOps, rounds } from '../helpers/chains.ts';
import { requireDevice } from '../helpers/devices.ts';
import { temporaryFolder } from '../helpers/files.ts';
import { requireCompiler } from '../helpers/nvrtc.ts';

const folder = temporaryFolder('specialised');

/** The frames of pipelines, one after the other, in a file. */
const program = `
  import { writeFileSync } from 'node:fs';
  import { compilePlan, pipeline } from 'framelane';
  import { addon } from './dist/native/binding.js';
  const { file, jobs } = JSON.parse(process.argv[1]);
  const parts = jobs.map(({ stages, input, output }) => {
    const shape = { ...input, matrix: 'bt709', range: 'limited' };
    const plan = compilePlan(stages.reduce((all, { op, ...options }) => all[op](options), pipeline()), shape, { device: 'cuda:0', output: { format: output } });
    const bytes = (format, { width, height }) => ({ rgbaf32: 16, rgba8: 4, yuv444p: 3 })[format] * width * height;
    const source = new Uint8Array(bytes(input.format, input));
    let state = 7;
    const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    if (input.format === 'rgbaf32') new Float32Array(source.buffer).forEach((_, i, all) => (all[i] = next()));
    else source.forEach((_, i) => (source[i] = Math.floor(next() * 256)));
    const result = new Uint8Array(bytes(output, plan.output));
    plan.run(source, result);
    return result;
  });
  writeFileSync(file, Buffer.concat(parts));
  console.log(JSON.stringify(addon().specialised()));`;

interface Count {
  readonly running: number;
  readonly compiled: number;
  readonly failure: string;
}

const formats = ['rgba8', 'rgbaf32', 'yuv444p'] as const;
const opsWithoutFiles = colorOps.filter((make) => {
  const { op } = make({ between: (a) => a, whole: (a) => a, of: (all) => all[0] as never });
  return op !== 'lut3d';
});
const jobs = Array.from({ length: rounds(36) }, (_, i) => ({
  stages: chain(1 + (i % 7), 100 + i, opsWithoutFiles),
  input: { format: formats[i % 3], width: 131, height: 37 },
  output: formats[Math.floor(i / 3) % 3] as string,
}));

function run(mode: string, name: string): { readonly frames: Buffer; readonly count: Count } {
  const file = join(folder, name);
  const args = ['--input-type=module', '-e', program, JSON.stringify({ file, jobs })];
  const env = {
    ...process.env,
    FRAMELANE_SPECIALIZE: mode,
    FRAMELANE_CACHE: 'on',
    FRAMELANE_CACHE_DIR: join(folder, 'cache'),
  };
  const count = JSON.parse(
    execFileSync(process.execPath, args, { env, encoding: 'utf8' }),
  ) as Count;
  return { frames: readFileSync(file), count };
}

describe('specialised programs', () => {
  it('are taken by NVRTC, one for every operation', (context) => {
    const programs = addon().specialisedPrograms();
    if (programs.length === 0) context.skip('a build without CUDA');
    requireCompiler(context);
    expect(programs.length).toBeGreaterThan(20);
    for (const { source, options, headers } of programs) {
      const { log } = compileCuda(source, { architecture: 'compute_75', options, headers });
      expect(log, source).toBe('');
    }
  });

  it('compute what the interpreter does, to the last code but for rounding, and come from the cache the second time', (context) => {
    requireDevice(context, 'cuda:0');
    const interpreted = run('off', 'off');
    expect(interpreted.count).toEqual({ running: 0, compiled: 0, failure: '' });
    const first = run('eager', 'first');
    if (first.count.failure.includes('was not found')) context.skip(first.count.failure);
    expect(first.count.failure).toBe('');
    expect(first.count.running).toBeGreaterThan(20);
    expect(first.count.compiled).toBe(first.count.running);
    let at = 0;
    for (const { input, output, stages } of jobs) {
      const texts = JSON.stringify({ stages, output });
      const samples = input.width * input.height * (output === 'yuv444p' ? 3 : 4);
      if (output === 'rgbaf32') {
        const [one, two] = [interpreted.frames, first.frames].map(
          (frames) =>
            new Float32Array(
              frames.buffer.slice(frames.byteOffset + at, frames.byteOffset + at + 4 * samples),
            ),
        ) as [Float32Array, Float32Array];
        let worst = 0;
        one.forEach((value, i) => {
          worst = Math.max(
            worst,
            Math.abs(value - (two[i] as number)) / Math.max(1, Math.abs(value)),
          );
        });
        expect(worst, texts).toBeLessThan(1e-5);
        at += 4 * samples;
      } else {
        let differing = 0;
        let worst = 0;
        for (let i = at; i < at + samples; i++) {
          const difference = Math.abs(
            (interpreted.frames[i] as number) - (first.frames[i] as number),
          );
          differing += Math.min(1, difference);
          worst = Math.max(worst, difference);
        }
        expect(worst, texts).toBeLessThanOrEqual(1);
        expect(differing / samples, texts).toBeLessThan(1e-3);
        at += samples;
      }
    }
    expect(at).toBe(first.frames.length);
    const second = run('eager', 'second');
    expect(second.count).toEqual({ ...first.count, compiled: 0 });
    expect(second.frames.equals(first.frames)).toBe(true);
  });
});

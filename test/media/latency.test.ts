/** The histogram behind the stats of a session, compiled on its own, against sorted samples. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeRandom } from '../helpers/random.ts';

const native = fileURLToPath(new URL('../../native', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'framelane-latency-'));
const program = join(folder, 'latency');

// Every thread records all samples.
const source = `
#include "media/latency.hpp"
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <thread>
#include <vector>

int main(int, char** arguments) {
  std::vector<uint64_t> samples;
  for (uint64_t sample; std::cin >> sample;) samples.push_back(sample);
  framelane::media::LatencyHistogram histogram;
  std::vector<std::thread> threads;
  for (int i = std::atoi(arguments[1]); i > 0; i--)
    threads.emplace_back([&] {
      for (const uint64_t sample : samples) histogram.record(sample);
    });
  for (std::thread& thread : threads) thread.join();
  const auto [count, total, p50, p95, p99, max] = histogram.read();
  std::printf("%lu %lu %lu %lu %lu %lu", count, total, p50, p95, p99, max);
}
`;

beforeAll(() => {
  writeFileSync(join(folder, 'latency.cpp'), source);
  const options = ['-std=c++20', '-O1', '-pthread', '-I', native, '-o', program];
  execFileSync(process.env['CXX'] ?? 'c++', [...options, join(folder, 'latency.cpp')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function measure(samples: readonly number[], threads = 1) {
  const output = execFileSync(program, [String(threads)], { input: samples.join('\n') });
  const [count, total, p50, p95, p99, max] = output.toString().split(' ').map(Number);
  return { count, total, p50, p95, p99, max };
}

const random = makeRandom(1);
const many = (sample: (random: number) => number) =>
  Array.from({ length: 3000 }, () => Math.floor(sample(random())));
const powers = Array.from({ length: 40 }, (_, i) => 2 ** i);

it.each<[string, number[]]>([
  ['one', [123_456]],
  ['the same', Array(100).fill(16_666_667)],
  ['zeros and one second', [...Array(98).fill(0), 1e9, 1e9]],
  ['a few nanoseconds', many((r) => 200 * r)],
  ['a millisecond or two', many((r) => 1e6 * (1 + r))],
  ['from a nanosecond to seconds, evenly by magnitude', many((r) => 3e9 ** r)],
  ['powers of two and their neighbours', powers.flatMap((power) => [power - 1, power, power + 1])],
])('quantiles of %s are exact to 1/32, never below', (_name, samples) => {
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = (part: number) => sorted[Math.ceil(part * sorted.length) - 1] as number;
  const result = measure(samples);
  expect(result.count).toBe(samples.length);
  expect(result.total).toBe(samples.reduce((sum, sample) => sum + sample));
  expect(result.max).toBe(sorted.at(-1));
  for (const [name, part] of [
    ['p50', 0.5],
    ['p95', 0.95],
    ['p99', 0.99],
  ] as const) {
    expect(result[name]).toBeGreaterThanOrEqual(rank(part));
    expect(result[name]).toBeLessThanOrEqual(rank(part) * (1 + 1 / 32));
  }
});

it('of nothing is nothing', () => {
  expect(measure([])).toEqual({ count: 0, total: 0, p50: 0, p95: 0, p99: 0, max: 0 });
});

it('of days is in the maximum', () => {
  expect(measure([1, 2, 1e15])).toMatchObject({ count: 3, max: 1e15, p50: 2 });
});

it('loses nothing where threads record at once', () => {
  const samples = many((r) => 1e9 * r);
  const one = measure(samples);
  expect(measure(samples, 4)).toEqual({
    ...one,
    count: 4 * samples.length,
    total: 4 * (one.total ?? 0),
  });
});

import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const entry = fileURLToPath(new URL('src/index.ts', import.meta.url));

export default defineConfig({
  // Tests import the package by its name and get the sources, so that there is one FramelaneError, not two.
  resolve: { alias: [{ find: /^framelane$/, replacement: entry }] },
  test: {
    // Whether a pass is specialised depends on how often it has run, and tests compare bits. test/core/specialised.test.ts sets its own mode.
    env: { FRAMELANE_SPECIALIZE: process.env['FRAMELANE_SPECIALIZE'] ?? 'off' },
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: availableParallelism(), // much of a test is waiting for an FFmpeg
    // Those that watch processes stall with a host that is shared; what fails twice is broken, and retries are told.
    retry: process.env['CI'] === 'true' ? 1 : 0,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { LivePipeline } from '../../src/preview/live/live-pipeline.ts';

// As on a system that is out of inotify watches.
vi.mock('node:fs', async (original) => ({
  ...(await original<typeof import('node:fs')>()),
  watch: () => {
    throw Object.assign(new Error('ENOSPC: System limit for number of file watchers reached'), {
      code: 'ENOSPC',
    });
  },
}));

const folder = mkdtempSync(join(tmpdir(), 'framelane-unwatched-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('a file that cannot be watched is looked at now and then', async () => {
  const file = join(folder, 'look.json');
  writeFileSync(file, '{"stages": []}');
  using live = await LivePipeline.open(file);
  for (const op of ['sepia', 'invert']) {
    const change = once(live, 'change', { signal: AbortSignal.timeout(5000) });
    writeFileSync(file, `{"stages": [{"op": "${op}"}]}`);
    await change;
    expect(live.pipeline.stages.map((stage) => stage.op)).toEqual([op]);
  }
  expect(live.error).toBeUndefined();
});

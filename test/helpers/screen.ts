/** A screen for windows: the one there is, else Xvfb for as long as the test file runs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** Sets DISPLAY; the result ends what was started. Without Xvfb there is no screen, and providers say so. */
export async function startScreen(): Promise<() => Promise<void>> {
  const nothing = async () => {};
  if (process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']) return nothing;
  const options = ['-displayfd', '3', '-screen', '0', '800x600x24', '-nolisten', 'tcp', '-noreset'];
  const xvfb = spawn('Xvfb', options, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const end = () => xvfb.kill();
  process.once('exit', end);
  const display = await displayOf(xvfb);
  if (display === undefined) return nothing;
  process.env['DISPLAY'] = `:${display}`;
  return async () => {
    delete process.env['DISPLAY'];
    process.off('exit', end);
    xvfb.kill();
    await once(xvfb, 'exit');
  };
}

/** The number that Xvfb chose, once it is ready; nothing where there is no Xvfb. */
async function displayOf(xvfb: ChildProcess): Promise<string | undefined> {
  const failed = new Promise<undefined>((resolve) => {
    xvfb.once('error', () => resolve(undefined));
    xvfb.once('exit', () => resolve(undefined));
  });
  const told = once(xvfb.stdio[3] as Readable, 'data').then(([data]) => `${data}`.trim());
  return Promise.race([told, failed]);
}

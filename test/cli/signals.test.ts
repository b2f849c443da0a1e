/** How the command line ends by signals, and what it does while whoever reads its output is slow. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { events, framelane } from '../helpers/cli.ts';
import {
  eventually,
  frameHashes,
  makeClip,
  processesNaming,
  temporaryFiles,
} from '../helpers/video.ts';

const { file } = temporaryFiles();
const clip = makeClip(file('clip.mp4'), { size: '640x360', seconds: 20, rate: 50 });
writeFileSync(file('look.json'), JSON.stringify({ stages: [{ op: 'invert' }] }));
const run = (...rest: readonly string[]) => [
  'run',
  file('look.json'),
  '-i',
  clip,
  '--device',
  'cpu',
  '--preset',
  'ultrafast',
  ...rest,
];

it.each([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s finishes the file with what is done', async (signal, expected) => {
  mkdirSync(file(signal));
  const output = join(file(signal), 'out.mp4');
  let sent = false;
  const { code, stdout } = await framelane(run('-o', output, '--json'), {
    watch(child, text) {
      if (
        !sent &&
        events(text.slice(0, text.lastIndexOf('\n'))).some(({ frames }) => Number(frames) > 0)
      ) {
        sent = child.kill(signal);
      }
    },
  });
  expect(code).toBe(expected);
  const done = events(stdout).at(-1) as { frames: number; stopped: boolean };
  expect(done).toMatchObject({ event: 'done', stopped: true });
  expect(frameHashes(output)).toHaveLength(done.frames);
  expect(readdirSync(file(signal))).toEqual(['out.mp4']);
});

it('SIGQUIT leaves nothing', async () => {
  mkdirSync(file('quit'));
  let sent = false;
  const { code } = await framelane(run('-o', join(file('quit'), 'out.mp4'), '--json'), {
    watch(child, text) {
      if (!sent && text.includes('"progress"')) sent = child.kill('SIGQUIT');
    },
  });
  expect(code).toBe(131);
  expect(readdirSync(file('quit'))).toEqual([]);
  await eventually(() => processesNaming(file('quit')).length === 0);
});

it('an output that nobody reads for a time is waited for', async () => {
  const entry = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
  const args = [entry, ...run('-o', '-', '--container', 'mkv', '--quiet', '--to', '4')];
  const env = { ...process.env, FRAMELANE_PATIENCE: '1' };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  await new Promise((resolve) => setTimeout(resolve, 6000));
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, 'close')) as [number];
  expect([code, said]).toEqual([0, '']);
  writeFileSync(file('piped.mkv'), Buffer.concat(chunks));
  expect(frameHashes(file('piped.mkv'))).toHaveLength(200);
});

/** Screens of many dots an inch, which X11 tells of in a property of its root window. */
import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startScreen } from '../helpers/screen.ts';

const theirs = process.env['DISPLAY'];
let end = async () => {};
beforeAll(async () => {
  end = await startScreen();
});
afterAll(() => end());

/** GLFW reads the property once a process. */
const script = `
  import { openWindow } from 'framelane';
  const window = await openWindow({ provider: 'system', width: 60, height: 40 });
  console.log(JSON.stringify([window.width, window.scale, window.contentScale]));
  window.free();`;

/** Of a screen that was started here; xprop is in Debian's x11-utils. */
const canSet = () =>
  theirs === undefined && process.env['DISPLAY'] && !spawnSync('xprop', ['-version']).error;

it.for([
  [96, 1],
  [144, 1.5],
  [192, 2],
] as const)('%i dpi are drawn on at scale %d', ([dpi, contentScale], context) => {
  if (!canSet()) return context.skip('needs Xvfb and xprop');
  const resources = `Xft.dpi:\t${dpi}\n`;
  const set = ['-root', '-f', 'RESOURCE_MANAGER', '8s', '-set', 'RESOURCE_MANAGER', resources];
  execFileSync('xprop', set);
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
  expect(`${stderr}`).toBe('');
  expect(JSON.parse(`${stdout}`)).toEqual([60, 1, contentScale]);
  return undefined;
});

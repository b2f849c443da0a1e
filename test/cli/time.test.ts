/** Times on the command line. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { secondsIn } from '../../src/cli/time.ts';
import { framelane } from '../helpers/cli.ts';
import { makeClip, temporaryFolder, times } from '../helpers/video.ts';

const folder = temporaryFolder();
const clip = makeClip(join(folder, 'in.mkv'), { seconds: 2, output: ['-c:v', 'ffv1'] });
const run = ['run', 'pipelines/black-and-white.json', '-i', clip, '--device', 'cpu', '--overwrite'];

describe('a time', () => {
  it.each([
    ['0', 0],
    ['90', 90],
    ['90.5', 90.5],
    ['.25', 0.25],
    ['90s', 90],
    ['1500ms', 1.5],
    ['1:30', 90],
    ['01:05.25', 65.25],
    ['90:00', 5400],
    ['00:01:30.5', 90.5],
    ['100:00:00', 360_000],
  ])('%s is %d s', (text, seconds) => {
    expect(secondsIn(text)).toBeCloseTo(seconds, 9);
  });

  it.each([
    ...['', ' ', '1:75', '1:60', '1:60:00', '1:2:3:4', '-1', '-1:30', '+5', '1:-30', '1:', ':30'],
    ...['1:3x', '1e3', 'NaN', 'Infinity', '90m', '90 s', '1,5', '1:30s', '0x10', '..5', '1.5:30'],
  ])('"%s" is none', (text) => {
    expect(secondsIn(text)).toBeUndefined();
  });
});

it('says where a section begins, how long it is, and what a picture shows', async () => {
  const [film, picture] = [join(folder, 'out.mkv'), join(folder, 'poster.png')];
  const section = ['--from', '0:00:00.4', '--duration', '800ms'];
  const outputs = ['-o', `${film},codec=ffv1`, '-o', `${picture},at=0:00.2`];
  const { code, stderr } = await framelane([...run, ...outputs, ...section]);
  expect(stderr).not.toMatch(/error/);
  expect(code).toBe(0);
  expect(times(film, 'v')).toHaveLength(20);
});

it.each([
  ['a minute of 75 seconds', ['--from', '1:75'], /--from <time>.* argument '1:75' is invalid/],
  ['a time below 0', ['--to', '-3'], /--to <time>.* argument '-3' is invalid/],
  ['a length of nothing', ['--duration', '0'], /--duration <time>.*above 0/],
  ['two ends', ['--to', '2', '--duration', '1'], /'--duration <time>' cannot be used with.*'--to/],
  ['four parts', ['-o', 'x.png,at=1:2:3:4'], /at: expected a time.*received "1:2:3:4"/],
])('refuses %s', async (_name, flags, message) => {
  const { code, stderr } = await framelane([...run, '-o', join(folder, 'no.mkv'), ...flags]);
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});

it('refuses a preview that starts at no time', async () => {
  const preview = ['preview', 'pipelines/black-and-white.json', '-i', clip, '--from', '1:2:3:4'];
  const { code, stderr } = await framelane(preview);
  expect(stderr).toMatch(/--from <time>.*invalid/);
  expect(code).toBe(2);
});

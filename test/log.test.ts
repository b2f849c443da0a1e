/** FRAMELANE_LOG: what is told, where it goes, and that a command line can be pasted. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseLogSetting, shellQuoted } from '../src/log.ts';
import { framelane } from './helpers/cli.ts';
import { makeClip, temporaryFolder } from './helpers/video.ts';

const folder = temporaryFolder();
const clip = makeClip(join(folder, "it's 100%.mp4"), { seconds: 0.2 });
const args = ['run', 'pipelines/vintage.json', '-i', clip, '-o', join(folder, 'out.mp4')];
const line = /^\d{4}-\d\d-\d\dT[\d:.]+Z (debug|info|warn|error) (video|plan|ffmpeg) \w+/;
const run = (FRAMELANE_LOG: string) =>
  framelane([...args, '--overwrite', '--json'], { env: { FRAMELANE_LOG } });

describe('the setting', () => {
  it.each([
    ['debug', { video: 'debug', batch: 'debug', plan: 'debug', ffmpeg: 'debug' }, []],
    ['video=info', { video: 'info' }, []],
    ['warn, ffmpeg=debug', { video: 'warn', batch: 'warn', plan: 'warn', ffmpeg: 'debug' }, []],
    ['verbose', {}, ['verbose']],
    ['sound=info,video=', {}, ['sound=info', 'video=']],
    ['', {}, ['']],
  ])('%j', (setting, expected, unknown) => {
    const parsed = parseLogSetting(setting);
    expect(Object.fromEntries(parsed.thresholds)).toEqual(expected);
    expect(parsed.unknown).toEqual(unknown);
  });
});

it.each([
  [['a']],
  [['a b', "it's", '']],
  [['-x', '$HOME', '`id`', '"', '\\', '*']],
  [['two\nlines\tand a tab \\n']],
  [['ünï', 'a;b', '%d', '!']],
])('bash reads %j as it was', (words) => {
  const script = `printf '%s\\0' ${shellQuoted(words)}`;
  expect(shellQuoted(words)).not.toContain('\n');
  expect(execFileSync('bash', ['-c', script]).toString().split('\0').slice(0, -1)).toEqual(words);
});

describe('a run', () => {
  it('says nothing without it', async () => {
    expect((await run('')).stderr).toBe('');
  });

  it('tells commands, passes, start and end, and nothing on stdout', async () => {
    const { stdout, stderr } = await run('info');
    const lines = stderr.trimEnd().split('\n');
    for (const each of lines) expect(each).toMatch(line);
    expect(stderr).toMatch(/info video start input=/);
    expect(stderr).toMatch(/info plan pass: yuv420p 64x48 -> sepia/);
    expect(stderr).toMatch(/info video end output=\S+ frames=5 seconds=\d/);
    const started = lines.filter((each) => each.includes(' ffmpeg start '));
    const ended = lines.filter((each) => / ffmpeg exit pid=\d+ code=0$/.test(each));
    expect(started.length).toBeGreaterThanOrEqual(3);
    expect(ended).toHaveLength(started.length);
    for (const text of stdout.trimEnd().split('\n')) expect(() => JSON.parse(text)).not.toThrow();
  });

  it('shows a command that a shell runs', async () => {
    const { stderr } = await run('ffmpeg=info');
    expect(stderr).not.toMatch(/ video | plan /);
    const command = /start pid=\d+: (.* pipe:3)$/m.exec(stderr)?.[1] ?? '';
    const copy = join(folder, 'copy.nut');
    execFileSync('bash', ['-c', `${command} 3>'${copy}'`], { stdio: 'ignore' });
    expect(existsSync(copy)).toBe(true);
  });

  it('passes on what FFmpeg says', async () => {
    const { stderr } = await run('ffmpeg=debug');
    expect(stderr).toMatch(/debug ffmpeg stderr pid=\d+: \[info\] Input #0/);
  });

  it('is told of a setting that means nothing', async () => {
    const { code, stderr } = await run('loud');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^FRAMELANE_LOG: expected one of debug, .*; received loud\n$/);
  });

  it('tells why it failed', async () => {
    const missing = ['run', 'pipelines/vintage.json', '-i', '/nowhere.mp4', '-o', 'x.mp4'];
    const { stderr } = await framelane(missing, { env: { FRAMELANE_LOG: 'error' } });
    expect(stderr).toMatch(
      /error video failure input=\/nowhere.mp4 output=x.mp4: FramelaneError: /,
    );
  });
});

/** `framelane run` with several outputs, pipes, and options of encoders. */
import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline as pipe } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { events, framelane } from '../helpers/cli.ts';
import { frameHashes, makeClip, probedStreams, temporaryFolder } from '../helpers/video.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const look = 'pipelines/black-and-white.json';
const clip = makeClip(file('in.mkv'), { seconds: 0.4, audioAt: 0, output: ['-c:v', 'ffv1'] });
const run = (...args: string[]) => framelane(['run', look, '--device', 'cpu', ...args]);

describe('run', () => {
  it('writes several outputs, each with options of its own', async () => {
    const outputs = [
      ...['-o', file('full.mp4')],
      ...['-o', `${file('small.mp4')},pipeline=pipelines/thumbnail-360p.json,crf=35,audio=none`],
      ...['-o', `${file('poster.png')},at=0.2`],
    ];
    const { code, stdout, stderr } = await run('-i', clip, ...outputs, '--preset', 'ultrafast');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('10 frames');
    expect(probedStreams(file('full.mp4'))).toHaveLength(2);
    expect(probedStreams(file('small.mp4'))).toEqual([expect.objectContaining({ height: 360 })]);
    expect(probedStreams(file('poster.png'))[0]).toMatchObject({ codec_name: 'png', width: 64 });
  });

  it('reads stdin and writes stdout, and says the rest on stderr', async () => {
    const entry = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
    const args = ['run', look, '-i', '-', '-o', '-', '--codec', 'ffv1', '--device', 'cpu'];
    const child = spawn(process.execPath, [entry, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const exit = new Promise((resolve) => child.once('close', resolve));
    await Promise.all([
      pipe(createReadStream(clip), child.stdin),
      pipe(child.stdout, createWriteStream(file('piped.mkv'))),
    ]);
    expect(await exit).toBe(0);
    expect(said).toContain('10 frames');
    await run('-i', clip, '-o', file('direct.mkv'), '--codec', 'ffv1');
    expect(frameHashes(file('piped.mkv'))).toEqual(frameHashes(file('direct.mkv')));
    expect(probedStreams(file('piped.mkv'))).toHaveLength(2);
  });

  it('makes sequences of pictures, and videos of them', async () => {
    const pictures = await run('-i', clip, '-o', file('frame_%03d.png'));
    expect(pictures.code).toBe(0);
    expect(
      [1, 10, 11].map((n) => existsSync(file(`frame_${String(n).padStart(3, '0')}.png`))),
    ).toEqual([true, true, false]);
    const video = await run(
      '-i',
      file('frame_%03d.png'),
      '-o',
      file('back.mp4'),
      '--input-fps',
      '50',
    );
    expect(video.code).toBe(0);
    expect(probedStreams(file('back.mp4'))[0]).toMatchObject({
      r_frame_rate: '50/1',
      nb_frames: '10',
    });
  });

  it('counts what --fps drops and repeats', async () => {
    const { stdout } = await run('-i', clip, '-o', file('ten.mp4'), '--fps', '10', '--json');
    expect(events(stdout).at(-1)).toMatchObject({ frames: 4, dropped: 6, repeated: 0 });
    const said = await run('-i', clip, '-o', file('fast.mp4'), '--fps', '50');
    expect(said.stdout).toContain('0 dropped, 10 repeated');
  });

  it('takes options of the encoder', async () => {
    const more = ['--codec', 'prores', '--option', 'profile=4444', '--audio', 'none'];
    const { code, stderr } = await run('-i', clip, '-o', file('a.mov'), ...more);
    expect([code, stderr]).toEqual([0, '']);
    expect(probedStreams(file('a.mov'))[0]).toMatchObject({
      codec_name: 'prores',
      codec_tag_string: 'ap4h',
    });
  });

  it('takes rates, the distance of key frames and parameters, for all outputs and for one', async () => {
    const small = `${file('rate2.mp4')},codec=x264,bitrate=300k,x264-params=ref=4:me=umh`;
    const flags = ['--bitrate', '2M', '--maxrate', '3M', '--keyint', '5', '--tune', 'grain'];
    const outputs = ['-o', file('rate1.mp4'), '-o', small, '--preset', 'ultrafast'];
    const { code, stderr } = await run('-i', clip, ...outputs, ...flags);
    expect([code, stderr]).toEqual([0, '']);
    // x264 writes its settings into the first frame.
    const settings = (name: string) =>
      /x264 - core.*?options: ([^\0]*)/.exec(readFileSync(file(name)).toString('latin1'))?.[1];
    expect(settings('rate1.mp4')).toMatch(
      /keyint=5 .*bitrate=2000 .*vbv_maxrate=3000 vbv_bufsize=6000/,
    );
    expect(settings('rate2.mp4')).toMatch(/ref=4 .*me=umh .*keyint=5 .*bitrate=300 /);
  });

  it.each([
    ['an option that is none', ['-o', 'a.mp4,crv=3'], /crv=3.*crf/],
    ['an option of --option that is none', ['-o', 'a.mp4', '--option', 'crv=3'], /crf/],
    ['a number that is none', ['-o', 'a.mp4', '--crf', 'x'], /crf: expected a number/],
    [
      'a preset that is none',
      ['-o', 'a.mp4', '--preset', 'quick'],
      /preset: libx264 expects one of/,
    ],
    ['two rates', ['-o', 'a.mp4', '--crf', '20', '--bitrate', '2M'], /bitrate: .*crf/],
    ['a rate in words', ['-o', 'a.mp4', '--bitrate', 'fast'], /bitrate: expected a number/],
    ['a rate out of range', ['-o', 'a.mp4', '--bitrate', '1'], /bitrate: .*from 1000/],
    ['an encoder that is misspelt', ['-o', 'a.mp4', '--codec', 'x246'], /did you mean "x264"/],
    ['parameters that are options', ['-o', 'a.mp4', '--x264-params', 'crf=1'], /option crf/],
    ['JSON where the video goes', ['-o', '-', '--json'], /stdout/],
    ['an unknown container', ['-o', 'a', '--container', 'mp5'], /mp4/],
  ])('refuses %s', async (_name, args, message) => {
    const { code, stderr, stdout } = await run('-i', clip, ...args);
    expect([code, stderr + stdout]).toEqual([expect.any(Number), expect.stringMatching(message)]);
    expect(code).toBeGreaterThan(0);
  });
});

/** Subtitles of a section: one that is on screen at the cut stays for its rest, and one that goes on ends with the section. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { pipeline, probe, runSession } from 'framelane';
import { describe, expect, it } from 'vitest';
import { cutText } from '../../src/video/format/subtitle-text.ts';
import { ffmpegs } from '../helpers/decode.ts';
import { ffmpeg, newestFfmpeg } from '../helpers/programs.ts';
import { temporaryFiles } from '../helpers/video.ts';

const { file } = temporaryFiles();
const cue = (time: string, text: string) => `1\n${time}\n${text}\n\n`;
writeFileSync(
  file('in.srt'),
  cue('00:00:00,200 --> 00:00:00,800', 'gone') +
    cue('00:00:01,000 --> 00:00:05,000', '<i>spans</i> the cut\nin two lines') +
    cue('00:00:05,500 --> 00:00:06,500', 'after') +
    cue('00:00:07,000 --> 00:00:09,000', 'goes on'),
);
const video = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=25:d=9', '-i', file('in.srt')];
const mapped = ['-map', '0:v', '-map', '1:s', '-c:v', 'libx264', '-preset', 'ultrafast'];
const inputs = [
  ['mkv', 'srt'],
  ['mkv', 'ass'],
  ['mp4', 'mov_text'],
  ['webm', 'webvtt'],
] as const;
for (const [extension, codec] of inputs) {
  const encoder = extension === 'webm' ? ['-c:v', 'libvpx', '-deadline', 'realtime'] : [];
  const language = ['-metadata:s:s:0', 'language=ger'];
  const name = file(`${codec}.${extension}`);
  ffmpeg(['-y', ...video, ...mapped, ...encoder, '-c:s', codec, ...language, name]);
}

/** Begin and end of each subtitle in seconds, and its words, as FFmpeg's SubRip has them. */
function cuesIn(path: string): [begin: number, end: number, words: string][] {
  const args = ['-v', 'error', '-i', path, '-map', '0:s:0', '-f', 'srt', 'pipe:1'];
  const text = execFileSync(newestFfmpeg, args).toString().replaceAll('\r', '');
  const clock = (time: string) =>
    time
      .replace(',', '.')
      .split(':')
      .reduce((sum, part) => sum * 60 + Number(part), 0);
  return text
    .trim()
    .split('\n\n')
    .map((block) => {
      const [, times = '', ...lines] = block.split('\n');
      const [begin = '', end = ''] = times.split(' --> ');
      const words = lines.join(' ').replaceAll(/<[^>]*>/g, '');
      return [clock(begin), clock(end), words];
    });
}

describe.each(ffmpegs)('with the %s FFmpeg', (_, program) => {
  it.each(inputs)('of .%s with %s, in every container', async (extension, codec) => {
    const outputs = ['mkv', 'mp4', 'mov', 'webm'].map((name) => ({
      path: file(`out.${name}`),
      overwrite: true,
      ...(name === 'webm' ? { cpuUsed: 8 } : {}),
    }));
    const options = { from: 2.5, to: 8, ffmpeg: program, device: 'cpu' } as const;
    await runSession(pipeline(), file(`${codec}.${extension}`), outputs as never, options).finished;
    for (const { path } of outputs) {
      const cues = cuesIn(path).map(([a, b, words]) => [a.toFixed(1), b.toFixed(1), words]);
      expect(cues, path).toEqual([
        ['0.0', '2.5', 'spans the cut in two lines'],
        ['3.0', '4.0', 'after'],
        ['4.5', '5.5', 'goes on'],
      ]);
    }
  });
});

it('of a section without any is an empty stream', async () => {
  const options = { from: 6.6, to: 6.9, overwrite: true, device: 'cpu' } as const;
  await runSession(pipeline(), file('srt.mkv'), file('none.mkv'), options).finished;
  const same = [{ codec: 'subrip', language: 'ger', disposition: ['default'] }];
  expect((await probe(file('none.mkv'))).subtitles).toMatchObject(same);
  await runSession(pipeline(), file('srt.mkv'), file('some.mkv'), { ...options, from: 6 }).finished;
  expect((await probe(file('some.mkv'))).subtitles).toMatchObject(same);
});

describe.each(ffmpegs)('with the %s FFmpeg', (_, program) => {
  it('keeps what tracks are for', async () => {
    const roles = ['-disposition:s:0', 'default', '-disposition:s:1', 'forced'];
    const source = file('roles.mkv');
    ffmpeg(['-y', ...video, ...mapped, '-map', '1:s', ...roles, '-c:s', 'srt', source]);
    const options = { from: 2.5, to: 8, ffmpeg: program, device: 'cpu', overwrite: true } as const;
    await runSession(pipeline(), source, file('roles.cut.mkv'), options).finished;
    const kept = [{ disposition: ['default'] }, { disposition: ['forced'] }];
    expect((await probe(source)).subtitles).toMatchObject(kept);
    expect((await probe(file('roles.cut.mkv'))).subtitles).toMatchObject(kept);
  });
});

it('keeps what else is in a text', () => {
  const vtt = 'WEBVTT\n\nSTYLE\n::cue { color: red }\n\n00:01.000 --> 00:03.000 line:0\nhere\n\n';
  const cut =
    'WEBVTT\n\nSTYLE\n::cue { color: red }\n\n00:00:00.000 --> 00:00:01.500 line:0\nhere\n\n';
  expect(cutText(vtt, 'webvtt', 1.5)).toBe(cut);
  const ass = '[Events]\nDialogue: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,a, b --> c';
  expect(cutText(ass, 'ass', 2, 2.5)).toBe(
    '[Events]\nDialogue: 0,0:00:00.00,0:00:00.50,Default,,0,0,0,,a, b --> c',
  );
});

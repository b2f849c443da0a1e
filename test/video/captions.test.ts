/** Closed captions: found, told, and made a track of text, with every FFmpeg. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline, probe, runSession, type SessionOptions } from 'framelane';
import { describe, expect, it } from 'vitest';
import { filterText } from '../../src/video/output/caption-track.ts';
import { ffmpegs } from '../helpers/decode.ts';
import { ffmpeg, newestFfmpeg } from '../helpers/programs.ts';
import { makeClip, probedStreams, temporaryFiles } from '../helpers/video.ts';

const { folder, file } = temporaryFiles();
const rate = 30_000 / 1001;

/** CEA-608: seven bits and odd parity. */
function withParity(code: number): number {
  let ones = 0;
  for (let bit = 0; bit < 7; bit++) ones += (code >> bit) & 1;
  return ones % 2 === 0 ? code | 0x80 : code;
}

/** What each frame of field 1 brings: a caption is loaded, shown at its end and cleared. */
function pairs(captions: readonly { text: string; load: number; show: number; clear: number }[]) {
  const byFrame = new Map<number, readonly [number, number]>();
  const send = (frame: number, codes: readonly (readonly [number, number])[]) => {
    codes.forEach((pair, n) => {
      byFrame.set(frame + n, pair);
    });
  };
  const resume = [0x14, 0x20] as const;
  const erase = [0x14, 0x2e] as const;
  const row = [0x14, 0x70] as const;
  const flip = [0x14, 0x2f] as const;
  const clean = [0x14, 0x2c] as const;
  for (const { text, load, show, clear } of captions) {
    const bytes = [...Buffer.from(text.length % 2 === 0 ? text : `${text} `)];
    const letters = Array.from({ length: bytes.length / 2 }, (_, n) => {
      return [bytes[2 * n] ?? 32, bytes[2 * n + 1] ?? 32] as const;
    });
    send(load, [resume, resume, erase, erase, row, row, ...letters]);
    send(show, [flip, flip]);
    send(clear, [clean, clean]);
  }
  return byFrame;
}

/** MPEG-2 with captions as ATSC A/53 puts them behind picture headers, in a transport stream. */
function captioned(name: string): string {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=160x96:r=30000/1001:d=4'];
  ffmpeg(['-y', ...source, '-c:v', 'mpeg2video', '-bf', '0', '-g', '15', file('plain.m2v')]);
  const bytes = readFileSync(file('plain.m2v'));
  const sent = pairs([
    { text: 'HELLO ONE', load: 0, show: 15, clear: 40 },
    { text: 'SECOND', load: 42, show: 60, clear: 100 },
  ]);
  const parts: Buffer[] = [];
  let [from, frame] = [0, 0];
  // The first slice of every picture.
  for (let at = bytes.indexOf('\0\0\x01\x01', 0, 'latin1'); at >= 0; frame++) {
    const [a, b] = sent.get(frame) ?? [0, 0];
    const caption = Buffer.from([0, 0, 1, 0xb2, ...Buffer.from('GA94'), 3, 0x41, 0xff]);
    const field = [0xfc, withParity(a), withParity(b), 0xff];
    parts.push(bytes.subarray(from, at), caption, Buffer.from(field));
    from = at;
    at = bytes.indexOf('\0\0\x01\x01', at + 4, 'latin1');
  }
  writeFileSync(file('captions.m2v'), Buffer.concat([...parts, bytes.subarray(from)]));
  const bare = ['-fflags', '+genpts', '-framerate', '30000/1001', '-f', 'mpegvideo'];
  const times = 'setts=pts=N*3003:dts=N*3003:time_base=1/90000';
  const args = [...bare, '-i', file('captions.m2v'), '-bsf:v', times, '-c', 'copy', file(name)];
  execFileSync(newestFfmpeg, ['-v', 'error', '-y', ...args]);
  return file(name);
}

const clip = captioned('captions.ts');
/** The same by x264, whose B-frames are not stored in their order. */
const reordered = file('captions.mp4');
execFileSync(newestFfmpeg, [
  ...[
    '-v',
    'error',
    '-y',
    '-i',
    clip,
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-bf',
    '2',
    reordered,
  ],
]);

/** Texts and their times in seconds, as another program reads them. */
function subtitles(path: string): [text: string, start: number, end: number][] {
  const srt = execFileSync(newestFfmpeg, [
    '-v',
    'error',
    '-i',
    path,
    '-map',
    '0:s',
    '-f',
    'srt',
    '-',
  ]);
  const seconds = (clock: string) => {
    const [h = 0, m = 0, s = 0] = clock.replace(',', '.').split(':').map(Number);
    return 3600 * h + 60 * m + s;
  };
  return srt
    .toString()
    .trim()
    .split(/\n\n+/)
    .flatMap((cue): [string, number, number][] => {
      const [, clock = '', ...lines] = cue.split('\n');
      const [start = '', end = ''] = clock.split(' --> ');
      const text = lines
        .join(' ')
        .replaceAll(/<[^>]*>|\{[^}]*\}/g, '')
        .trim();
      return text === '' ? [] : [[text, seconds(start), seconds(end)]];
    });
}

const expectCues = (path: string, cues: readonly [string, number, number][]) => {
  const near = (value: number) => expect.closeTo(value, 2);
  expect(subtitles(path)).toEqual(cues.map(([text, from, to]) => [text, near(from), near(to)]));
};

it('probe finds them in the first frames', async () => {
  expect((await probe(clip)).captions).toBe(true);
  expect((await probe(reordered)).captions).toBe(true);
  expect((await probe(makeClip(file('none.mp4'), { seconds: 0.2 }))).captions).toBe(false);
});

describe.each(ffmpegs)('with the %s FFmpeg', (which, program) => {
  const written = async (path: string, name: string, more: object = {}) => {
    const output = file(`${which} ${name}`);
    const { warnings } = await runSession(pipeline(), path, output, {
      ...{ device: 'cpu', ffmpeg: program, overwrite: true, captions: 'text' },
      ...(/\.(mov|mp4|mkv)$/.test(name) ? { preset: 'ultrafast' } : {}),
      ...more,
    } as SessionOptions).finished;
    return { output, warnings };
  };
  const first: [string, number, number] = ['HELLO ONE', 15 / rate, 40 / rate];
  const second: [string, number, number] = ['SECOND', 60 / rate, 100 / rate];

  it.each([
    ['MPEG-TS', clip, 'ts.mp4', 'mov_text'],
    ['MPEG-TS', clip, 'ts.mkv', 'subrip'],
    ['MPEG-TS', clip, 'ts.webm', 'webvtt'],
    ['MP4 with B-frames', reordered, 'mp4.mov', 'mov_text'],
    ['MP4 with B-frames', reordered, 'mp4.mkv', 'subrip'],
  ])('of %s become a track of text at their times: %s', async (_, path, name, codec) => {
    const fast = name.endsWith('webm') ? { deadline: 'realtime', cpuUsed: 8 } : {};
    const { output, warnings } = await written(path, name, fast);
    expectCues(output, [first, second]);
    const track = probedStreams(output).find((stream) => stream.codec_type === 'subtitle');
    expect(track).toMatchObject({ codec_name: codec });
    expect(warnings).toEqual([]);
  });

  it.each([
    ['MPEG-TS', clip],
    ['MP4 with B-frames', reordered],
  ])('of a section of %s are at its times', async (_, path) => {
    const section = { from: 45 / rate, to: 110 / rate };
    const { output } = await written(path, 'section.mkv', section);
    expectCues(output, [['SECOND', 15 / rate, 55 / rate]]);
  });

  it('are told of where they are left out', async () => {
    const { output, warnings } = await written(clip, 'left.mp4', { captions: undefined });
    expect(warnings).toEqual([expect.stringMatching(/captions are left out; captions: "text"/)]);
    expect(probedStreams(output)).toHaveLength(1);
    expect((await written(clip, 'none.mp4', { captions: 'none' })).warnings).toEqual([]);
    const { warnings: noText } = await written(clip, 'text.avi');
    expect(noText).toEqual([expect.stringMatching(/avi takes no text/)]);
  });

  it.each([
    "it's; [out0], 'a' = \\b\\ :x,y",
    ' spaces around ',
    '%d $HOME `id` movie=x[out0+subcc]',
    'new\nline\ttab',
    "\\\\'''",
    'pipe:0',
  ])('are read of files with odd names: %j', async (name) => {
    mkdirSync(join(folder, name), { recursive: true });
    const path = join(folder, name, `${name}.ts`);
    copyFileSync(clip, path);
    const { output } = await written(path, 'odd.mkv');
    expectCues(output, [first, second]);
  });
});

it('a name reaches a filter as it is', () => {
  // FFmpeg undoes it twice: a backslash takes the next character as it is.
  const undo = (text: string) => text.replaceAll(/\\(.)/gs, '$1');
  let state = 7;
  const random = (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  for (let n = 0; n < 500; n++) {
    const name = Array.from({ length: random(12) }, () => "ab\\':;,[]= \n%"[random(13)]).join('');
    expect(undo(undo(filterText(name)))).toBe(name);
    // Nothing that a graph is split at is bare.
    expect(filterText(name).replaceAll(/\\./gs, '')).not.toMatch(/['[\],;\s\\]/);
  }
});

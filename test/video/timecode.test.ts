/** Timecodes: counted name by name, and carried by sessions with every FFmpeg. */
import { execFileSync } from 'node:child_process';
import { pipeline, probe, runSession, type SessionOptions } from 'framelane';
import { describe, expect, it } from 'vitest';
import {
  advance,
  mayDrop,
  parseTimecode,
  recount,
  type Timecode,
  timecodeText,
} from '../../src/video/format/timecode.ts';
import { ffmpegs } from '../helpers/decode.ts';
import { ffprobe, newestFfmpeg } from '../helpers/programs.ts';
import { temporaryFiles } from '../helpers/video.ts';

const { file } = temporaryFiles();
const ntsc = { num: 30_000, den: 1001 };
const ntsc60 = { num: 60_000, den: 1001 };
const pal = { num: 25, den: 1 };

/** The names of a day's frames, one after the other, by SMPTE ST 12-1, 5.2.2: no formula. */
function* namesOfADay(nominal: number, dropped: number, hours: readonly number[]) {
  const two = (value: number) => String(value).padStart(2, '0');
  for (const hour of hours) {
    for (let minute = 0; minute < 60; minute++) {
      for (let second = 0; second < 60; second++) {
        for (let frame = 0; frame < nominal; frame++) {
          if (second === 0 && frame < dropped && minute % 10 !== 0) continue;
          const mark = dropped > 0 ? ';' : ':';
          yield `${two(hour)}:${two(minute)}:${two(second)}${mark}${two(frame)}`;
        }
      }
    }
  }
}

describe('counting', () => {
  it.each([
    [ntsc, 30, 2, '00:00:00;00'],
    [ntsc60, 60, 4, '00:00:00;00'],
    [ntsc, 30, 0, '00:00:00:00'],
    [{ num: 24_000, den: 1001 }, 24, 0, '00:00:00:00'],
  ])('%o, name by name', (rate, nominal, dropped, midnight) => {
    const start = parseTimecode(midnight, rate) as Timecode;
    let frame = 0;
    const wrong: string[] = [];
    for (const name of namesOfADay(nominal, dropped, [0, 1])) {
      const counted = timecodeText(advance(start, frame));
      if (counted !== name || parseTimecode(name, rate)?.frame !== frame) wrong.push(name);
      frame++;
    }
    expect(wrong).toEqual([]);
  });

  it('goes on at midnight', () => {
    const last = parseTimecode('23:59:59;29', ntsc) as Timecode;
    expect(last.frame + 1).toBe(2_589_408); // of a day at 29.97, ST 12-1
    expect(timecodeText(advance(last, 1))).toBe('00:00:00;00');
    expect(timecodeText(advance(parseTimecode('23:59:59:24', pal) as Timecode, 26))).toBe(
      '00:00:01:00',
    );
  });

  it.each([
    ['a frame beyond the rate', '10:00:00:25', pal],
    ['a dropped name', '10:01:00;01', ntsc],
    ['dropped names at 25', '10:00:00;00', pal],
    ['an hour beyond the day', '24:00:00:00', pal],
    ['a minute beyond the hour', '10:60:00:00', pal],
    ['words', 'noon', pal],
    ['nothing', '', pal],
    ['a rate of nothing', '10:00:00:00', { num: 1, den: 3 }],
  ])('knows no %s', (_, text, rate) => {
    expect(parseTimecode(text, rate)).toBeUndefined();
  });

  it('drops names at 29.97 and 59.94 alone', () => {
    const rates = [ntsc, ntsc60, { num: 30, den: 1 }, { num: 24_000, den: 1001 }, pal];
    expect(rates.map(mayDrop)).toEqual([true, true, false, false, false]);
  });

  it.each([
    ['10:00:00:12', pal, { num: 50, den: 1 }, '10:00:00:24'],
    ['10:00:00:13', { num: 50, den: 1 }, pal, '10:00:00:06'],
    ['10:01:00;02', ntsc, ntsc60, '10:01:00;04'],
    // An hour of dropped names is 3599.9964 s.
    ['01:00:00;00', ntsc, pal, '00:59:59:24'],
    ['01:00:00:15', ntsc, { num: 24, den: 1 }, '01:00:00:12'],
  ])('%s at %o is at %o %s', (text, from, to, expected) => {
    expect(timecodeText(recount(parseTimecode(text, from) as Timecode, from, to))).toBe(expected);
  });
});

function made(name: string, rate: string, timecode: string, more: readonly string[] = []): string {
  const source = ['-f', 'lavfi', '-i', `testsrc2=s=64x48:r=${rate}:d=2`];
  const codec = name.endsWith('mxf') ? 'mpeg2video' : 'libx264';
  const output = ['-pix_fmt', 'yuv420p', '-c:v', codec, ...more, '-timecode', timecode];
  execFileSync(newestFfmpeg, ['-v', 'error', '-y', ...source, ...output, file(name)]);
  return file(name);
}

/** The timecode that another program reads, wherever it is. */
function told(path: string): string[] {
  const tags = ['-show_entries', 'stream_tags=timecode:format_tags=timecode'];
  const said = ffprobe([...tags, '-of', 'flat', path]);
  return [...new Set(Array.from(said.matchAll(/timecode="(.*)"/gi), ([, text]) => text ?? ''))];
}

function dataStreams(path: string): string[] {
  const shown = ['-select_streams', 'd', '-show_entries', 'stream=codec_tag_string'];
  const args = [...shown, '-of', 'csv=p=0', path];
  return ffprobe(args).trim().split('\n');
}

it('probe tells it', async () => {
  const path = made('probed.mov', '30000/1001', '01:00:59;28');
  expect((await probe(path)).timecode).toEqual({ text: '01:00:59;28', frameRate: ntsc, stream: 1 });
  expect((await probe(made('none.mkv', '25', '10:00:00:00'))).timecode).toMatchObject({
    text: '10:00:00:00',
    stream: undefined,
  });
});

describe.each(ffmpegs)('with the %s FFmpeg', (which, program) => {
  const written = async (path: string, name: string, more: object = {}) => {
    const output = file(`${which} ${name}`);
    const { warnings } = await runSession(pipeline(), path, output, {
      ...{ device: 'cpu', ffmpeg: program, overwrite: true },
      ...(/\.(mov|mp4|mkv)$/.test(name) ? { preset: 'ultrafast' } : {}),
      ...more,
    } as SessionOptions).finished;
    return { output, warnings };
  };

  it.each([
    ['in.mov', 'out.mp4', '25', '10:00:00:00', 1, '10:00:01:00'],
    ['in.mov', 'out.mov', '30000/1001', '01:00:59;28', 0, '01:00:59;28'],
    // 30 frames on, over the two names that minute 1 has not.
    ['in.mp4', 'out.mov', '30000/1001', '01:00:59;28', 1.001, '01:01:01;00'],
    ['in.mov', 'out.mkv', '30000/1001', '01:09:59;28', 1.001, '01:10:00;28'],
    ['in.mkv', 'out.mov', '24000/1001', '00:59:59:23', 1.001, '01:00:00:23'],
    ['in.mxf', 'out.mp4', '25', '23:59:59:24', 1, '00:00:00:24'],
    ['in.mxf', 'out.mkv', '25', '10:00:00:00', 0, '10:00:00:00'],
    ['in.mov', 'out.avi', '25', '10:00:00:10', 0.4, '10:00:00:20'],
  ])('%s to %s at %s from %s, %d s on', async (name, target, rate, start, from, expected) => {
    const path = made(`${which} ${rate.replace('/', '_')} ${name}`, rate, start);
    const { output, warnings } = await written(path, target, { from });
    expect(told(output)).toEqual([expected]);
    if (/mov|mp4/.test(target)) expect(dataStreams(output)).toEqual(['tmcd']);
    expect(warnings.filter((words) => /timecode|data stream/.test(words))).toEqual([]);
  });

  it('is counted anew at another rate, and says so', async () => {
    const path = made(`${which} rate.mov`, '25', '10:00:00:10');
    const { output, warnings } = await written(path, 'fifty.mov', { fps: 50 });
    expect([told(output), warnings]).toEqual([
      ['10:00:00:20'],
      [expect.stringMatching(/timecode 10:00:00:10 is counted at 50 frames\/s: 10:00:00:20/)],
    ]);
  });

  it('follows frames that are made of fields', async () => {
    const fields = ['-vf', 'tinterlace=interleave_top', '-flags', '+ildct+ilme', '-x264-params'];
    const path = made(`${which} fields.mov`, '50', '10:00:00:10', [...fields, 'tff=1']);
    const { output } = await written(path, 'double.mov', { deinterlace: 'double', from: 0.4 });
    expect(told(output)).toEqual(['10:00:00:40']);
  });

  it.each([
    ['a container without a place for it', '25', '10:00:00:00', 'out.ts', /ts cannot store one/],
    ['a name that no frame has', '25', '10:00:00:99', 'out.mkv', /no frame has it/],
  ])('is left out with a note: %s', async (_, rate, start, target, words) => {
    const path = file(`${which} left.mkv`);
    const plain = ['-f', 'lavfi', '-i', `testsrc2=s=64x48:r=${rate}:d=1`, '-c:v', 'ffv1'];
    execFileSync(newestFfmpeg, [
      ...['-v', 'error', '-y', ...plain],
      '-metadata',
      `timecode=${start}`,
      path,
    ]);
    const { output, warnings } = await written(path, target, { from: 0.2 });
    expect(warnings).toEqual([expect.stringMatching(words)]);
    expect(told(output)).toEqual([]);
  });
});

/** Dolby Vision: refused where its base layer has no colours of its own, else the base layer is used and that is said. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Player, pipeline, probe, runSession, VideoReader } from 'framelane';
import { beforeAll, describe, expect, it } from 'vitest';
import { dolbyVisionOf, needsDolbyVision } from '../../src/video/format/dolby-vision.ts';
import { framelane } from '../helpers/cli.ts';
import { ffmpeg, ffmpegPaths } from '../helpers/programs.ts';
import { temporaryFolder } from '../helpers/video.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);

interface Marks {
  readonly profile: number;
  readonly compatibility: number;
}

/** The record that ISO/IEC 14496-12 files carry in their sample entry ("Dolby Vision Streams within ISOBMFF", 3.2). */
function configuration({ profile, compatibility }: Marks): Buffer {
  const record = Buffer.alloc(24);
  record.writeUInt8(1, 0); // version 1.0
  record.writeUInt16BE((profile << 9) | (1 << 3) | (1 << 2) | 1, 2); // level 1, with metadata and a base layer
  record.writeUInt8(compatibility << 4, 4);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(32, 0);
  head.write(profile > 7 ? 'dvvC' : 'dvcC', 4, 'latin1');
  return Buffer.concat([head, record]);
}

/** Puts it at the end of the sample entry, and makes the boxes around it longer. */
function marked(name: string, marks: Marks): string {
  const data = readFileSync(file('hevc.mp4'));
  const box = configuration(marks);
  let [from, to] = [0, data.length];
  const around: number[] = [];
  for (const type of ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd']) {
    let at = from;
    while (data.toString('latin1', at + 4, at + 8) !== type) at += data.readUInt32BE(at);
    expect(at).toBeLessThan(to);
    around.push(at);
    [from, to] = [at + 8, at + data.readUInt32BE(at)];
  }
  const entry = from + 8; // after version, flags and count
  const end = entry + data.readUInt32BE(entry);
  for (const at of [...around, entry]) data.writeUInt32BE(data.readUInt32BE(at) + box.length, at);
  writeFileSync(file(name), Buffer.concat([data.subarray(0, end), box, data.subarray(end)]));
  return file(name);
}

beforeAll(() => {
  const x265 = ['-pix_fmt', 'yuv420p10le', '-c:v', 'libx265', '-preset', 'ultrafast'];
  const quiet = ['-x265-params', 'log-level=error', '-tag:v', 'hvc1', '-an'];
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=25:d=0.2'];
  ffmpeg(['-y', ...source, ...x265, ...quiet, file('hevc.mp4')]); // its index comes last
});

describe('Dolby Vision', () => {
  it.each<[Marks, string]>([
    [{ profile: 5, compatibility: 0 }, 'profile 5'],
    [{ profile: 10, compatibility: 0 }, 'profile 10.0'],
  ])('of %o is refused, which names it and says what to do', async (marks, name) => {
    const path = marked('bare.mp4', marks);
    const refusal = {
      code: 'ERR_UNSUPPORTED_FORMAT',
      message: expect.stringMatching(`Dolby Vision ${name}.*libplacebo`),
    };
    expect((await probe(path)).dolbyVision).toEqual({ ...marks, level: 1 });
    const out = file('never.mp4');
    const session = runSession(pipeline(), path, out, { device: 'cpu' });
    await expect(session.finished).rejects.toMatchObject(refusal);
    await expect(VideoReader.open(path, { device: 'cpu' })).rejects.toMatchObject(refusal);
    await expect(Player.open(path, { device: 'cpu' })).rejects.toMatchObject(refusal);
    const { code, stdout } = await framelane(['probe', path]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Dolby Vision ${name}`);
  });

  it.each<[Marks, RegExp]>([
    [{ profile: 8, compatibility: 1 }, /profile 8\.1 is left out, its HDR10 base layer is used/],
    [{ profile: 8, compatibility: 4 }, /profile 8\.4 is left out, its HLG base layer is used/],
    [{ profile: 8, compatibility: 2 }, /profile 8\.2 is left out, its SDR base layer is used/],
    [{ profile: 7, compatibility: 6 }, /profile 7 is left out, its HDR10 base layer is used/],
    [{ profile: 4, compatibility: 2 }, /profile 4 is left out, its SDR base layer is used/],
  ])('of %o is read by its base layer', async (marks, told) => {
    const path = marked('base.mp4', marks);
    for (const program of ffmpegPaths) {
      const options = { device: 'cpu', overwrite: true, ffmpeg: program } as const;
      const session = runSession(pipeline(), path, file('out.mkv'), options);
      const { frames, warnings } = await session.finished;
      expect(frames).toBe(5);
      expect(warnings).toEqual([expect.stringMatching(told)]);
    }
  });

  it('is known by its codec tag to an ffprobe that does not read the record', () => {
    const found = dolbyVisionOf({ codec_tag_string: 'dvh1' });
    expect(found).toEqual({ profile: undefined, level: undefined, compatibility: undefined });
    if (found === undefined) throw new Error('it is not found');
    expect(needsDolbyVision(found, undefined)).toBe(true);
    expect(needsDolbyVision(found, 'smpte2084')).toBe(false);
    expect(dolbyVisionOf({ codec_tag_string: 'hvc1' })).toBeUndefined();
  });
});

/** Sound that is coded without loss: copied where the container takes it, else converted so that every sample stays. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pipeline, runSession } from 'framelane';
import { beforeAll, describe, expect, it } from 'vitest';
import { depthOf } from '../../src/video/format/lossless.ts';
import { ffmpeg, ffmpegPath, ffmpegPaths } from '../helpers/programs.ts';
import { probedStreams, temporaryFolder } from '../helpers/video.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);

/** Every sample as a float of 64 bits, which holds integers of 53. */
function samples(path: string, program = ffmpegPath): Float64Array {
  const args = [
    '-v',
    'error',
    '-i',
    path,
    '-map',
    '0:a:0',
    '-c:a',
    'pcm_f64le',
    '-f',
    'f64le',
    '-',
  ];
  const raw = execFileSync(program, args, { maxBuffer: 1 << 28 });
  return new Float64Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
}

/** Noise of all 52 bits of a float, so that a lost bit shows. */
const noise = "aevalsrc='0.9*(2*random(0)-1)|0.9*(2*random(1)-1)':s=48000:d=0.2";
const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=25:d=0.2'];

/** A film with sound of a codec, in the container that its tools write. */
function film(codec: string, extension: string, more: readonly string[] = []): string {
  const path = file(`${codec}.${extension}`);
  const video = ['-pix_fmt', 'yuv420p', '-c:v', 'mpeg4'];
  ffmpeg(['-y', ...picture, '-f', 'lavfi', '-i', noise, ...video, '-c:a', codec, ...more, path]);
  return path;
}

const depths = ['s16', 's24', 's32', 'f32', 'f64'];
const pcm = [
  ...depths.flatMap((depth) => [`pcm_${depth}le`, `pcm_${depth}be`]),
  ...['pcm_s8', 'pcm_u8', 'pcm_alaw', 'pcm_mulaw'],
];

/** What becomes of PCM where it cannot be copied. */
const becomes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  mkv: {
    pcm_s8: 'pcm_u8',
    pcm_f32be: 'pcm_f32le',
    pcm_f64be: 'pcm_f64le',
  },
  avi: {
    ...Object.fromEntries(depths.map((depth) => [`pcm_${depth}be`, `pcm_${depth}le`])),
    pcm_s8: 'pcm_u8',
  },
  mp4: Object.fromEntries(pcm.map((codec) => [codec, 'flac'])),
  ogv: Object.fromEntries(pcm.map((codec) => [codec, 'flac'])),
};

beforeAll(() => {
  for (const codec of pcm) film(codec, 'mov');
});

const extensions = ['mov', 'mkv', 'avi', 'mp4', 'ogv'];

describe.each(ffmpegPaths)('PCM by %s', (program) => {
  it.each(pcm)('of %s keeps every sample in every container', async (codec) => {
    const before = samples(file(`${codec}.mov`));
    const outputs = extensions.map((extension) => {
      return { path: file(`out.${extension}`), overwrite: true } as const;
    });
    const options = { device: 'cpu', ffmpeg: program } as const;
    const session = runSession(pipeline(), file(`${codec}.mov`), outputs, options);
    const { warnings } = await session.finished;
    for (const extension of extensions) {
      const output = file(`out.${extension}`);
      const expected = becomes[extension]?.[codec] ?? codec;
      const audio = probedStreams(output).find((stream) => stream.codec_type === 'audio');
      expect([extension, audio?.['codec_name']]).toEqual([extension, expected]);
      const rounded = expected === 'flac' && /32|f64/.test(codec);
      const how = rounded ? 'rounded to 24 bits' : 'without loss';
      const told = warnings.filter((warning) => warning.includes(`${extension} does not take it`));
      expect(told).toEqual(
        expected === codec ? [] : [expect.stringContaining(`by ${expected}, ${how}`)],
      );
      const after = samples(output);
      expect([extension, after.length]).toEqual([extension, before.length]);
      const worst = before.reduce((most, value, at) => {
        return Math.max(most, Math.abs(value - (after[at] ?? 0)));
      }, 0);
      expect([extension, worst <= (rounded ? 2 ** -23 : 0)]).toEqual([extension, true]);
    }
  });
});

describe.each(ffmpegPaths)('compressed without loss by %s', (program) => {
  it.each<[string, string, readonly string[], string, string]>([
    ['flac', 'mkv', ['-sample_fmt', 's32', '-bits_per_raw_sample', '24'], 'mov', 'alac'],
    ['alac', 'mov', ['-sample_fmt', 's32p', '-bits_per_raw_sample', '24'], 'ogv', 'flac'],
    ['flac', 'mkv', ['-sample_fmt', 's16'], 'avi', 'pcm_s16le'],
    ['wavpack', 'mkv', ['-sample_fmt', 'fltp'], 'mov', 'pcm_f32le'],
    ['wavpack', 'mkv', ['-sample_fmt', 's16p'], 'mp4', 'flac'],
  ])('%s in .%s (%j) becomes in .%s %s', async (codec, from, more, to, expected) => {
    const input = film(codec, from, more);
    const output = file(`packed.${to}`);
    const options = { device: 'cpu', overwrite: true, ffmpeg: program } as const;
    const { warnings } = await runSession(pipeline(), input, output, options).finished;
    const audio = probedStreams(output).find((stream) => stream.codec_type === 'audio');
    expect(audio?.['codec_name']).toBe(expected);
    expect(warnings).toContainEqual(expect.stringContaining(`by ${expected}, without loss`));
    expect(Buffer.compare(bytes(samples(input)), bytes(samples(output)))).toBe(0);
  });

  it('is said to lose something where the container has nothing without loss', async () => {
    const options = { device: 'cpu', overwrite: true, ffmpeg: program } as const;
    const session = runSession(pipeline(), file('pcm_s24be.mov'), file('lossy.ts'), options);
    expect((await session.finished).warnings).toContainEqual(
      expect.stringContaining('by aac, with loss: ts does not take it as it is'),
    );
  });

  it('leaves out what no encoder takes, and keeps the film', async () => {
    const channels = Array.from({ length: 24 }, () => '0.5*random(0)').join('|');
    const many = ['-f', 'lavfi', '-i', `aevalsrc='${channels}':s=48000:d=0.2`];
    const video = ['-pix_fmt', 'yuv420p', '-c:v', 'mpeg4', '-c:a', 'pcm_s16le'];
    ffmpeg(['-y', ...picture, ...many, ...video, file('many.mov')]);
    const options = { device: 'cpu', overwrite: true, ffmpeg: program } as const;
    const kept = await runSession(pipeline(), file('many.mov'), file('many.mkv'), options).finished;
    expect(kept.warnings).toEqual([]);
    const session = runSession(pipeline(), file('many.mov'), file('many.mp4'), options);
    const { frames, warnings } = await session.finished;
    expect(frames).toBe(5);
    expect(warnings).toEqual([expect.stringMatching(/audio stream 1 .*is left out: it can be/)]);
  });
});

function bytes(samples: Float64Array): Buffer {
  return Buffer.from(samples.buffer);
}

describe('the depth of sound', () => {
  const stream = { codec: 'flac', bitsPerSample: undefined, sampleFormat: undefined };
  it.each([
    [{ codec: 'pcm_s24be' }, { bits: 24, float: false }],
    [{ codec: 'pcm_f64le' }, { bits: 64, float: true }],
    [{ codec: 'pcm_mulaw' }, { bits: 16, float: false }],
    [
      { codec: 'flac', sampleFormat: 's32', bitsPerSample: 24 },
      { bits: 24, float: false },
    ],
    [
      { codec: 'wavpack', sampleFormat: 'fltp' },
      { bits: 32, float: true },
    ],
    [
      { codec: 'dts', profile: 'DTS-HD MA', sampleFormat: 's32p', bitsPerSample: 24 },
      { bits: 24, float: false },
    ],
    [{ codec: 'dts', profile: 'DTS', sampleFormat: 'fltp' }, undefined],
    [{ codec: 'aac', sampleFormat: 'fltp' }, undefined],
  ])('of %o is %o', (fields, expected) => {
    expect(depthOf({ ...stream, ...fields } as never)).toEqual(expected);
  });
});

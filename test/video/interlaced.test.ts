/** Interlaced video: found by its frames, made progressive at one or two frames each, or written as interlaced. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { pipeline, probe, runSession, type SessionOptions } from 'framelane';
import { describe, expect, it } from 'vitest';
import { fieldsAfter } from '../../src/video/output/fields.ts';
import { decode, ffmpegs } from '../helpers/decode.ts';
import { ffmpeg, ffprobe, newestFfmpeg } from '../helpers/programs.ts';
import { makeClip, probedStreams, temporaryFiles, times } from '../helpers/video.ts';

const { file } = temporaryFiles();
const letters = { tff: 'top', bff: 'bottom' } as const;
type Parity = keyof typeof letters;

/** 0.4 s of 25 frames a second made of 50 pictures a second, two by two. */
function woven(
  name: string,
  parity: Parity,
  output: readonly string[],
  { size = '320x240', seconds = 0.4, sound = [] as readonly string[] } = {},
): string {
  const source = `testsrc2=s=${size}:r=50:d=${seconds}`;
  const filter = `tinterlace=interleave_${letters[parity]},setfield=${parity},format=yuv420p`;
  const inputs = ['-y', '-f', 'lavfi', '-i', source, ...sound];
  ffmpeg([...inputs, '-vf', filter, ...output, file(name)]);
  return file(name);
}
const mbaff = (parity: Parity) => [
  ...['-c:v', 'libx264', '-qp', '8', '-flags', '+ildct+ilme', '-x264-params', `${parity}=1`],
];
const dv = (name: string) => woven(name, 'bff', ['-c:v', 'dvvideo'], { size: '720x576' });
const mpeg4 = (name: string) =>
  woven(name, 'tff', ['-c:v', 'mpeg4', '-q:v', '2', '-flags', '+ildct+ilme', '-top', '1']);

/** Matroska's FieldOrder and FlagInterlaced say that the frames are progressive. */
const lying = (name: string) =>
  woven(name, 'tff', [...mbaff('tff'), '-field_order', 'progressive']);

/** The marks that a decoder makes of the first frames. */
function marks(path: string): { interlaced_frame: number; top_field_first: number }[] {
  const shown = ['-show_entries', 'frame=interlaced_frame,top_field_first'];
  const args = ['-select_streams', 'v:0', ...shown, '-of', 'json', path];
  return JSON.parse(ffprobe(args)).frames.map(
    ({ interlaced_frame, top_field_first }: Record<string, number>) => ({
      ...{ interlaced_frame, top_field_first },
    }),
  );
}

function psnr(path: string, other: string): number {
  const compared = ['-i', path, '-i', other, '-lavfi', '[0][1]psnr', '-f', 'null', '-'];
  const args = ['-v', 'info', '-nostdin', ...compared];
  const said = execFileSync('sh', ['-c', '"$0" "$@" 2>&1', newestFfmpeg, ...args]).toString();
  return Number(/average:([\d.]+)/.exec(said)?.[1]);
}

describe('probe', () => {
  it.each([
    ['DV in AVI', dv, 'dv.avi', 'bottomFirst'],
    ['MPEG-4 in AVI', mpeg4, 'm4.avi', 'topFirst'],
    ['H.264 in a container that says progressive', lying, 'lie.mkv', 'topFirst'],
  ] as const)('finds the fields of %s by its frames', async (_, make, name, fieldOrder) => {
    expect(await probe(make(name))).toMatchObject({ fieldOrder, fieldSource: 'frames' });
  });

  it('finds none where there are none', async () => {
    const path = makeClip(file('whole.mp4'), { seconds: 0.2 });
    expect(await probe(path)).toMatchObject({ fieldOrder: 'progressive', fieldSource: 'stream' });
  });

  it('takes a damaged beginning for what its head says', async () => {
    const path = woven('damaged.avi', 'bff', [
      '-c:v',
      'mpeg4',
      '-flags',
      '+ildct+ilme',
      '-top',
      '0',
    ]);
    const bytes = readFileSync(path);
    bytes.fill(0, bytes.indexOf('movi') + 12, bytes.indexOf('movi') + 30_000);
    writeFileSync(path, bytes);
    expect(await probe(path)).toMatchObject({ width: 320, height: 240 });
  });
});

describe.each(ffmpegs)('with the %s FFmpeg', (which, program) => {
  const options = { ffmpeg: program };
  const kept = (name: string) => file(`${which} ${name}.nut`);

  it.each([
    ['DV in AVI', dv, 'bottom'],
    ['MPEG-4 in AVI', mpeg4, 'top'],
    ['H.264 in a container that says progressive', lying, 'top'],
  ] as const)('makes %s progressive, and says so', async (name, make, first) => {
    const path = make(`${which} auto.${make === lying ? 'mkv' : 'avi'}`);
    const { input, ticks } = await decode(path, kept(name), options);
    expect(input.warnings).toEqual([
      expect.stringContaining(`${first} field first as its frames say; bwdif makes it progressive`),
    ]);
    const off = await decode(path, kept(`off ${name}`), { ...options, deinterlace: 'off' });
    expect(off.input.warnings).toEqual([]);
    expect(ticks).toEqual(off.ticks);
    // The pictures that the first fields were taken from.
    const source = `testsrc2=s=${make === dv ? '720x576' : '320x240'}:r=50:d=0.4`;
    const whole = file('first.mkv');
    const every = ['-vf', 'select=not(mod(n\\,2)),format=yuv420p', '-r', '25', '-c:v', 'ffv1'];
    ffmpeg(['-y', '-f', 'lavfi', '-i', source, ...every, whole]);
    expect(psnr(kept(name), whole)).toBeGreaterThan(psnr(path, whole) + 2);
  });

  it('makes a frame of every field at twice the rate, each at its time', async () => {
    const path = dv(`${which} double.avi`);
    const twice = await decode(path, kept('double'), { ...options, deinterlace: 'double' });
    const { num, den } = twice.input.info.frameRate;
    expect([num / den, twice.input.info.frameCount]).toEqual([50, 20]);
    const [tickNum = 0, tickDen = 1] = twice.timeBase.split('/').map(Number);
    const seconds = twice.ticks.map((tick) => (tick * tickNum) / tickDen);
    expect(seconds).toEqual(Array.from({ length: 20 }, (_, n) => n / 50));
    // The 50 pictures a second that the fields are of.
    const fifty = file('fifty.mkv');
    const each = ['-f', 'lavfi', '-i', 'testsrc2=s=720x576:r=50:d=0.4', '-pix_fmt', 'yuv420p'];
    ffmpeg(['-y', ...each, '-c:v', 'ffv1', fifty]);
    expect(psnr(kept('double'), fifty)).toBeGreaterThan(24);
  });

  it('makes one frame of two fields, and two when asked to, of a video of one frame', async () => {
    const path = woven(`${which} one.mkv`, 'tff', mbaff('tff'), { seconds: 0.04 });
    expect((await decode(path, kept('one'), options)).hashes).toHaveLength(1);
    const twice = await decode(path, kept('two'), { ...options, deinterlace: 'double' });
    expect(twice.hashes).toHaveLength(2);
  });

  it('leaves the progressive frames between interlaced ones as they are', async () => {
    const coding = ['-c:v', 'mpeg2video', '-q:v', '2', '-bf', '0'];
    const film = file(`${which} film.ts`);
    ffmpeg(['-y', '-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=25:d=2', ...coding, film]);
    const fields = ['-flags', '+ildct+ilme', '-top', '1', '-output_ts_offset', '2'];
    const video = woven(`${which} video.ts`, 'tff', [...coding, ...fields], { seconds: 2 });
    const path = file(`${which} mixed.ts`);
    writeFileSync(path, Buffer.concat([readFileSync(film), readFileSync(video)]));
    const off = await decode(path, kept('mixed off'), { ...options, deinterlace: 'off' });
    const auto = await decode(path, kept('mixed'), options);
    expect(auto.input.warnings).toEqual([expect.stringMatching(/top field first as its frames/)]);
    expect(auto.hashes).toHaveLength(off.hashes.length);
    expect(auto.hashes.slice(0, 49)).toEqual(off.hashes.slice(0, 49));
    for (const n of [52, 70, 90]) expect(auto.hashes[n]).not.toBe(off.hashes[n]);
  });

  const written = async (path: string, name: string, more: object = {}, look = pipeline()) => {
    const output = file(`${which} ${name}`);
    const { warnings } = await runSession(look, path, output, {
      ...{ device: 'cpu', ffmpeg: program, deinterlace: 'off', overwrite: true },
      ...more,
    } as SessionOptions).finished;
    return { output, warnings };
  };

  it.each([
    ['tff', 'a.mp4', { codec: 'libx264', preset: 'ultrafast' }, 'tt', 1],
    ['bff', 'b.mp4', { codec: 'libx264', preset: 'ultrafast' }, 'bb', 1],
    ['bff', 'b.mkv', { codec: 'libx264', preset: 'ultrafast' }, 'bb', 1],
    ['bff', 'b.avi', { codec: 'mpeg4' }, undefined, 1],
    ['tff', 'p.mov', { codec: 'prores_ks' }, 'tt', 1],
    ['bff', 'f.mkv', { codec: 'ffv1' }, 'bb', 1],
    ['bff', 'm.ts', { codec: 'mpeg2video' }, 'bb', 1],
    ['bff', 'u.mov', { codec: 'utvideo' }, 'bb', 0],
    ['tff', 'x.mkv', { codec: 'libx265', preset: 'ultrafast' }, 'tt', 0],
  ] as const)(
    'tells an output that stays interlaced %s: %s',
    async (parity, name, more, order, marked) => {
      const path = woven(`${which} ${parity}.mkv`, parity, mbaff(parity));
      const { output, warnings } = await written(path, name, more);
      const top = marked === 1 && parity === 'tff' ? 1 : 0;
      expect(new Set(marks(output).map((mark) => JSON.stringify(mark)))).toEqual(
        new Set([JSON.stringify({ interlaced_frame: marked, top_field_first: top })]),
      );
      if (order) expect(probedStreams(output)[0]).toMatchObject({ field_order: order });
      const told = [
        ...(marked === 1 ? [] : [expect.stringMatching(/knows no fields: .*head of the file/)]),
        ...(more.codec === 'prores_ks' ? [expect.stringMatching(/chroma of yuv420p becomes/)] : []),
      ];
      expect(warnings).toEqual(told);
    },
  );

  it('keeps the sound in step at twice the rate', async () => {
    const sound = ['-f', 'lavfi', '-i', 'sine=440:d=1'];
    const output = [...mbaff('tff'), '-c:a', 'pcm_s16le'];
    const path = woven(`${which} loud.mov`, 'tff', output, { sound, seconds: 1 });
    const more = {
      deinterlace: 'double',
      codec: 'libx264',
      preset: 'ultrafast',
      from: 0.2,
      to: 0.8,
    };
    const twice = await written(path, 'twice.mov', more);
    expect(times(twice.output, 'v').map((time) => Number((time * 50).toFixed(3)))).toEqual(
      Array.from({ length: 30 }, (_, n) => n),
    );
    const [video, audio] = probedStreams(twice.output);
    expect(Number(video?.['duration'])).toBeCloseTo(0.6, 3);
    expect(Math.abs(Number(audio?.['duration']) - 0.6)).toBeLessThan(0.04);
    expect(video).toMatchObject({ r_frame_rate: '50/1', field_order: 'progressive' });
  });

  it('warns of operations that mix fields, and does not call the result interlaced', async () => {
    const path = woven(`${which} scaled.mkv`, 'tff', mbaff('tff'));
    const codec = { codec: 'libx264', preset: 'ultrafast' };
    const half = await written(path, 'half.mp4', codec, pipeline().resize({ height: 120 }));
    expect(half.warnings).toEqual([expect.stringMatching(/fields are mixed: resize/)]);
    expect(marks(half.output).every((mark) => mark.interlaced_frame === 0)).toBe(true);
    const blurred = await written(path, 'soft.mp4', codec, pipeline().gaussianBlur(2));
    expect(blurred.warnings).toEqual([expect.stringMatching(/fields are mixed: gaussianBlur/)]);
  });
});

describe('the field order after', () => {
  // By hand: line 0 of the result is this line of the source, and its field is that of the line's parity.
  const height = 240;
  it.each([
    ['nothing', pipeline(), 0, 0],
    ['a flip', pipeline().flip({ direction: 'vertical' }), 0, height - 1],
    ['a mirror', pipeline().flip({ direction: 'horizontal' }), 0, 0],
    ['a turn by a half', pipeline(), 180, height - 1],
    ['a crop at an odd line', pipeline().crop({ x: 0, y: 3, width: 8, height: 9 }), 0, 3],
    [
      'a crop to an odd height, turned over',
      pipeline().crop({ x: 0, y: 2, width: 8, height: 9 }).flip({ direction: 'both' }),
      ...[0, 10],
    ],
    ['a resize of the width', pipeline().resize({ width: 100, height }), 0, 0],
  ] as const)('%s', (_, { stages }, rotation, line) => {
    const { order, warnings } = fieldsAfter(stages, 'topFirst', {
      height,
      rotation: rotation as number,
    });
    expect([order, warnings]).toEqual([
      (line as number) % 2 === 0 ? 'topFirst' : 'bottomFirst',
      [],
    ]);
  });

  it('a quarter turn is none', () => {
    const turned = fieldsAfter([], 'topFirst', { height, rotation: 90 });
    expect(turned).toMatchObject({ order: undefined, warnings: [expect.stringMatching(/mixed/)] });
    expect(fieldsAfter([], undefined, { height, rotation: 90 }).warnings).toEqual([]);
  });
});

/** Encoders: their options, the formats frames go to them in, and what both FFmpegs make of it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EncoderOptions, encoders, Fill, Image, probe, VideoWriter } from 'framelane';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type Ffmpeg, openFfmpeg } from '../../src/ffmpeg/ffmpeg.ts';
import { hdrLosses } from '../../src/video/format/hdr.ts';
import { encoderArgs } from '../../src/video/output/encoder.ts';
import { resolveEncoding } from '../../src/video/output/encoder-options.ts';
import { requireCapabilities } from '../../src/video/output/encoder-support.ts';
import { aliases } from '../../src/video/output/encoders/index.ts';
import { outputFormat } from '../../src/video/output/format.ts';
import { errorOf } from '../helpers/errors.ts';
import { ffmpeg, ffmpegPaths, ffprobe, requireSystemFfmpeg } from '../helpers/programs.ts';
import { probedStreams, temporaryFolder } from '../helpers/video.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const programs = ffmpegPaths;

/** The extension a row of the table goes into. */
const home: Record<string, string> = {
  'libvpx-vp9': 'webm',
  libtheora: 'ogv',
  prores_ks: 'mov',
  qtrle: 'mov',
  rawvideo: 'nut',
  wrapped_avframe: 'y4m',
  gif: 'gif',
  apng: 'apng',
  png: 'png',
  mjpeg: 'jpg',
  libwebp: 'webp',
  libwebp_anim: 'webp',
  tiff: 'tiff',
  bmp: 'bmp',
};
const hardware = /_(nvenc|vaapi)$/;
/** It takes 10 bits alone: test/video/output-deep.ts. */
const deep = 'prores_ks';
const quick: Record<string, object> = {
  libx264: { preset: 'ultrafast' },
  libx265: { preset: 'ultrafast' },
  'libaom-av1': { cpuUsed: 8 },
  libsvtav1: { speed: 12 },
};

describe.each(programs)('%s', (program) => {
  it.each(Object.keys(encoders).filter((codec) => !hardware.test(codec) && codec !== deep))(
    '%s writes what ffprobe names as its codec',
    async (codec) => {
      const ffmpegOf = await openFfmpeg(program);
      const path = file(`${codec}-${program.length}.${home[codec] ?? 'mkv'}`);
      const options = { codec, ...quick[codec], ffmpeg: program } as EncoderOptions;
      if (!ffmpegOf.encoders.has(codec)) {
        await expect(write(path, options, 1)).rejects.toMatchObject({
          code: 'ERR_FFMPEG_CAPABILITY',
          message: expect.stringMatching(
            `${program} has no encoder "${codec}"; .*FRAMELANE_FFMPEG`,
          ),
        });
        return;
      }
      await write(path, options, resolveEncoding(path, options).kind === 'picture' ? 1 : 3);
      if (codec === 'libwebp_anim') {
        // FFmpeg does not read it.
        const { pages, loop } = await sharp(path, { animated: true }).metadata();
        expect({ pages, loop }).toEqual({ pages: 3, loop: 0 });
        return;
      }
      const row = encoders[codec as keyof typeof encoders];
      const written = row.codec === 'wrapped_avframe' ? 'rawvideo' : row.codec;
      expect(probedStreams(path)[0]).toMatchObject({
        codec_name: written,
        width: 64,
        height: 64,
      });
    },
  );

  it.each([
    ['libx264', 'mkv', 'rgba8'],
    ['libx265', 'mkv', 'yuv420p'],
    ['libvpx-vp9', 'webm', 'yuv420p'],
    ['libaom-av1', 'mkv', 'yuv420p'],
    ['ffv1', 'mkv', 'rgba8'],
    ['utvideo', 'mkv', 'rgba8'],
    ['png', 'png', 'rgba8'],
    ['qtrle', 'mov', 'rgba8'],
  ])('%s loses nothing when told to', async (codec, extension, pixelFormat) => {
    const path = file(`lossless-${codec}-${program.length}.${extension}`);
    const lossless = 'lossless' in encoders[codec as keyof typeof encoders].parameters;
    const format = codec === 'libx264' ? 'yuv444p' : pixelFormat;
    const options = { codec, pixelFormat: format, ...quick[codec], ...(lossless && { lossless }) };
    await write(path, { ...options, ffmpeg: program } as EncoderOptions, 1);
    const raw = file(`raw-${codec}.nut`);
    await write(
      raw,
      { codec: 'rawvideo', pixelFormat: format, overwrite: true } as EncoderOptions,
      1,
    );
    const wanted = ['-f', 'rawvideo', '-pix_fmt', format === 'rgba8' ? 'rgba' : format, '-'];
    const pixels = ffmpeg(['-i', path, '-frames:v', '1', ...wanted]);
    expect(pixels.equals(ffmpeg(['-i', raw, '-frames:v', '1', ...wanted]))).toBe(true);
  });
});

/** Frames with a gradient and a block that moves. */
async function write(path: string, options: EncoderOptions, frames: number): Promise<void> {
  const size = { width: 64, height: 64, frameRate: 25, device: 'cpu' } as const;
  await using writer = await VideoWriter.open(path, { ...size, ...options } as never);
  using image = new Image(64, 64, { device: 'cpu' });
  for (let i = 0; i < frames; i++) {
    Fill.gradient(image, { from: [i / frames, 0, 1, 1], to: [0, 1, 0.2, 1] });
    await writer.write(image);
  }
  await writer.close();
}

describe('options', () => {
  it.each([
    ['crf for ffv1', 'out.mkv', { codec: 'ffv1', crf: 20 }, 'crf'],
    ['a preset of another encoder', 'out.mkv', { codec: 'libx264', preset: 'p4' }, 'preset'],
    ['crf beyond', 'out.mkv', { codec: 'libx264', crf: 52 }, 'crf'],
    ['crf that is no number', 'out.mkv', { codec: 'libx264', crf: Number.NaN }, 'crf'],
    ['two ways to say the rate', 'out.mkv', { crf: 20, bitrate: 1e6 }, 'bitrate'],
    ['quality of what is lossless', 'out.mkv', { crf: 20, lossless: true }, 'lossless'],
    ['bufsize without maxrate', 'out.mkv', { bufsize: 1e6 }, 'bufsize'],
    ['a maxrate below the mean', 'out.mkv', { bitrate: 2e6, maxrate: 1e6 }, 'maxrate'],
    ['a rate of nothing at all', 'out.mkv', { bitrate: 0 }, 'bitrate'],
    ['a rate beyond', 'out.mkv', { bitrate: 3e9 }, 'bitrate'],
    ['two passes at a quality', 'out.mkv', { crf: 20, twoPass: true }, 'twoPass'],
    ['two passes of ProRes', 'out.mov', { codec: 'prores', twoPass: true }, 'twoPass'],
    ['two passes of what is lossless', 'a.webm', { lossless: true, twoPass: true }, 'lossless'],
    ['two names of one thing', 'out.mkv', { gop: 9, keyint: 9 }, 'keyint'],
    ['key frames of what has only them', 'out.mov', { codec: 'prores', keyint: 9 }, 'gop'],
    ['parameters of another library', 'out.mkv', { x265Params: 'aq-mode=3' }, 'x265Params'],
    ['parameters without a value', 'out.mkv', { x264Params: 'aq-mode' }, 'x264Params'],
    ['parameters with nothing between', 'out.mkv', { x264Params: 'me=umh::ref=2' }, 'x264Params'],
    ['parameters that are none', 'out.mkv', { x264Params: 7 }, 'x264Params'],
    ['parameters that are options', 'out.mkv', { x264Params: 'ref=2:crf=9' }, 'x264Params'],
    ['a pass of its own', 'a.mkv', { codec: 'x265', x265Params: 'pass=2' }, 'x265Params'],
    ['a codec the container does not take', 'out.webm', { codec: 'libx264' }, 'codec'],
    ['options of an encoder it does not know', 'out.mkv', { codec: 'libvpx', crf: 9 }, 'crf'],
    ['a container there is not', 'out.mkv', { container: 'mkvv' }, 'container'],
    ['a bitrate in words', 'out.mkv', { bitrate: '4M' }, 'bitrate'],
    ['audio that is no name', 'out.mkv', { audio: '-y' }, 'audio'],
    ['a pixel format of FFmpeg', 'out.mkv', { pixelFormat: 'yuv420p10le' }, 'pixelFormat'],
    ['a rate of nothing', 'out.mkv', { fps: 0 }, 'fps'],
  ])('refuse %s', (_name, output, options, path) => {
    const error = errorOf(() => resolveEncoding(output, options as EncoderOptions));
    expect(error).toMatchObject({ code: 'ERR_INVALID_OPTION', path });
  });

  it.each(Object.entries(aliases))('%s is %s', (alias, name) => {
    const extension = home[name] ?? 'mkv';
    expect(resolveEncoding(`a.${extension}`, { codec: alias }).codec).toBe(name);
  });

  it.each([
    ['X264', 'libx264'],
    ['HEVC', 'libx265'],
    ['ProRes_ks', 'prores_ks'],
  ])('%s is %s in whatever letters', (written, name) => {
    expect(resolveEncoding('a.mov', { codec: written }).codec).toBe(name);
  });

  it.each([
    ['mpegts', 'ts'],
    ['matroska', 'mkv'],
    ['quicktime', 'mov'],
    ['ipod', 'm4v'],
    ['.MP4', 'mp4'],
  ])('the container %s is %s', (written, name) => {
    expect(resolveEncoding('a', { container: written as 'mp4' }).container.name).toBe(name);
  });

  it('a container that is misspelt is suggested', () => {
    const error = errorOf(() => resolveEncoding('a', { container: 'matrosca' as 'mp4' }));
    expect(error.message).toContain('did you mean "matroska"');
  });

  it('parameters of the caller come after ours, and instead of them', () => {
    expect(argsOf('a.mkv', { x264Params: 'me=umh' })).toContain('-x264-params chromaloc=2:me=umh');
    const chosen = argsOf('a.mkv', { x264Params: 'chromaloc=0:me=umh' });
    expect(chosen).toContain('-x264-params chromaloc=0:me=umh');
    const hdr = argsOf('a.mkv', { codec: 'hevc', x265Params: 'max-cll=5,4:aq-mode=3' });
    expect(hdr).toMatch(
      /-x265-params log-level=error:chromaloc=2:master-display=\S+:max-cll=5,4:aq/,
    );
    expect(hdr).not.toContain('1000,400');
  });

  it('of every encoder become arguments that both FFmpegs take', async () => {
    expect(argsOf('a.webm', { codec: 'vp9', crf: 20 })).toContain('-crf 20 -b:v 0');
    expect(argsOf('a.webm', {})).toContain('-crf 32 -b:v 0');
    expect(argsOf('a.mkv', { codec: 'av1' }, 58)).toContain('-strict experimental');
    expect(argsOf('a.mkv', { codec: 'av1' }, 59)).not.toContain('-strict');
    expect(argsOf('a.gif', { loop: 1 } as EncoderOptions)).toContain('-loop -1');
    expect(argsOf('a.gif', {})).toContain('-loop 0');
    expect(argsOf('a.mkv', { maxrate: 2e6, bufsize: 4e6 })).toContain('-maxrate:v 2000000');
    expect(argsOf('a.mkv', { maxrate: 2e6 })).toContain('-bufsize:v 4000000');
    expect(argsOf('a.mkv', { keyint: 50 })).toContain('-g 50');
    expect(argsOf('a.mp4', { codec: 'hevc' })).toContain('-tag:v:0 hvc1');
    expect(argsOf('a.mp4', { codec: 'hevc_nvenc', cq: 20 })).toContain('-rc vbr -cq 20 -b:v 0');
    expect(argsOf('a.mp4', { codec: 'h264_vaapi', qp: 20 })).toMatch(/hwupload.*-qp 20/);
    expect(argsOf('a.mp4', { faststart: false })).not.toContain('faststart');
    expect(argsOf('-', { container: 'mp4' })).toMatch(/empty_moov.* -f mp4 pipe:1$/);
  });
});

const anyFfmpeg = (libavcodec = 59): Ffmpeg => ({
  path: 'ffmpeg',
  version: 'test',
  libavcodec,
  encoders: new Set(),
  muxers: new Set(),
  passthrough: [],
  inputTicks: '-1',
});

function argsOf(path: string, options: EncoderOptions, libavcodec?: number): string {
  const format = { format: 'yuv420p', pixelFormat: 'yuv420p', matrix: 'bt709', range: 'limited' };
  const chromaLocation = 'topLeft';
  const request = {
    encoding: resolveEncoding(path, options),
    format: { ...format, chromaLocation, warnings: [] } as never,
    color: { matrix: 'bt709', range: 'limited' } as never,
    hdr: {
      masteringDisplay: {
        primaries: {
          red: [0.708, 0.292],
          green: [0.17, 0.797],
          blue: [0.131, 0.046],
          white: [0.3127, 0.329],
        },
        luminance: { min: 0.0001, max: 1000 },
      },
      contentLight: { maxContent: 1000, maxFrameAverage: 400 },
    } as const,
    path,
    size: { width: 64, height: 64 },
    carried: undefined,
    tick: undefined,
  } as const;
  return encoderArgs(anyFfmpeg(libavcodec), request).join(' ');
}

describe('parameters of a library', () => {
  it.each(
    programs.flatMap((program) => [
      [program, { codec: 'x264', x264Params: 'aq-mode=3:aqmode=1' }, 'x264Params', /aqmode/],
      [program, { codec: 'x264', x264Params: 'me=often' }, 'x264Params', /me = often/],
      [program, { codec: 'x265', x265Params: 'aqmode=1' }, 'x265Params', /Unknown option: aqmode/],
      [program, { codec: 'av1', aomParams: 'aqmode=1' }, 'aomParams', /aqmode|needs FFmpeg 5/],
    ]),
  )('%s: %o are refused where it does not know them', async (program, options, path, words) => {
    const output = file('unknown-params.mkv');
    const given: object = { ...options, ffmpeg: program };
    const opened = write(output, given as EncoderOptions, 1);
    await expect(opened).rejects.toMatchObject({ path, message: expect.stringMatching(words) });
    expect(existsSync(output)).toBe(false);
  });

  it.each(programs)('%s: reach the bitstream', async (program) => {
    const path = file(`params-${program.length}.mkv`);
    const options = {
      codec: 'x264',
      preset: 'ultrafast',
      x264Params: 'keyint-min=3:ref=5:b-adapt=0',
    };
    await write(path, { ...options, ffmpeg: program } as object as EncoderOptions, 3);
    // x264 writes its settings into the first frame.
    expect(readFileSync(path).toString('latin1')).toMatch(/ref=5 .*keyint_min=3 /);
  });
});

describe('tags', () => {
  it.each(programs)('%s: x265 says the light of HDR as it was told', (program) => {
    const args = argsOf('a.mkv', { codec: 'hevc' });
    const params = / -x265-params (\S+)/.exec(args)?.[1] as string;
    const source = ['-f', 'lavfi', '-i', 'testsrc2=s=64x64:d=0.1'];
    const path = file(`hdr-${program.length}.mkv`);
    ffmpeg([
      ...source,
      '-pix_fmt',
      'yuv420p10le',
      '-c:v',
      'libx265',
      '-x265-params',
      params,
      '-y',
      path,
    ]);
    const [frame] = frameSideData(path);
    expect(frame).toMatchObject([
      { red_x: '35400/50000', min_luminance: '1/10000', max_luminance: '10000000/10000' },
      { max_content: 1000, max_average: 400 },
    ]);
  });
});

it('light levels that are left out are told', () => {
  const contentLight = { maxContent: 1000, maxFrameAverage: 400 };
  expect(hdrLosses({ contentLight }, 'libx264', false)).toEqual([
    expect.stringMatching(/left out/),
  ]);
  expect(hdrLosses({ contentLight }, 'libx265', true)).toEqual([]);
  expect(hdrLosses({}, 'libx264', false)).toEqual([]);
});

describe('the arguments', () => {
  const frames = file('frames.nut');

  it.each(
    programs.flatMap(
      (program) =>
        [
          [
            program,
            'libx264',
            { pix_fmt: 'yuv420p', chroma_location: 'topleft', color_space: 'bt709' },
          ],
          [
            program,
            'libx265',
            { pix_fmt: 'yuv420p', chroma_location: 'topleft', color_space: 'bt709' },
          ],
          [program, 'ffv1', { pix_fmt: 'bgr0', color_space: 'gbr', color_range: 'pc' }],
        ] as const,
    ),
  )(
    'of %s make %s tag what it is given, and square samples or not',
    async (program, codec, tags) => {
      const rgb = codec === 'ffv1';
      const source = [
        '-f',
        'lavfi',
        '-i',
        'testsrc2=s=64x64:d=0.1',
        '-pix_fmt',
        rgb ? 'rgba' : 'yuv420p',
      ];
      ffmpeg([...source, '-c:v', 'rawvideo', '-y', frames]);
      const encoding = resolveEncoding('a.mkv', { codec });
      const shape = {
        format: rgb ? 'rgba8' : 'yuv420p',
        matrix: 'bt709',
        range: 'limited',
        chromaLocation: 'topLeft',
      } as const;
      const format = await outputFormat(await openFfmpeg(program), encoding, shape);
      const path = file(`tags-${codec}.mkv`);
      const request = {
        ...{ encoding, format, path, carried: undefined, tick: { num: 1, den: 25 } },
        size: { width: 64, height: 64 },
        color: { ...shape, colorSpace: 'bt709', primaries: 'bt709', transfer: 'bt709' },
        sampleAspect: { num: 4, den: 3 },
      } as const;
      const args = encoderArgs(await openFfmpeg(program), request);
      const { execFileSync } = process.getBuiltinModule('node:child_process');
      execFileSync(
        program,
        args.map((arg) => (arg === 'pipe:3' ? frames : arg)),
      );
      const fields = ['-show_streams', '-of', 'json', path];
      const { streams } = JSON.parse(ffprobe(fields));
      expect(streams[0]).toMatchObject({
        ...tags,
        sample_aspect_ratio: '4:3',
        color_transfer: 'bt709',
      });
    },
  );
});

function frameSideData(path: string): unknown[][] {
  const args = ['-show_frames', '-of', 'json', '-read_intervals', '%+#1', path];
  const probed = JSON.parse(ffprobe(args));
  return probed.frames.map((frame: { side_data_list: { side_data_type: string }[] }) =>
    frame.side_data_list.filter(({ side_data_type: type }) => /Mastering|light level/.test(type)),
  );
}

describe('the format for an encoder', () => {
  // The row, the source, then what both FFmpegs are given: ours, theirs, and what is lost.
  it.each<[string, string, string, string, string, RegExp | undefined]>([
    ['a.mp4', 'libx264', 'yuv420p', 'yuv420p', 'yuv420p', undefined],
    ['a.mp4', 'libx264', 'yuv422p10', 'yuv422p10', 'yuv422p10le', undefined],
    ['a.mp4', 'libx264', 'yuv420p12', 'yuv420p10', 'yuv420p10le', /12 bits become 10/],
    ['a.mp4', 'libx264', 'yuva444p', 'yuv444p', 'yuv444p', /alpha is left out/],
    ['a.mp4', 'libx264', 'rgba8', 'yuv420p', 'yuv420p', undefined],
    ['a.mp4', 'libx264', 'gray10', 'gray10', 'gray10le', undefined],
    ['a.mp4', 'libx265', 'yuv444p12', 'yuv444p12', 'yuv444p12le', undefined],
    ['a.mp4', 'libx265', 'rgba16', 'yuv420p12', 'yuv420p12le', /16 bits become 12/],
    ['a.webm', 'libvpx-vp9', 'yuva420p', 'yuva420p', 'yuva420p', undefined],
    ['a.webm', 'libvpx-vp9', 'yuva420p10', 'yuva420p', 'yuva420p', /10 bits become 8/],
    ['a.mp4', 'libvpx-vp9', 'yuva420p', 'yuv420p', 'yuv420p', /alpha is left out/],
    ['a.mkv', 'mpeg4', 'yuv422p10', 'yuv420p', 'yuv420p', /10 bits become 8/],
    ['a.mov', 'prores_ks', 'yuv420p', 'yuv422p10', 'yuv422p10le', undefined],
    ['a.mov', 'prores_ks', 'yuva420p', 'yuva444p10', 'yuva444p10le', undefined],
    ['a.mov', 'prores_ks', 'rgba8', 'yuv444p10', 'yuv444p10le', undefined],
    ['a.mov', 'qtrle', 'rgba8+alpha', 'rgba8', 'argb', undefined],
    ['a.mkv', 'ffv1', 'yuva422p10', 'yuva422p10', 'yuva422p10le', undefined],
    ['a.mkv', 'ffv1', 'rgba8', 'rgba8', 'bgr0', undefined],
    ['a.mkv', 'ffv1', 'rgba8+alpha', 'rgba8', 'bgra', undefined],
    ['a.mkv', 'ffv1', 'rgba16', 'rgba16', 'rgb48le', undefined],
    ['a.mkv', 'ffv1', 'gray12', 'gray12', 'gray12le', undefined],
    ['a.png', 'png', 'yuv420p10', 'rgba16', 'rgb48be', undefined],
    ['a.png', 'png', 'yuva420p', 'rgba8', 'rgba', undefined],
    ['a.png', 'png', 'gray8', 'gray8', 'gray', undefined],
    ['a.jpg', 'mjpeg', 'yuv422p10', 'yuv422p', 'yuvj422p', /10 bits become 8/],
    ['a.gif', 'gif', 'yuv420p', 'rgba8', 'rgba', undefined],
    ['a.webp', 'libwebp', 'yuva420p', 'rgba8', 'bgra', undefined],
    ['a.y4m', 'wrapped_avframe', 'rgba8', 'yuv444p', 'yuv444p', undefined],
    ['a.nut', 'rawvideo', 'rgba16', 'rgba16', 'rgba64le', undefined],
    ['a.mp4', 'hevc_vaapi', 'yuv422p10', 'yuv420p10', 'p010le', /chroma loses/],
    ['a.mp4', 'h264_vaapi', 'yuv420p10', 'yuv420p', 'nv12', /10 bits become 8/],
  ])('%s by %s from %s is %s', async (path, codec, source, format, pixelFormat, lost) => {
    for (const program of programs) {
      const ffmpegOf = await openFfmpeg(program);
      const encoding = resolveEncoding(path, { codec });
      const [frames, alpha] = source.split('+');
      const shape = {
        format: frames,
        alpha: alpha === undefined ? undefined : true,
        matrix: 'bt709',
        range: 'limited',
      };
      const chosen = await outputFormat(ffmpegOf, encoding, shape as never);
      expect(chosen).toMatchObject({ format, pixelFormat });
      if (lost === undefined) expect(chosen.warnings).toEqual([]);
      else expect(chosen.warnings.join()).toMatch(lost);
    }
  });

  it('of NVENC is the twin it lists', async (context) => {
    const ffmpegOf = await openFfmpeg(requireSystemFfmpeg(context));
    const encoding = resolveEncoding('a.mp4', { codec: 'hevc_nvenc' });
    const shape = { format: 'yuv420p10', matrix: 'bt709', range: 'limited' } as const;
    const chosen = await outputFormat(ffmpegOf, encoding, shape);
    expect(chosen).toMatchObject({ format: 'yuv420p10', pixelFormat: 'p010le' });
  });

  it('is what the caller wants, or an error that names what there is', async () => {
    const ffmpegOf = await openFfmpeg();
    const shape = { format: 'yuv420p', matrix: 'bt709', range: 'limited' } as const;
    const wanted = resolveEncoding('a.mkv', { codec: 'libx264', pixelFormat: 'yuv444p10' });
    expect(await outputFormat(ffmpegOf, wanted, shape)).toMatchObject({ format: 'yuv444p10' });
    const wrong = resolveEncoding('a.mkv', { codec: 'libx264', pixelFormat: 'yuva444p' });
    await expect(outputFormat(ffmpegOf, wrong, shape)).rejects.toMatchObject({
      code: 'ERR_FFMPEG_CAPABILITY',
      message: expect.stringMatching(/takes .*yuv420p, .*received yuva444p/),
    });
  });

  it('of JPEG is BT.601 of full range', async () => {
    const shape = { format: 'yuv420p', matrix: 'bt709', range: 'limited' } as const;
    const encoding = resolveEncoding('a.jpg', {});
    expect(await outputFormat(await openFfmpeg(), encoding, shape)).toMatchObject({
      matrix: 'bt601',
      range: 'full',
    });
  });
});

describe('what an FFmpeg cannot do', () => {
  const size = { width: 64, height: 64 };

  it.each([
    [{ codec: 'libx264' }, 'encoder "libx264"', 'codec'],
    [{ codec: 'mpeg4' }, 'muxer "matroska" for mkv', 'container'],
  ])('is told for %o', (options, what, path) => {
    const lacking = { ...anyFfmpeg(), encoders: new Set(['mpeg4']) };
    const encoding = resolveEncoding('a.mkv', options);
    const error = errorOf(() => requireCapabilities(lacking, encoding, size));
    expect(error).toMatchObject({ code: 'ERR_FFMPEG_CAPABILITY', path });
    expect(error.message).toContain(`FFmpeg test at ffmpeg has no ${what}; name another FFmpeg`);
  });

  it.each([
    ['x246', 'x264'],
    ['h264_nvnc', 'h264_nvenc'],
    ['libx264rgb2', 'libx264rgb'],
  ])('the encoder %s may be meant as %s', (codec, meant) => {
    const some = { ...anyFfmpeg(), encoders: new Set(['libx264', 'libx264rgb', 'mpeg4']) };
    const error = errorOf(() =>
      requireCapabilities(some, resolveEncoding('a.mkv', { codec }), size),
    );
    expect(error).toMatchObject({ code: 'ERR_FFMPEG_CAPABILITY', path: 'codec' });
    expect(error.message).toContain(`did you mean "${meant}"`);
  });

  it.each([58, 59, 61, 62])('FFV1 of level 3 at odd sizes, by libavcodec %d', (libavcodec) => {
    const known = { encoders: new Set(['ffv1']), muxers: new Set(['matroska']) };
    const ffmpeg = { ...anyFfmpeg(libavcodec), ...known };
    const encoding = resolveEncoding('a.mkv', { codec: 'ffv1', level: 3 });
    const odd = () => requireCapabilities(ffmpeg, encoding, { width: 67, height: 50 });
    expect(errorOf(odd)).toMatchObject({ code: 'ERR_FFMPEG_CAPABILITY', path: 'level' });
    requireCapabilities(ffmpeg, encoding, size);
  });

  it.for(['h264_nvenc', 'h264_vaapi'])(
    '%s without a card is told with a remedy',
    async (codec, context) => {
      const program = requireSystemFfmpeg(context);
      if (existsSync('/dev/dri') || existsSync('/dev/nvidia0')) context.skip('there is a card');
      const path = file(`${codec}.mp4`);
      await expect(write(path, { codec, ffmpeg: program } as never, 3)).rejects.toMatchObject({
        code: 'ERR_FFMPEG_CAPABILITY',
        message: expect.stringMatching(
          /does not start on this machine; .* needs .*FFmpeg ended with/s,
        ),
      });
      expect(existsSync(path)).toBe(false);
    },
  );
});

describe('GIF', () => {
  it('has colours of the video, plays as often as asked and keeps the time of frames', async () => {
    const path = file('colours.gif');
    await write(path, { codec: 'gif', dither: 'none' }, 5);
    const info = await probe(path);
    expect(info).toMatchObject({ width: 64, height: 64, frameCount: 5 });
    // Against the frames themselves, by FFmpeg.
    const reference = file('colours.mkv');
    await write(reference, { codec: 'ffv1' }, 5);
    const graph = '[0:v]format=rgb24[a];[1:v]format=rgb24[b];[a][b]psnr=stats_file=-';
    const told = ffmpeg([
      '-i',
      path,
      '-i',
      reference,
      '-lavfi',
      graph,
      '-f',
      'null',
      '-',
    ]).toString();
    const psnr = Array.from(told.matchAll(/psnr_avg:([\d.]+|inf)/g), (match) => Number(match[1]));
    expect(Math.min(...psnr)).toBeGreaterThan(33);
  });
});

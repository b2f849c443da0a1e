/** What comes in, turned, mirrored, interlaced, with alpha, in sequences and through stdin: with both FFmpegs. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { probe, squarePixelSize, VideoReader } from 'framelane';
import { describe, expect, it } from 'vitest';
import { decode, ffmpegs } from '../helpers/decode.ts';
import { ffmpeg, newestFfmpeg } from '../helpers/programs.ts';
import { frameHashes, makeClip, temporaryFolder } from '../helpers/video.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const ffv1 = ['-c:v', 'ffv1'];
let kept = 0;
const sink = () => file(`kept-${kept++}.nut`);

/** A copy of an MP4 with another display matrix: a, b, c, d as FFmpeg prints them. */
function withMatrix(path: string, copy: string, [a, b, c, d]: readonly number[]): string {
  const bytes = readFileSync(path);
  const matrix = bytes.indexOf('tkhd') + 44; // of a version 0 box
  [a, b, 0, c, d, 0].forEach((value, index) => {
    bytes.writeInt32BE(Math.round((value ?? 0) * 65536), matrix + 4 * index);
  });
  writeFileSync(copy, bytes);
  return copy;
}

/** FFmpeg does not write the tag itself. */
function withTag(path: string, degrees: number): string {
  const tag = ['-metadata:s:v', `rotatx=${degrees}`, '-write_crc32', '0'];
  makeClip(path, { seconds: 0.2, output: [...ffv1, ...tag] });
  const bytes = readFileSync(path);
  bytes.write('ROTATE', bytes.indexOf('ROTATX'));
  writeFileSync(path, bytes);
  return path;
}

/** How near the frames come to those of another file, in dB. */
function psnr(path: string, other: string): number {
  const args = [
    '-v',
    'info',
    '-nostdin',
    '-i',
    path,
    '-i',
    other,
    '-lavfi',
    'psnr',
    '-f',
    'null',
    '-',
  ];
  const said = execFileSync('sh', ['-c', '"$0" "$@" 2>&1', newestFfmpeg, ...args]).toString();
  return Number(/average:([\d.]+)/.exec(said)?.[1]);
}

describe.each(ffmpegs)('with the %s FFmpeg', (which, program) => {
  const options = { ffmpeg: program };
  const half = Math.SQRT1_2;

  it.each([
    ['a quarter right', [0, 1, -1, 0], 'transpose=clock'],
    ['a quarter left', [0, -1, 1, 0], 'transpose=cclock'],
    ['a half', [-1, 0, 0, -1], 'hflip,vflip'],
    ['left to right', [-1, 0, 0, 1], 'hflip'],
    ['upside down', [1, 0, 0, -1], 'vflip'],
    ['over one diagonal', [0, 1, 1, 0], 'transpose=cclock_flip'],
    ['over the other diagonal', [0, -1, -1, 0], 'transpose=clock_flip'],
    ['by 45 degrees, which is ignored', [half, half, -half, half], 'null'],
  ])('shows a picture turned %s upright, once', async (name, matrix, filter) => {
    const flat = makeClip(file('flat.mp4'), { size: '64x48', seconds: 0.2 });
    const turned = withMatrix(flat, file(`${name}.mp4`), matrix);
    const upright = file(`${which} ${name}.mkv`);
    ffmpeg(['-y', '-noautorotate', '-i', flat, '-vf', filter, ...ffv1, upright]);
    const { input, hashes } = await decode(turned, sink(), options);
    expect(hashes).toEqual(frameHashes(upright));
    const wide = matrix[0] !== 0;
    expect(input.info).toMatchObject({ width: wide ? 64 : 48, height: wide ? 48 : 64 });
    expect(input.warnings).toEqual(
      filter === 'null' ? [expect.stringMatching(/rotation by 45 degrees is ignored/)] : [],
    );
  });

  it.each([
    [90, 'transpose=clock'],
    [-90, 'transpose=cclock'],
    [540, 'hflip,vflip'],
    [360, 'null'],
    [44, 'null'],
  ])('obeys the older tag rotate=%d', async (degrees, filter) => {
    const turned = withTag(file(`tag${degrees}.mkv`), degrees);
    const upright = makeClip(file(`upright${degrees}.mkv`), { seconds: 0.2, output: ffv1 });
    const copy = file('upright.mkv');
    ffmpeg(['-y', '-i', upright, '-vf', filter, ...ffv1, copy]);
    expect((await decode(turned, sink(), options)).hashes).toEqual(frameHashes(copy));
  });

  it.each([
    ['topFirst', 'tff', 'tinterlace=interleave_top', 'tt'],
    ['bottomFirst', 'bff', 'tinterlace=interleave_bottom', 'bb'],
  ])(
    'makes whole frames of fields, %s, in number and time as they were',
    async (order, parity, weave, code) => {
      const output = [...ffv1, '-field_order', code];
      const clip = {
        size: '320x240',
        rate: 50,
        seconds: 0.6,
        filter: `${weave},setfield=${parity}`,
        output,
      };
      const path = makeClip(file(`${order}.mkv`), clip);
      expect(await probe(path)).toMatchObject({ fieldOrder: order });
      const off = await decode(path, sink(), { ...options, deinterlace: 'off' });
      const nut = sink();
      const auto = await decode(path, nut, options);
      expect(off.hashes).toEqual(frameHashes(path));
      expect(auto.ticks).toEqual(off.ticks);
      // The frames the first fields were taken from.
      const whole = makeClip(file('whole.mkv'), {
        ...clip,
        filter: 'select=not(mod(n\\,2))',
        output: ['-r', '25', ...ffv1],
      });
      expect(psnr(nut, whole)).toBeGreaterThan(psnr(path, whole) + 2);
    },
  );

  it('leaves progressive frames as they are unless told otherwise', async () => {
    const path = makeClip(file('progressive.mp4'), { seconds: 0.4 });
    expect((await decode(path, sink(), options)).hashes).toEqual(frameHashes(path));
    const on = await decode(path, sink(), { ...options, deinterlace: 'on' });
    expect(on.hashes).toHaveLength(10);
    expect(on.hashes).not.toEqual(frameHashes(path));
  });

  it('says that interlaced RGB stays interlaced, and refuses where it was asked for', async () => {
    const output = [...ffv1, '-field_order', 'tt'];
    const path = makeClip(file('rgb.mkv'), { pixelFormat: 'bgra', seconds: 0.1, output });
    const { input } = await decode(path, sink(), options);
    expect(input.warnings).toEqual([expect.stringContaining('stays so')]);
    const asked = decode(path, sink(), { ...options, deinterlace: 'on' });
    await expect(asked).rejects.toMatchObject({
      code: 'ERR_UNSUPPORTED_FORMAT',
      path: 'deinterlace',
    });
  });

  it.each([
    ['webm', ['-c:v', 'libvpx', '-auto-alt-ref', '0'], 'yuva420p'],
    ['webm', ['-c:v', 'libvpx-vp9', '-auto-alt-ref', '0'], 'yuva420p'],
    ['mov', ['-c:v', 'prores_ks', '-profile:v', '4444', '-alpha_bits', '16'], 'yuva444p16'],
    ['mov', ['-c:v', 'qtrle'], 'rgba8'],
    ['mov', ['-c:v', 'png'], 'rgba8'],
    ['mkv', ['-c:v', 'ffv1'], 'yuva420p'],
    ['apng', ['-c:v', 'apng'], 'rgba8'],
  ])('keeps the alpha of .%s by %j', async (extension, output, frameFormat) => {
    const pixelFormat =
      { rgba8: output.includes('qtrle') ? 'argb' : 'rgba', yuva444p16: 'yuva444p10le' }[
        frameFormat
      ] ?? frameFormat;
    const filter = "format=rgba,geq=r='p(X,Y)':g='p(X,Y)':b='p(X,Y)':a='0.8*X'";
    const path = makeClip(file(`alpha-${output[1]}.${extension}`), {
      pixelFormat,
      filter,
      output,
      seconds: 0.2,
    });
    const nut = sink();
    const { input, hashes } = await decode(path, nut, options);
    expect(input.info.frameFormat).toBe(frameFormat);
    expect(input.warnings).toEqual([]);
    expect(hashes).toHaveLength(5);
    const planes = ['-frames:v', '1', '-pix_fmt', 'yuva444p', '-f', 'rawvideo', '-'];
    const alpha = execFileSync(newestFfmpeg, ['-v', 'error', '-i', nut, ...planes]).subarray(
      3 * 64 * 48,
    );
    for (const x of [4, 20, 40, 60]) expect(Math.abs((alpha[x] as number) - 4 * x)).toBeLessThan(9);
  });
});

describe('an image sequence', () => {
  const pictures = (name: string, first: number, seconds = 0.2) => {
    mkdirSync(file(name), { recursive: true });
    const source = `testsrc2=s=64x48:r=25:d=${seconds}`;
    const start = ['-start_number', String(first), file(name).replaceAll('%', '%%')];
    ffmpeg(['-y', '-f', 'lavfi', '-i', source, ...start.slice(0, 2), `${start[2]}/f_%04d.png`]);
    return join(file(name), 'f_%04d.png');
  };

  it.each([0, 17, 9998])('starts at whatever number there is: %d', async (first) => {
    const path = pictures(`from ${first} 100%d`, first);
    const { input, ticks, timeBase } = await decode(path, sink());
    expect(input.info).toMatchObject({
      frameCount: 5,
      frameRate: { num: 25, den: 1 },
      frameFormat: 'rgba8',
    });
    const [num = 0, den = 1] = timeBase.split('/').map(Number);
    expect(ticks.map((tick) => (tick * num * 25) / den)).toEqual([0, 1, 2, 3, 4]);
  });

  it('has the frame rate it is given', async () => {
    const path = pictures('ntsc', 1);
    const info = await probe(path, { inputFrameRate: 29.97 });
    expect(info).toMatchObject({ frameRate: { num: 30000, den: 1001 }, constantRate: true });
    const { ticks } = await decode(path, sink(), { inputFrameRate: 29.97, from: 0.06 });
    expect(ticks).toHaveLength(4);
  });

  it('with a number missing is refused, and says which', async () => {
    const path = pictures('gap', 1);
    copyFileSync(path.replace('%04d', '0001'), path.replace('%04d', '0009'));
    await expect(probe(path)).rejects.toMatchObject({
      code: 'ERR_INPUT_INVALID',
      message: expect.stringContaining('number 6 is missing'),
    });
  });

  it.each([
    ['no picture of that name', 'none/f_%04d.png', 'ERR_INPUT_NOT_FOUND'],
    ['two numbers', 'two_%d_%d.png', 'ERR_INPUT_INVALID'],
  ])('is refused with %s', async (_, name, code) => {
    await expect(probe(file(name))).rejects.toMatchObject({ code });
  });
});

describe('other inputs', () => {
  it('a GIF keeps the time of every picture', async () => {
    const filter = 'select=not(eq(n\\,2))*not(eq(n\\,3))';
    const path = makeClip(file('slow.gif'), {
      rate: 10,
      seconds: 0.8,
      filter,
      pixelFormat: 'bgr8',
      output: ['-vsync', 'vfr'],
    });
    const { input, ticks, timeBase } = await decode(path, sink());
    const [num = 0, den = 1] = timeBase.split('/').map(Number);
    expect(ticks.map((tick) => Math.round((tick * num * 100) / den))).toEqual([
      0, 10, 40, 50, 60, 70,
    ]);
    expect(input.info.frameFormat).toBe('rgba8');
  });

  it('content decides, not the name', async () => {
    const path = makeClip(file('real.mkv'), { seconds: 0.2 });
    copyFileSync(path, file('named.mp4'));
    expect(await probe(file('named.mp4'))).toMatchObject({
      container: 'matroska,webm',
      codec: 'h264',
    });
  });

  it('a file without its head is refused before anything starts', async () => {
    const path = makeClip(file('whole.mp4'), { seconds: 0.4 });
    writeFileSync(file('head.mp4'), readFileSync(path).subarray(0, 2000)); // the index is at the end
    await expect(probe(file('head.mp4'))).rejects.toMatchObject({
      code: 'ERR_INPUT_INVALID',
      message: expect.stringContaining('moov'),
    });
  });

  it('inputFrameRate is for what has no times', async () => {
    const path = makeClip(file('timed.mp4'), { seconds: 0.1 });
    await expect(probe(path, { inputFrameRate: 30 })).rejects.toMatchObject({
      path: 'inputFrameRate',
    });
    await expect(probe(path, { inputFrameRate: -1 })).rejects.toMatchObject({
      path: 'inputFrameRate',
    });
  });

  it('pixels that are not square are told, and the size that makes them so', async () => {
    const path = makeClip(file('dvd.mp4'), {
      size: '720x576',
      seconds: 0.1,
      filter: 'null',
      output: ['-c:v', 'libx264', '-aspect', '16:9'],
    });
    const info = await probe(path);
    expect(info.sampleAspectRatio).toEqual({ num: 64, den: 45 });
    expect(squarePixelSize(info)).toEqual({ width: 1024, height: 576 });
    const turned = await probe(withMatrix(path, file('dvd-turned.mp4'), [0, 1, -1, 0]));
    expect(turned).toMatchObject({
      width: 576,
      height: 720,
      sampleAspectRatio: { num: 45, den: 64 },
    });
    expect(squarePixelSize({ ...info, sampleAspectRatio: { num: 1, den: 1 } })).toBeUndefined();
  });

  it('HDR tells its mastering display and light levels', async () => {
    const x265 =
      'log-level=none:hdr10=1:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50):max-cll=1000,400';
    const path = file('hdr.mkv');
    execFileSync(newestFfmpeg, [
      '-v',
      'error',
      '-y',
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=128x96:d=0.08:r=25',
      '-pix_fmt',
      'yuv420p10le',
      '-c:v',
      'libx265',
      '-x265-params',
      x265,
      path,
    ]);
    expect(await probe(path)).toMatchObject({
      frameFormat: 'yuv420p10',
      matrix: 'bt2020',
      transfer: 'smpte2084',
      primaries: 'bt2020',
      contentLight: { maxContent: 1000, maxFrameAverage: 400 },
      masteringDisplay: {
        primaries: {
          red: [0.68, 0.32],
          green: [0.265, 0.69],
          blue: [0.15, 0.06],
          white: [0.3127, 0.329],
        },
        luminance: { min: 0.005, max: 1000 },
      },
    });
  });

  it.each([
    ['yuv420p', [], 'left', 'limited'],
    ['yuv420p', ['-chroma_sample_location', 'topleft'], 'topLeft', 'limited'],
    ['yuv420p', ['-chroma_sample_location', 'center'], 'center', 'limited'],
    ['yuv420p', ['-chroma_sample_location', 'bottom'], 'center', 'limited'],
    ['yuvj420p', ['-c:v', 'mjpeg'], 'center', 'full'],
    ['gray', ffv1, 'left', 'full'],
    ['gbrp', ffv1, 'left', 'full'],
  ])('sees siting and range of %s %j', async (pixelFormat, output, chromaLocation, range) => {
    const codec = output.includes('-c:v') ? [] : ['-c:v', 'libx264'];
    const siting =
      output[1] && codec.length > 0
        ? ['-x264opts', `chromaloc=${{ topleft: 2, center: 1, bottom: 5 }[output[1]]}`]
        : output;
    const path = makeClip(file('siting.mkv'), {
      pixelFormat,
      seconds: 0.1,
      output: [...codec, ...siting],
    });
    const info = await probe(path);
    expect(info).toMatchObject({ chromaLocation, range });
    expect(info.warnings).toHaveLength(output[1] === 'bottom' ? 1 : 0);
  });

  it.each([
    ['deinterlace', 'yes'],
    ['hwaccel', 'opencl'],
    ['squarePixels', 1],
    ['inputFrameRate', 0],
    ['from', Number.NaN],
  ])('a wrong %s is refused', async (path, value) => {
    const wrong = VideoReader.open(file('none.mp4'), { [path]: value } as object);
    await expect(wrong).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION', path });
  });
});

describe('stdin', () => {
  const child = `import { probe } from '${process.cwd()}/dist/index.js';
    const held = (await import('node:fs')).readdirSync('/tmp').filter((name) => name.startsWith('framelane-stdin-' + process.pid));
    try { const { codec, frameCount, path } = await probe('-'); console.log(JSON.stringify({ codec, frameCount, path, held })); }
    catch ({ code }) { console.log(JSON.stringify({ code })); }`;
  const start = (stdin: 'pipe' | 'ignore') =>
    spawn(process.execPath, ['--input-type=module', '-e', child], {
      stdio: [stdin, 'pipe', 'inherit'],
    });
  const said = async (running: ChildProcess) => {
    let text = '';
    running.stdout?.on('data', (data) => {
      text += data;
    });
    await new Promise((resolve) => running.once('close', resolve));
    return JSON.parse(text);
  };

  it.each(['mkv', 'mp4', 'gif'])(
    'takes .%s through a pipe, also one that is not read in order',
    async (extension) => {
      const path = makeClip(file(`piped.${extension}`), {
        seconds: 0.4,
        ...(extension === 'gif' ? { pixelFormat: 'bgr8', output: [] } : {}),
      });
      const running = start('pipe');
      running.stdin?.end(readFileSync(path));
      expect(await said(running)).toMatchObject({ frameCount: 10, path: 'stdin', held: [] });
    },
  );

  it('reads a redirected file where it is', () => {
    const path = makeClip(file('redirected.mp4'), { seconds: 0.4 });
    const shell = ['-c', '"$0" --input-type=module -e "$1" < "$2"', process.execPath, child, path];
    expect(JSON.parse(execFileSync('sh', shell).toString())).toMatchObject({ frameCount: 10 });
  });

  it('refuses nothing at all, and leaves nothing', async () => {
    const running = start('pipe');
    running.stdin?.end();
    expect(await said(running)).toEqual({ code: 'ERR_INPUT_INVALID' });
    expect(
      readdirSync('/tmp').filter((name) => name.startsWith(`framelane-stdin-${running.pid}`)),
    ).toEqual([]);
  });
});

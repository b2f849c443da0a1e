/** VideoReader and VideoWriter: images in and out of files, alone and together. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Adjust,
  type DeviceId,
  download,
  Fill,
  FramelaneError,
  Image,
  ImageU8,
  loadU8,
  memoryUsage,
  upload,
  VideoReader,
  VideoWriter,
} from 'framelane';
import { describe, expect, it } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import { ffmpeg } from '../helpers/programs.ts';
import {
  eventually,
  fakeFfmpeg,
  frameHashes,
  makeClip,
  packetHashes,
  probedStreams,
  processesNaming,
  temporaryFolder,
  times,
} from '../helpers/video.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const clip = makeClip(file('in.mp4'), { size: '160x120', seconds: 1, audioAt: 0 });
const cpu = { device: 'cpu', overwrite: true } as const;
const writing = { ...cpu, width: 64, height: 48, frameRate: 25 } as const;
const partials = () => readdirSync(folder).filter((name) => name.includes('partial'));

/** The mean of each channel. */
function mean(image: Image | ImageU8): number[] {
  const data = download(image, { as: 'u8' });
  return [0, 1, 2, 3].map((channel) => {
    const samples = Array.from(data).filter((_, index) => index % 4 === channel);
    return samples.reduce((sum, value) => sum + value, 0) / samples.length;
  });
}

describe('VideoReader', () => {
  onEachDevice('reads every frame with its time', async (device) => {
    const reader = await VideoReader.open(clip, { device });
    const seen: number[] = [];
    for await (const image of reader) {
      expect([image.width, image.height]).toEqual([160, 120]);
      seen.push(reader.timestamp);
    }
    expect(seen).toHaveLength(25);
    for (const [index, time] of seen.entries()) expect(time).toBeCloseTo(index / 25, 9);
    await expect(reader.readInto(new Image(160, 120, { device }))).rejects.toMatchObject({
      code: 'ERR_DISPOSED', // the loop closes it
    });
  });

  onEachDevice('loads colours by the matrix and the range of the file', async (device) => {
    // One colour through four descriptions; FFmpeg makes the file by the same.
    for (const [matrix, number] of [
      ['bt709', '1'],
      ['smpte170m', '6'],
    ]) {
      for (const range of ['tv', 'pc']) {
        const path = file(`${matrix}-${range}.mkv`);
        makeClip(path, {
          pixelFormat: 'yuv444p',
          seconds: 0.04,
          filter: `format=gbrp,lutrgb=r=200:g=40:b=90,scale=64:48:out_color_matrix=${matrix}:out_range=${range},format=yuv444p`,
          output: ['-c:v', 'ffv1', '-colorspace', number as string, '-color_range', range],
        });
        const reader = await VideoReader.open(path, { device });
        using image = new ImageU8(64, 48, { device });
        expect(await reader.readInto(image)).toBe(true);
        const [r, g, b, a] = mean(image) as [number, number, number, number];
        const error = Math.max(
          Math.abs(r - 200),
          Math.abs(g - 40),
          Math.abs(b - 90),
          Math.abs(a - 255),
        );
        expect(error, `${matrix} ${range}: ${r} ${g} ${b} ${a}`).toBeLessThan(2.1);
        await reader.close();
      }
    }
  });

  it('fills float and 8-bit images in turn, resizing them, and says false at the end', async () => {
    const reader = await VideoReader.open(clip, { device: 'cpu' });
    using float = new Image(200, 200, { device: 'cpu' });
    using bytes = new ImageU8(160, 120, { device: 'cpu' });
    let frames = 0;
    while (await reader.readInto(frames % 2 ? bytes : float)) frames++;
    expect(frames).toBe(25);
    expect(float.width).toBe(160);
    expect(await reader.readInto(float)).toBe(false);
    await reader.close();
    await reader.close();
  });

  it('reads a section', async () => {
    const reader = await VideoReader.open(clip, { device: 'cpu', from: 0.4, to: 0.8 });
    const seen: number[] = [];
    for await (const _ of reader) seen.push(reader.timestamp);
    expect(seen).toHaveLength(10);
    expect(seen[0]).toBe(0);
  });

  it('reads an image sequence at the rate it is given', async () => {
    const source = ['-f', 'lavfi', '-i', 'testsrc2=s=32x24:r=25:d=0.2'];
    ffmpeg(['-y', ...source, '-start_number', '7', file('still_%03d.bmp')]);
    const options = { device: 'cpu', inputFrameRate: 5 } as const;
    const reader = await VideoReader.open(file('still_%03d.bmp'), options);
    const seen: number[] = [];
    for await (const _ of reader) seen.push(Math.round(reader.timestamp * 1000));
    expect(seen).toEqual([0, 200, 400, 600, 800]);
  });

  it('is left early: the decoder ends and memory goes back', async () => {
    const before = memoryUsage('cpu').host.live;
    const reader = await VideoReader.open(makeClip(file('long.mp4'), { seconds: 60 }), {
      device: 'cpu',
    });
    for await (const _ of reader) break;
    expect(processesNaming(folder)).toEqual([]);
    expect(memoryUsage('cpu').host.live).toBe(before);
  });

  it('is closed while it waits', async () => {
    const ffmpeg = fakeFfmpeg(file('hang'), 'decode', 'exec sleep 1000');
    const reader = await VideoReader.open(clip, { device: 'cpu', ffmpeg });
    using image = new Image(160, 120, { device: 'cpu' });
    const reading = reader.readInto(image);
    const refused = expect(reading).rejects.toMatchObject({ code: 'ERR_DISPOSED' });
    await reader.close();
    await refused;
    await eventually(() => processesNaming(folder).length === 0);
  });

  it('tells what FFmpeg says when it fails in the middle', async () => {
    const body = '"$real" "$@" 3>&1 | head -c 100000 >&3; echo "torn apart" >&2; exit 1';
    const ffmpeg = fakeFfmpeg(file('torn'), 'decode', body);
    const reader = await VideoReader.open(clip, { device: 'cpu', ffmpeg });
    const all = (async () => {
      for await (const _ of reader);
    })();
    await expect(all).rejects.toMatchObject({
      code: 'ERR_FFMPEG_FAILED',
      message: expect.stringContaining('torn apart'),
    });
  });

  it('refuses an image that is too small, of another device, or freed', async () => {
    const reader = await VideoReader.open(clip, { device: 'cpu' });
    const small = new Image(10, 10, { device: 'cpu' });
    await expect(reader.readInto(small)).rejects.toMatchObject({ code: 'ERR_CAPACITY_EXCEEDED' });
    small.free();
    await expect(reader.readInto(small)).rejects.toMatchObject({ code: 'ERR_DISPOSED' });
    await expect(reader.readInto({} as Image)).rejects.toBeInstanceOf(FramelaneError);
    await reader.close();
  });
});

describe('VideoWriter', () => {
  onEachDevice('writes bytes that the file has, too, as they are', async (device) => {
    const path = file(`bytes-${device.replace(':', '')}.png`);
    const samples = Uint8Array.from({ length: 64 * 48 * 4 }, (_, i) =>
      i % 4 === 3 ? 255 : i % 251,
    );
    using image = new ImageU8(64, 48, { device });
    upload(image, samples);
    const writer = await VideoWriter.open(path, { ...writing, device });
    await writer.write(image);
    await writer.close();
    using back = await loadU8(path, { device: 'cpu' });
    expect(Buffer.from(download(back)).equals(samples)).toBe(true);
  });

  onEachDevice('takes what a reader gives: frames, times and sound', async (device) => {
    const output = file(`copy-${device}.mp4`);
    const reader = await VideoReader.open(clip, { device });
    const { width, height, frameRate } = reader.info;
    const options = { device, overwrite: true, width, height, frameRate, audioFrom: clip };
    const writer = await VideoWriter.open(output, { ...options, preset: 'ultrafast' });
    for await (const image of reader) {
      Adjust.brightness(image, 0.05);
      await writer.write(image, { timestamp: reader.timestamp });
    }
    await writer.close();
    await writer.close();
    expect(writer.frames).toBe(25);
    expect(times(output, 'v')).toEqual(times(clip, 'v'));
    expect(packetHashes(output)).toEqual(packetHashes(clip));
    expect(frameHashes(output)).toHaveLength(25);
  });

  it('counts time by the frame rate where none is given', async () => {
    const writer = await VideoWriter.open(file('counted.mp4'), { ...writing, frameRate: 29.97 });
    await drawInto(writer, 'cpu', 10);
    await writer.close();
    const [video] = probedStreams(file('counted.mp4'));
    expect(video).toMatchObject({ r_frame_rate: '30000/1001', nb_frames: '10' });
    times(file('counted.mp4'), 'v').forEach((time, index) => {
      expect(time).toBeCloseTo((index * 1001) / 30000, 5);
    });
    expect(frameHashes(file('counted.mp4'))).toHaveLength(10);
  });

  it('tags what it writes, and reading it again gives the colours back', async () => {
    for (const [height, tag] of [
      [48, 'smpte170m'],
      [720, 'bt709'],
    ] as const) {
      const path = file(`tags-${height}.mp4`);
      const writer = await VideoWriter.open(path, { ...writing, height, crf: 1 });
      using image = new Image(64, height, { device: 'cpu' });
      Fill.color(image, [0.8, 0.2, 0.4, 1]);
      await writer.write(image);
      await writer.close();
      expect(probedStreams(path)[0]).toMatchObject({ color_space: tag, color_range: 'tv' });
      const reader = await VideoReader.open(path, { device: 'cpu' });
      using back = new ImageU8(64, height, { device: 'cpu' });
      await reader.readInto(back);
      const [r, g, b] = mean(back) as [number, number, number];
      expect(Math.max(Math.abs(r - 204), Math.abs(g - 51), Math.abs(b - 102))).toBeLessThan(3);
      await reader.close();
    }
  });

  it('waits for an encoder that is slower, and holds few frames', async () => {
    const ffmpeg = fakeFfmpeg(file('slow'), 'encode', 'sleep 1; exec "$real" "$@"');
    const size = { width: 1280, height: 720 };
    const writer = await VideoWriter.open(file('slow.mp4'), {
      ...writing,
      ...size,
      ffmpeg,
      preset: 'ultrafast',
    });
    const before = memoryUsage('cpu').host.allocations;
    await drawInto(writer, 'cpu', 20, size);
    expect(memoryUsage('cpu').host.allocations).toBe(before);
    await writer.close();
    expect(frameHashes(file('slow.mp4'))).toHaveLength(20);
  });

  it('that is not closed leaves nothing', async () => {
    const leave = async () => {
      await using writer = await VideoWriter.open(file('left.mp4'), writing);
      await drawInto(writer, 'cpu', 3);
    };
    await leave();
    expect(existsSync(file('left.mp4'))).toBe(false);
    expect(partials()).toEqual([]);
    expect(processesNaming(folder)).toEqual([]);
  });

  it('that fails tells what FFmpeg says and keeps the file that was there', async () => {
    const ffmpeg = fakeFfmpeg(
      file('full'),
      'encode',
      'head -c 20000 <&3 >/dev/null; echo "disk full" >&2; exit 1',
    );
    writeFileSync(file('kept.mp4'), 'mine');
    const writer = await VideoWriter.open(file('kept.mp4'), { ...writing, ffmpeg });
    const failing = (async () => {
      await drawInto(writer, 'cpu', 100);
      await writer.close();
    })();
    await expect(failing).rejects.toMatchObject({
      code: 'ERR_FFMPEG_FAILED',
      message: expect.stringContaining('disk full'),
    });
    await writer.abort();
    expect(partials()).toEqual([]);
  });

  it.each([
    ['a size of another kind', { width: 0 }, 'ERR_INVALID_SIZE'],
    ['no frame rate', { frameRate: 0 }, 'ERR_INVALID_OPTION'],
    ['an encoder there is not', { codec: 'nope' }, 'ERR_FFMPEG_CAPABILITY'],
    [
      'a pixel format the encoder does not take',
      { codec: 'mpeg4', pixelFormat: 'yuv444p' },
      'ERR_FFMPEG_CAPABILITY',
    ],
    ['sound from nowhere', { audioFrom: '/nonexistent.mp4' }, 'ERR_INPUT_NOT_FOUND'],
    ['the file whose sound it copies', { audioFrom: file('new.mp4') }, 'ERR_OUTPUT_INVALID'],
  ])('refuses %s', async (_name, options, code) => {
    makeClip(file('new.mp4'), { seconds: 0.1 });
    const wrong = { ...writing, ...(options as object) };
    await expect(VideoWriter.open(file('new.mp4'), wrong)).rejects.toMatchObject({ code });
    expect(partials()).toEqual([]);
  });

  it('refuses images of another size, times below 0, and anything after close', async () => {
    const writer = await VideoWriter.open(file('refusing.mp4'), writing);
    using image = new Image(64, 48, { device: 'cpu' });
    using other = new Image(64, 50, { device: 'cpu' });
    await expect(writer.write(other)).rejects.toMatchObject({ code: 'ERR_INVALID_SIZE' });
    await expect(writer.write(image, { timestamp: -1 })).rejects.toMatchObject({
      path: 'timestamp',
    });
    await writer.write(image);
    await writer.close();
    await expect(writer.write(image)).rejects.toMatchObject({ code: 'ERR_DISPOSED' });
  });

  it('refuses to finish a file without frames', async () => {
    const writer = await VideoWriter.open(file('empty.mp4'), writing);
    await expect(writer.close()).rejects.toMatchObject({ code: 'ERR_OUTPUT_INVALID' });
    expect(existsSync(file('empty.mp4'))).toBe(false);
  });
});

async function drawInto(
  writer: VideoWriter,
  device: DeviceId,
  frames: number,
  size = { width: 64, height: 48 },
) {
  using image = new Image(size.width, size.height, { device });
  for (let i = 0; i < frames; i++) {
    Fill.color(image, [i / frames, 0.5, 0.5, 1]);
    await writer.write(image);
  }
}

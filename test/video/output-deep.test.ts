/** Outputs of more than 8 bits and with alpha. */
import { join } from 'node:path';
import { type EncoderOptions, Fill, Image, VideoWriter } from 'framelane';
import { describe, expect, it } from 'vitest';
import { ffmpeg } from '../helpers/programs.ts';
import { probedStreams, temporaryFolder } from '../helpers/video.ts';

const folder = temporaryFolder();

describe('deep outputs', () => {
  it.each<[string, EncoderOptions, boolean, string]>([
    // This decoder gives 4444 in 12 bits, whatever was encoded.
    ['a.mov', { codec: 'prores_ks' }, false, 'yuv444p12le'],
    ['b.mov', { codec: 'prores_ks', profile: 'hq' }, false, 'yuv422p10le'],
    ['c.mov', { codec: 'prores_ks' }, true, 'yuva444p12le'],
    ['d.webm', { codec: 'vp9' }, true, 'yuva420p'],
    [
      'e.mp4',
      { codec: 'hevc', pixelFormat: 'yuv420p10', preset: 'ultrafast' },
      false,
      'yuv420p10le',
    ],
    ['f.png', { pixelFormat: 'rgba16' }, true, 'rgba64be'],
  ])('%s with %o and alpha %s has %s', async (name, options, alpha, pixelFormat) => {
    const path = join(folder, name);
    const size = { width: 64, height: 48, frameRate: 25, device: 'cpu', alpha } as const;
    const writer = await VideoWriter.open(path, { ...size, ...options } as never);
    using image = new Image(64, 48, { device: 'cpu' });
    Fill.color(image, [0.8, 0.4, 0.2, alpha ? 0.5 : 1]);
    await writer.write(image);
    await writer.close();
    const decoder = name.endsWith('webm') ? ['-c:v', 'libvpx-vp9'] : [];
    if (decoder.length === 0) {
      expect(probedStreams(path)[0]).toMatchObject({ pix_fmt: pixelFormat });
    }
    const raw = ['-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgba', '-'];
    const pixel = [...ffmpeg([...decoder, '-i', path, ...raw]).subarray(0, 4)];
    const wanted = [204, 102, 51, alpha ? 128 : 255];
    const errors = pixel.map((value, at) => Math.abs(value - (wanted[at] ?? 0)));
    expect(Math.max(...errors)).toBeLessThan(5);
  });
});

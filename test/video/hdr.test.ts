/** HDR video from end to end: untouched where the output is HDR, mapped to SDR by toneMap, by itself where the file says so. */
import { join } from 'node:path';
import { type EncoderOptions, pipeline, runSession } from 'framelane';
import { describe, expect, it } from 'vitest';
import { ffmpeg } from '../helpers/programs.ts';
import { frameHashes, makeClip, probedStreams, temporaryFolder } from '../helpers/video.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const cpu = { device: 'cpu', overwrite: true } as const;
const tags = (transfer: string) => {
  return ['-color_primaries', '9', '-color_trc', transfer, '-colorspace', '9', '-color_range', '1'];
};
const transfers = { pq: '16', hlg: '18' } as const;

function makeHdr(name: string, transfer: keyof typeof transfers, filter?: string): string {
  const output = ['-c:v', 'ffv1', '-level', '1', ...tags(transfers[transfer])];
  const clip = { pixelFormat: 'yuv420p10le', seconds: 0.2, output };
  return makeClip(file(name), filter === undefined ? clip : { ...clip, filter });
}

/** The mean luma code of the first frame, as it is stored. */
function luma(path: string, bits: 8 | 10): number {
  const size = 64 * 48 * (bits / 8 > 1 ? 2 : 1);
  const plane = ['-vf', 'extractplanes=y', '-frames:v', '1', '-f', 'rawvideo', '-'];
  const bytes = ffmpeg(['-i', path, ...plane]).subarray(0, size);
  const codes = bits === 8 ? bytes : new Uint16Array(Uint8Array.from(bytes).buffer);
  return Array.from(codes).reduce((sum, code) => sum + code, 0) / codes.length;
}

describe('HDR', () => {
  it.each(['pq', 'hlg'] as const)('%s keeps every bit and tag', async (transfer) => {
    const input = makeHdr(`${transfer}.mkv`, transfer);
    const output = file(`${transfer}-out.mkv`);
    const { warnings } = await runSession(pipeline(), input, output, { ...cpu, codec: 'ffv1' })
      .finished;
    expect(warnings).toEqual([]);
    expect(frameHashes(output)).toEqual(frameHashes(input));
    const fields = ['pix_fmt', 'color_space', 'color_primaries', 'color_transfer', 'color_range'];
    const [before, after] = [input, output].map((path) => probedStreams(path)[0]);
    expect(fields.map((field) => after?.[field])).toEqual(fields.map((field) => before?.[field]));
    expect(after).toMatchObject({ pix_fmt: 'yuv420p10le' });
  });

  it('keeps ten bits through operations', async () => {
    // Codes of ten bits that no code of eight bits is.
    const input = makeHdr('flat.mkv', 'pq', "format=yuv420p10le,geq=lum='403':cb='512':cr='512'");
    const output = file('flat-out.mkv');
    const look = pipeline().flip().contrast(1);
    await runSession(look, input, output, { ...cpu, codec: 'ffv1' }).finished;
    expect(luma(output, 10)).toBe(403);
  });

  it.each<[string, EncoderOptions, string]>([
    ['mp4', { codec: 'hevc', preset: 'ultrafast' }, 'yuv420p10le'],
    ['webm', { codec: 'vp9', deadline: 'realtime', cpuUsed: 8 }, 'yuv420p10le'],
  ])('reaches .%s with its tags', async (extension, options, pixelFormat) => {
    const input = makeHdr('tagged.mkv', 'pq');
    const output = file(`tagged.${extension}`);
    await runSession(pipeline(), input, output, { ...cpu, ...options }).finished;
    expect(probedStreams(output)[0]).toMatchObject({
      pix_fmt: pixelFormat,
      color_space: 'bt2020nc',
      color_transfer: 'smpte2084',
      color_primaries: 'bt2020',
    });
  });
});

describe('toneMap', () => {
  // Below the knee the light stays what it is: 100 cd/m² of 203, encoded by the inverse of BT.1886.
  const expected = 16 + 219 * (100 / 203) ** (1 / 2.4);
  // ST 2084: 100 cd/m² are 0.508078 of the signal. BT.2100 HLG at 1000 cd/m²: grey E of scene light Y^(1/1.2).
  const pqCode = 64 + 876 * 0.508078;
  const scene = (100 / 1000) ** (1 / 1.2);
  const hlgCode = 64 + 876 * (0.17883277 * Math.log(12 * scene - 0.28466892) + 0.55991073);

  it.each([
    ['pq', pqCode],
    ['hlg', hlgCode],
  ] as const)('%s, as the file says it is, becomes BT.709', async (transfer, code) => {
    const grey = `format=yuv420p10le,geq=lum='${Math.round(code)}':cb='512':cr='512'`;
    const input = makeHdr(`grey-${transfer}.mkv`, transfer, grey);
    const output = file(`sdr-${transfer}.mp4`);
    const options = { ...cpu, encoderArgs: ['-qp', '0'], pixelFormat: 'yuv420p' } as const;
    await runSession(pipeline().toneMap(), input, output, options).finished;
    expect(probedStreams(output)[0]).toMatchObject({
      color_space: 'bt709',
      color_primaries: 'bt709',
      color_transfer: 'bt709',
      color_range: 'tv',
    });
    expect(Math.abs(luma(output, 8) - expected)).toBeLessThanOrEqual(1);
  });

  it('leaves SDR alone', async () => {
    const bt709 = ['-color_primaries', '1', '-color_trc', '1', '-colorspace', '1'];
    const input = makeClip(file('sdr.mkv'), { seconds: 0.2, output: ['-c:v', 'ffv1', ...bt709] });
    const output = file('same.mkv');
    await runSession(pipeline().toneMap(), input, output, { ...cpu, codec: 'ffv1' }).finished;
    expect(frameHashes(output)).toEqual(frameHashes(input));
  });

  it('asks where the file does not say', async () => {
    const input = makeClip(file('untagged.mkv'), { seconds: 0.2, output: ['-c:v', 'ffv1'] });
    const session = runSession(pipeline().toneMap(), input, file('no.mkv'), cpu);
    await expect(session.finished).rejects.toMatchObject({
      code: 'ERR_INVALID_OPTION',
      message: expect.stringContaining('set from to "pq" or "hlg"'),
    });
  });
});

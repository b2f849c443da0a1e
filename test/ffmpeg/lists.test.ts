/** The lists that FFmpeg gives of itself, as its versions print them. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { capabilities } from '../../src/ffmpeg/capabilities.ts';
import { openFfmpeg } from '../../src/ffmpeg/ffmpeg.ts';
import { listedNames, namesBelow } from '../../src/ffmpeg/lists.ts';
import { ffmpegPaths } from '../helpers/programs.ts';

const muxers = {
  '4.1': `File formats:
 D. = Demuxing supported
 .E = Muxing supported
 --
  E 3g2             3GP2 (3GPP2 file format)
  E matroska        Matroska
  E stream_segment,ssegment streaming segment muxer
`,
  '7.0': `Formats:
 D.. = Demuxing supported
 .E. = Muxing supported
 ..d = Is a device
 ---
  E  3g2             3GP2 (3GPP2 file format)
  Ed alsa            ALSA audio output
  E  matroska        Matroska
  E  stream_segment,ssegment streaming segment muxer
`,
};

const devices = {
  '5.1': `Devices:
 D. = Demuxing supported
 .E = Muxing supported
 --
 DE alsa            ALSA audio output
  E caca            caca (color ASCII art) output device
 D  libcdio          
 DE video4linux2,v4l2 Video4Linux2 output device
`,
  // Three dashes for two columns, in 8 too.
  '7.0': `Devices:
 D. = Demuxing supported
 .E = Muxing supported
 ---
 DE alsa            ALSA audio output
  E caca            caca (color ASCII art) output device
 D  libcdio          
 DE video4linux2,v4l2 Video4Linux2 output device
`,
};

const filters = {
  '7.0': `Filters:
  T.. = Timeline support
  .S. = Slice threading
  ..C = Command support
  A = Audio input/output
  V = Video input/output
  N = Dynamic number and/or type of input/output
  | = Source or sink filter
 TSC aap               AA->A      Apply Affine Projection algorithm to first audio stream.
 ... abench            A->A       Benchmark part of a filtergraph.
 TS. bwdif             V->V       Deinterlace the input image.
`,
  // Two columns, and a legend of three.
  '8.0': `Filters:
  T.. = Timeline support
  .S. = Slice threading
  A = Audio input/output
  V = Video input/output
  N = Dynamic number and/or type of input/output
  | = Source or sink filter
 TS aap               AA->A      Apply Affine Projection algorithm to first audio stream.
 .. abench            A->A       Benchmark part of a filtergraph.
 TS bwdif             V->V       Deinterlace the input image.
`,
};

const decoders = `Decoders:
 V..... = Video
 A..... = Audio
 S..... = Subtitle
 .F.... = Frame-level multithreading
 ..S... = Slice-level multithreading
 ...X.. = Codec is experimental
 ....B. = Supports draw_horiz_band
 .....D = Supports direct rendering method 1
 ------
 V....D 012v                 Uncompressed 4:2:2 10-bit
 VFS..D h264                 H.264 / AVC / MPEG-4 AVC / MPEG-4 part 10
 A....D aac                  AAC (Advanced Audio Coding)
 S..... srt                  SubRip subtitle (codec subrip)
`;

describe('recorded lists', () => {
  it.each(Object.entries(muxers))('muxers of %s', (_, text) => {
    const names = [...listedNames(text, 'Muxing')].filter((name) => name !== 'alsa');
    expect(names).toEqual(['3g2', 'matroska', 'stream_segment', 'ssegment']);
    expect(listedNames(text, 'Demuxing').size).toBe(0);
  });

  it.each(Object.entries(devices))('devices of %s', (_, text) => {
    expect([...listedNames(text, 'Demuxing')]).toEqual(['alsa', 'libcdio', 'video4linux2', 'v4l2']);
    expect([...listedNames(text, 'Muxing')]).toEqual(['alsa', 'caca', 'video4linux2', 'v4l2']);
  });

  it.each(Object.entries(filters))('filters of %s', (_, text) => {
    expect([...listedNames(text)]).toEqual(['aap', 'abench', 'bwdif']);
    expect([...listedNames(text, 'Timeline')]).toEqual(['aap', 'bwdif']);
  });

  it('decoders by what they decode', () => {
    expect([...listedNames(decoders, 'Video')]).toEqual(['012v', 'h264']);
    expect([...listedNames(decoders, 'Audio')]).toEqual(['aac']);
    expect([...listedNames(decoders)]).toEqual(['012v', 'h264', 'aac', 'srt']);
  });

  it('protocols and accelerations', () => {
    const protocols =
      'Supported file protocols:\nInput:\n  async\n  srtp\nOutput:\n  icecast\n  srtp\n';
    expect([...namesBelow(protocols, 'Input:')]).toEqual(['async', 'srtp']);
    expect([...namesBelow(protocols, 'Output:')]).toEqual(['icecast', 'srtp']);
    const accelerations = 'Hardware acceleration methods:\nvdpau\ncuda\n\n';
    expect([...namesBelow(accelerations, 'Hardware acceleration methods:')]).toEqual([
      'vdpau',
      'cuda',
    ]);
  });

  it.each([
    '',
    '\n',
    'garbage',
    '-----\n',
    ' = \n x y\n',
    ' - = z\n',
    'Input:',
    'Output:\n  file\n',
  ])('nothing in %j', (text) => {
    expect(listedNames(text).size).toBe(0);
    expect(listedNames(text, 'Muxing').size).toBe(0);
    expect(namesBelow(text, 'Input:').size).toBe(0);
  });
});

describe.each(ffmpegPaths)('the lists of %s', (program) => {
  it('have what every FFmpeg has, and nothing else', async () => {
    const ffmpeg = await openFfmpeg(program);
    const has = async (kind: Parameters<typeof capabilities>[1], ...names: string[]) => {
      const found = await capabilities(ffmpeg, kind);
      for (const name of names) expect(found, kind).toContain(name);
      for (const name of found) expect(name).toMatch(/^[\w.-]+$/);
    };
    for (const name of ['libx264', 'ffv1', 'aac', 'rawvideo'])
      expect(ffmpeg.encoders).toContain(name);
    for (const name of ['matroska', 'mp4', 'nut', 'ssegment'])
      expect(ffmpeg.muxers).toContain(name);
    expect(ffmpeg.muxers).not.toContain('lavfi');
    await has('decoders', 'h264', 'libvpx-vp9', 'rawvideo');
    await has('filters', 'bwdif', 'scale', 'trim', 'testsrc2');
    await has('protocols', 'file', 'pipe', 'http');
    await has('hwaccels', 'vaapi');
    await has('captures', 'lavfi', 'x11grab', 'video4linux2', 'v4l2');
    await has('playbacks', 'video4linux2', 'oss');
    expect(await capabilities(ffmpeg, 'decoders')).not.toContain('aac');
    expect(await capabilities(ffmpeg, 'playbacks')).not.toContain('lavfi');
  });

  it('name every entry that FFmpeg itself knows', async () => {
    const ffmpeg = await openFfmpeg(program);
    const filters = [...(await capabilities(ffmpeg, 'filters'))].slice(0, 3);
    for (const [kind, names] of [
      ['encoder', [...ffmpeg.encoders].slice(0, 3)],
      ['muxer', [...ffmpeg.muxers].slice(0, 3)],
      ['filter', filters],
    ] as const) {
      expect(names).toHaveLength(3);
      for (const name of names) {
        const said = execFileSync(program, ['-hide_banner', '-h', `${kind}=${name}`]).toString();
        expect(said).toMatch(new RegExp(`^${kind} ${name}\\b`, 'i'));
      }
    }
  });
});

/** What is made of FFmpeg's stderr, as its versions write it. */
import { describe, expect, it } from 'vitest';
import { FfmpegMessages } from '../../src/ffmpeg/ffmpeg-messages.ts';

function said(text: string, pieces = text.length): FfmpegMessages {
  const messages = new FfmpegMessages();
  for (let at = 0; at < text.length; at += pieces) messages.add(text.slice(at, at + pieces));
  messages.end();
  return messages;
}

const quiet = {
  '4.1': `[matroska,webm @ 0x263e9d00] [warning] Could not find codec parameters for stream 3 (Attachment: none): unknown codec
Consider increasing the value for the 'analyzeduration' and 'probesize' options
[info] Input #0, matroska,webm, from 'file:in.mkv':
[info]     Stream #0:0: Video: h264 (High), 1 reference frame, yuv420p(progressive, left), 64x48, 25 fps, 25 tbr, 1k tbn
[graph 0 input from stream 0:0 @ 0x33150980] [verbose] w:64 h:48 pixfmt:yuv420p tb:1/1000 fr:25/1 sar:1/1 sws_param:flags=2
[verbose] No more output streams to write to, finishing.
[AVIOContext @ 0x331495c0] [verbose] Statistics: 2 seeks, 4 writeouts
`,
  '5.1': `[matroska,webm @ 0x55bc7775da40] [warning] Could not find codec parameters for stream 3 (Attachment: none): unknown codec
Consider increasing the value for the 'analyzeduration' (0) and 'probesize' (5000000) options
[graph 0 input from stream 0:0 @ 0x555ba7f83640] [verbose] w:64 h:48 pixfmt:yuv420p tb:1/1000 fr:25/1 sar:1/1
[warning] file:in.mkv: corrupt input packet in stream 0
    Last message repeated 3 times
`,
  '7.0': `[matroska,webm @ 0x557cb4d60cc0] [warning] Could not find codec parameters for stream 3 (Attachment: none): unknown codec
Consider increasing the value for the 'analyzeduration' (0) and 'probesize' (5000000) options
[vost#0:0/rawvideo @ 0x55c78a0ed400] [verbose] Starting thread...
[vist#0:0/h264 @ 0x55c78a0ebfc0] [dec:h264 @ 0x55c78a0f1480] [verbose] Starting thread...
[graph 0 input from stream 0:0 @ 0x7f789c002080] [verbose] w:64 h:48 pixfmt:yuv420p tb:1/1000 fr:25/1 sar:1/1 csp:unknown range:unknown
[vist#0:0/h264 @ 0x55c78a0ebfc0] [dec:h264 @ 0x55c78a0f1480] [verbose] Decoder returned EOF, finishing
`,
};

const failing = {
  '4.1': `[h264 @ 0x2d582d00] [error] error while decoding MB 1 2, bytestream -6
    Last message repeated 1 times
[error] Error while decoding stream #0:0: Invalid data found when processing input
`,
  '7.0': `[h264 @ 0x7f11180008c0] [error] error while decoding MB 1 2, bytestream -6
[vist#0:0/h264 @ 0x55c78a0ebfc0] [dec:h264 @ 0x55c78a0f1480] [error] Error submitting packet to decoder: Invalid data found when processing input
`,
};

describe('lines without errors', () => {
  it.each(Object.entries(quiet))('FFmpeg %s', (_, text) => {
    for (const pieces of [text.length, 1, 7, 100]) {
      const messages = said(text, pieces);
      expect(messages.summary()).toBeUndefined();
      expect(messages.last).toBe('');
      expect(messages.pictures).toEqual(['64x48 yuv420p']);
    }
  });

  it('a title of several lines', () => {
    const text = `[info]   Metadata:
[info]     title           : one
[info]                     : two
                    : three
`;
    expect(said(text).summary()).toBeUndefined();
    expect(said(text).last).toBe('');
  });

  it('a warning in parts that libraries write into', () => {
    const text = `ERROR: ld.so: object 'libx.so' cannot be preloaded: ignored.
[swscaler @ 0x7f4e180132c0] [warning] deprecated pixel format used
libva info: VA-API version 1.17.0
`;
    expect(said(text).summary()).toBeUndefined();
  });

  it('colours', () => {
    const text =
      '\u001b[48;5;0m\u001b[38;5;226m[mjpeg @ 0x5] \u001b[0m\u001b[48;5;0m\u001b[38;5;226m[warning] EOI missing, emulating\n\u001b[0m';
    expect(said(text).summary()).toBeUndefined();
  });
});

describe('lines with errors', () => {
  it.each(Object.entries(failing))('FFmpeg %s', (_, text) => {
    const messages = said((Object.values(quiet)[0] ?? '') + text, 50);
    expect(messages.summary()).toMatch(
      /^\[h264\] error while decoding MB 1 2, bytestream -6; (\[.*\] )?Error .*: Invalid data found when processing input$/,
    );
    expect(messages.summary()).not.toContain('0x');
    expect(messages.last.split('\n')).toHaveLength(2);
  });

  it('one of several lines is one', () => {
    const text = '[info] x\n[mov @ 0x1] [error] one\n  of two lines\n[info] y\n  and a rest\n';
    expect(said(text).summary()).toBe('[mov] one of two lines');
  });

  it('the first ones, and how many there are', () => {
    const lines = Array.from({ length: 9 }, (_, index) => `[h264 @ 0x1] [error] e${index}\nmore\n`);
    expect(said(lines.join('')).summary()).toBe(
      '[h264] e0 more; [h264] e1 more; [h264] e2 more; and 6 lines more',
    );
  });

  it('the first of each who tells one, before the second of another', () => {
    const text = `[NULL @ 0x1] [error] Invalid NAL unit size (1796 > 139).
[NULL @ 0x1] [error] missing picture in access unit with size 143
[h264 @ 0x2] [error] Invalid NAL unit size (1796 > 139).
[h264 @ 0x2] [error] Error splitting the input into NAL units.
[mov,mp4,m4a,3gp,3g2,mj2 @ 0x3] [error] stream 0, offset 0x5c5: partial file
`;
    expect(said(text).summary()).toBe(
      '[NULL] Invalid NAL unit size (1796 > 139).; [h264] Invalid NAL unit size (1796 > 139).; ' +
        '[mov,mp4,m4a,3gp,3g2,mj2] stream 0, offset 0x5c5: partial file; and 2 lines more',
    );
  });

  it('a program that writes no levels', () => {
    const text = 'sh: 1: ffmpeg: not found\nsecond\n';
    expect(said(text).summary()).toBe('sh: 1: ffmpeg: not found; second');
    expect(said(text).last).toBe('sh: 1: ffmpeg: not found\nsecond');
  });

  it('by who tells them, and when', () => {
    const text = `[aac @ 0x1] [error] a
[NULL @ 0x2] [error] b
[graph 0 input from stream 0:0 @ 0x3] [verbose] w:64 h:48 pixfmt:yuv420p tb:1/25 fr:25/1 sar:1/1
[vist#0:0/h264 @ 0x4] [dec:h264 @ 0x5] [error] c
[error] d
`;
    const speakers: unknown[] = [];
    said(text).summary((speaker) => speakers.push([speaker.part, speaker.early]) > 0);
    expect(speakers).toEqual([
      ['aac', true],
      ['NULL', true],
      ['dec:h264', false],
      ['', false],
    ]);
    expect(said(text).summary(({ early }) => !early)).toBe('[vist#0:0/h264] [dec:h264] c; d');
    expect(said(text).summary(() => false)).toBeUndefined();
  });

  it('the cause, and not what FFmpeg 7 says of each thread after it', () => {
    const text = `x264 [error]: invalid tune 'nope'
[libx264 @ 0x55cae0098940] Error setting preset/tune medium/nope.
[vost#0:0/libx264 @ 0x55cae0098480] Error while opening encoder - maybe incorrect parameters such as bit_rate, rate, width or height.
[vf#0:0 @ 0x55cae009cec0] Error sending frames to consumers: Invalid argument
[vf#0:0 @ 0x55cae009cec0] Task finished with error code: -22 (Invalid argument)
[vf#0:0 @ 0x55cae009cec0] Terminating thread with return code -22 (Invalid argument)
[vost#0:0/libx264 @ 0x55cae0098480] Could not open encoder before EOF
[out#0/mp4 @ 0x55cae0097780] Nothing was written into output file, because at least one of its streams received no packets.
`;
    expect(said(text).last.split('\n')).toEqual([
      "x264 [error]: invalid tune 'nope'",
      '[libx264] Error setting preset/tune medium/nope.',
      expect.stringMatching(/^\[vost#0:0\/libx264\] Error while opening encoder/),
    ]);
    expect(said('[vf#0:0 @ 0x5] Task finished with error code: -22\n').last).toMatch(
      /Task finished/,
    );
  });

  it('the first and the last of many', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index}\n`).join('');
    expect(said(lines).last.match(/\d+/g)).toEqual('0 1 2 95 96 97 98 99'.split(' '));
  });

  it('the last words of a program that crashes', () => {
    expect(said('[verbose] x\nAssertion failed: abort()\n').last).toBe('Assertion failed: abort()');
  });

  it('a line without end, of which the head is kept', () => {
    const messages = new FfmpegMessages();
    messages.add('[libx264 @ 0x1] [info] ');
    for (let count = 0; count < 1000; count++) messages.add('x'.repeat(1000));
    messages.add('\n[error] at the end');
    messages.end();
    expect(messages.summary()).toBe('at the end');
  });
});

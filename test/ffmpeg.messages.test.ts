/** What is made of FFmpeg's stderr, as its versions write it. */
import { describe, expect, it } from 'vitest';
import { FfmpegMessages } from '../src/ffmpeg/ffmpeg-messages.ts';

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
      expect(messages.summary).toBeUndefined();
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
    expect(said(text).summary).toBeUndefined();
    expect(said(text).last).toBe('');
  });

  it('a warning in parts that libraries write into', () => {
    const text = `ERROR: ld.so: object 'libx.so' cannot be preloaded: ignored.
[swscaler @ 0x7f4e180132c0] [warning] deprecated pixel format used
libva info: VA-API version 1.17.0
`;
    expect(said(text).summary).toBeUndefined();
  });

  it('colours', () => {
    const text =
      '\u001b[48;5;0m\u001b[38;5;226m[mjpeg @ 0x5] \u001b[0m\u001b[48;5;0m\u001b[38;5;226m[warning] EOI missing, emulating\n\u001b[0m';
    expect(said(text).summary).toBeUndefined();
  });
});

describe('lines with errors', () => {
  it.each(Object.entries(failing))('FFmpeg %s', (_, text) => {
    const messages = said((Object.values(quiet)[0] ?? '') + text, 50);
    expect(messages.summary).toMatch(
      /^\[h264\] error while decoding MB 1 2, bytestream -6; (\[.*\] )?Error .*: Invalid data found when processing input$/,
    );
    expect(messages.summary).not.toContain('0x');
    expect(messages.last.split('\n')).toHaveLength(2);
  });

  it('one of several lines is one', () => {
    const text = '[info] x\n[mov @ 0x1] [error] one\n  of two lines\n[info] y\n  and a rest\n';
    expect(said(text).summary).toBe('[mov] one of two lines');
  });

  it('the first ones, and how many there are', () => {
    const lines = Array.from({ length: 9 }, (_, index) => `[h264 @ 0x1] [error] e${index}\nmore\n`);
    expect(said(lines.join('')).summary).toBe(
      '[h264] e0 more; [h264] e1 more; [h264] e2 more; and 6 lines more',
    );
  });

  it('a program that writes no levels', () => {
    const text = 'sh: 1: ffmpeg: not found\nsecond\n';
    expect(said(text).summary).toBe('sh: 1: ffmpeg: not found; second');
    expect(said(text).last).toBe('sh: 1: ffmpeg: not found\nsecond');
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
    expect(messages.summary).toBe('at the end');
  });
});

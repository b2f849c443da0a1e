/** What the tests compare with beside the bundled FFmpeg. */
import { expect, it } from 'vitest';
import { openFfmpeg } from '../src/ffmpeg/ffmpeg.ts';
import { ffmpegPaths, systemFfmpeg } from './helpers/programs.ts';

it('a second, newer FFmpeg is there', (context) => {
  const missing = systemFfmpeg === undefined;
  if (missing && process.env['CI'] !== 'true') {
    context.skip('no /usr/bin/ffmpeg: nothing is tested with the one of the system');
  }
  expect(systemFfmpeg).toBeDefined();
});

it('those that npm brings are of two generations', async (context) => {
  if (process.env['FRAMELANE_FFMPEG']) return context.skip('one FFmpeg was named');
  const opened = await Promise.all(ffmpegPaths.map((path) => openFfmpeg(path)));
  const generations = opened.map(({ libavcodec }) => libavcodec);
  expect(generations.at(0)).toBe(58); // FFmpeg 4
  expect(generations.at(-1)).toBe(61); // FFmpeg 7
});

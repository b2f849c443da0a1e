/** What the tests compare with beside the bundled FFmpeg. */
import { expect, it } from 'vitest';
import { systemFfmpeg } from './helpers/programs.ts';

it('a second, newer FFmpeg is there', (context) => {
  const missing = systemFfmpeg === undefined;
  if (missing && process.env['CI'] !== 'true') {
    context.skip('no /usr/bin/ffmpeg: what is tested with both FFmpegs is tested with one');
  }
  expect(systemFfmpeg).toBeDefined();
});

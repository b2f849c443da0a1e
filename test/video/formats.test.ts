/** Sessions with an empty pipeline keep every bit of every format that travels as it is, from end to end. */
import { join } from 'node:path';
import { pipeline, runSession } from 'framelane';
import { describe, expect, it } from 'vitest';
import { frameHashes, makeClip, probedStreams, temporaryFolder } from '../helpers/video.ts';

const folder = temporaryFolder();
const ffv1 = ['-c:v', 'ffv1'];
const depths = ['', '10le', '12le', '16le'];

const formats = [
  ...['gray10le', 'gray12le', 'gray16le'],
  ...['420', '422', '444'].flatMap((layout) => [
    ...depths.map((depth) => `yuv${layout}p${depth}`),
    ...['', '10le', '16le'].map((depth) => `yuva${layout}p${depth}`),
  ]),
];

describe('an empty pipeline', () => {
  it.each(formats.flatMap((format) => ['64x48', '67x51'].map((size) => [format, size] as const)))(
    'keeps every bit of %s at %s',
    async (pixelFormat, size) => {
      const name = join(folder, `${pixelFormat}-${size}`);
      const filter = "format=rgba,geq=r='p(X,Y)':g='p(X,Y)':b='p(X,Y)':a='mod(X+Y,256)'";
      const clip = { pixelFormat, size, seconds: 0.2, filter, output: ffv1 };
      const input = makeClip(`${name}.mkv`, clip);
      const options = { device: 'cpu', codec: 'ffv1', overwrite: true } as const;
      const { output, warnings } = await runSession(pipeline(), input, `${name}-out.mkv`, options)
        .finished;
      expect(warnings).toEqual([]);
      expect(frameHashes(output as string)).toEqual(frameHashes(input));
      expect(probedStreams(output as string)[0]).toMatchObject({ pix_fmt: pixelFormat });
    },
  );
});

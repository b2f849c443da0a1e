/** Values, variables and pipelines that are changed while a session runs. */
import { readFileSync, writeFileSync } from 'node:fs';
import {
  type DeviceId,
  memoryUsage,
  pipeline,
  readPipeline,
  runSession,
  type Session,
  type SessionOutputOptions,
} from 'framelane';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import { ffmpeg } from '../helpers/programs.ts';
import { makeRandom } from '../helpers/random.ts';
import { eventually, fakeFfmpeg, frameHashes, makeClip, temporaryFiles } from '../helpers/video.ts';

const { file } = temporaryFiles();
const [width, height] = [64, 48];
const lossless = { codec: 'ffv1', overwrite: true } as const;
const clip = makeClip(file('clip.mkv'), { seconds: 2, output: ['-c:v', 'ffv1'] });
const long = makeClip(file('long.mkv'), { seconds: 6, rate: 500, output: ['-c:v', 'ffv1'] });
/** Decodes as slowly as it would be watched. */
const paced = fakeFfmpeg(file('paced'), 'decode', 'exec "$real" -re "$@"');

const turn = () => new Promise((resolve) => setImmediate(resolve));

function pixels(path: string, pixelFormat: string, frameSize: number): Buffer[] {
  const raw = ['-vsync', 'passthrough', '-f', 'rawvideo', '-pix_fmt', pixelFormat, '-'];
  const bytes = ffmpeg(['-i', path, ...raw]);
  return Array.from({ length: bytes.length / frameSize }, (_, i) =>
    bytes.subarray(i * frameSize, (i + 1) * frameSize),
  );
}

/** What a frame is by each of the pipelines: the index of the first that makes it so. */
async function indexOfEach(result: string, looks: readonly ReturnType<typeof pipeline>[]) {
  const alone = await Promise.all(
    looks.map(async (look, i) => {
      const path = file(`alone-${i}.mkv`);
      await runSession(look, clip, path, { ...lossless, device: 'cpu' }).finished;
      return frameHashes(path);
    }),
  );
  return frameHashes(result).map((hash, at) => alone.findIndex((hashes) => hashes[at] === hash));
}

const running = (session: Session) =>
  eventually(() => (session.stats().outputs[0]?.framesOut ?? 0) > 0);

describe('set', () => {
  onEachDevice('10,000 times gives every frame of three outputs one generation', async (device) => {
    const sets = 10_000;
    const gray = { ...lossless, pixelFormat: 'gray16' } as const;
    const outputs: SessionOutputOptions[] = [
      { ...gray, path: file('one.mkv') },
      { ...gray, path: file('two.mkv'), pipeline: pipeline().gaussianBlur(2) },
      { ...gray, path: file('three.mkv'), pipeline: pipeline().flip().vignette({ radius: 2 }) },
    ];
    // Of 16 bits in limited range, black is 4096 and white 60160: a step of the colour is a code.
    const colorOf = (generation: number) => {
      const value = generation / 56064;
      return [value, value, value] as const;
    };
    const session = runSession(pipeline().fillColor(colorOf(0)), long, outputs, {
      device,
      ffmpeg: paced,
    });
    const from = [0];
    const random = makeRandom(sets);
    await running(session);
    while (from.length <= sets) {
      for (let k = random() * 40; k > 0 && from.length <= sets; k--) {
        from.push(session.set('stages[0].color', colorOf(from.length)));
        if (random() < 0.1)
          session.set('stages[0].radius', Math.floor(random() * 20), { output: 1 });
      }
      await turn();
    }
    session.stop();
    const { frames } = await session.finished;
    const shown = outputs.map(({ path }) => pixels(path, 'gray16le', 2 * width * height));
    let generation = 0;
    let changes = 0;
    for (let frame = 0; frame < frames; frame++) {
      const before = generation;
      while ((from[generation + 1] ?? frames) <= frame) generation++;
      changes += Number(generation > before);
      for (const [i, output] of shown.entries()) {
        const frameBytes = output[frame] as Buffer;
        const codes = new Set(
          new Uint16Array(
            frameBytes.buffer.slice(
              frameBytes.byteOffset,
              frameBytes.byteOffset + frameBytes.length,
            ),
          ),
        );
        expect([...codes], `frame ${frame} of output ${i}`).toEqual([4096 + generation]);
      }
    }
    expect(changes).toBeGreaterThan(20);
  });

  it('takes an output from passing through to computing and back, and holds for the frame it tells', async () => {
    const path = file('passed.mkv');
    const session = runSession(pipeline().brightness(0), clip, path, {
      ...lossless,
      device: 'cpu',
      ffmpeg: paced,
    });
    await running(session);
    const looks = [pipeline(), pipeline().invert(), pipeline(), pipeline().gaussianBlur(3)];
    const from = [0];
    for (const look of looks.slice(1)) {
      from.push(await session.setPipeline(look));
      await eventually(() => session.stats().framesIn > (from.at(-1) as number) + 3);
    }
    const { frames } = await session.finished;
    const expected = Array.from({ length: frames }, (_, frame) => {
      return [0, 1, 0, 3][from.findLastIndex((first) => first <= frame)];
    });
    expect(await indexOfEach(path, looks)).toEqual(expected);
    expect(new Set(expected).size).toBe(3);
  });

  it('before the start holds from the first frame on, for sizes, too, while nothing is opened', async () => {
    const look = pipeline().resize({ width: 32, height: 24 }).contrast(1);
    const session = runSession(look, clip, file('early.mkv'), { ...lossless, device: 'cpu' });
    expect(session.set('stages[0].width', 40)).toBe(0);
    expect(session.set('stages[1].factor', 1.5)).toBe(0);
    const sepia = session.setPipeline(pipeline().sepia(1), { output: 0 });
    await session.finished;
    expect(await sepia).toBe(0);
    const meant = pipeline().resize({ width: 40, height: 24 }).contrast(1.5).sepia(1);
    await runSession(meant, clip, file('meant.mkv'), { ...lossless, device: 'cpu' }).finished;
    expect(frameHashes(file('early.mkv'))).toEqual(frameHashes(file('meant.mkv')));
  });

  it('reaches into branches and regions', async () => {
    const look = (radius: number, x: number) =>
      pipeline().blend({
        source: pipeline().gaussianBlur(radius).invert(),
        opacity: 0.5,
        region: { x, y: 4, width: 20, height: 20 },
      });
    const path = file('branch.mkv');
    const options = { ...lossless, device: 'cpu', ffmpeg: paced } as const;
    const session = runSession(look(2, 8), clip, path, options);
    await running(session);
    const from = [
      0,
      session.set('stages[0].source.stages[0].radius', 6),
      session.set('stages[0].region.x', 12),
    ];
    const { frames } = await session.finished;
    const expected = Array.from({ length: frames }, (_, frame) =>
      from.findLastIndex((first) => first <= frame),
    );
    expect(await indexOfEach(path, [look(2, 8), look(6, 8), look(6, 12)])).toEqual(expected);
  });

  it.each<[string, unknown, string, string, RegExp]>([
    [
      'radius',
      3,
      'ERR_INVALID_PIPELINE',
      '',
      /^expected a place such as "stages\[0\].radius", received "radius" \(did you mean "stages\[1\].radius"\?\)/,
    ],
    ['stage[1].radius', 3, 'ERR_INVALID_PIPELINE', '', /did you mean "stages\[1\].radius"/],
    ['stages[1].radios', 3, 'ERR_INVALID_OPTION', 'stages[1].radios', /did you mean "radius"/],
    [
      'stages[7].radius',
      3,
      'ERR_INVALID_PIPELINE',
      'stages[7]',
      /expected a stage from 0 to 2, received 7/,
    ],
    [
      'stages[1].radius',
      'x',
      'ERR_INVALID_OPTION',
      'stages[1].radius',
      /gaussianBlur expects an integer/,
    ],
    ['stages[1].radius', -1, 'ERR_INVALID_OPTION', 'stages[1].radius', /received -1/],
    ['stages[2].color[4]', 1, 'ERR_INVALID_PIPELINE', 'stages[2].color[4]', /a place from 0 to 3/],
    ['stages[2].color[1]', 'red', 'ERR_INVALID_OPTION', 'stages[2].color', /vignette expects/],
    ['stages[0].op', 'sepio', 'ERR_UNKNOWN_OP', 'stages[0].op', /did you mean "sepia"/],
  ])('of %s to %o changes nothing', async (path, value, code, at, message) => {
    const look = pipeline().contrast(1.2).gaussianBlur(2).vignette();
    const session = runSession(look, clip, 'null:', { device: 'cpu' });
    const wrong = expect.objectContaining({
      code,
      path: at === '' ? undefined : at,
      message: expect.stringMatching(message),
    });
    expect(() => session.set(path, value)).toThrow(wrong);
    await running(session);
    session.stop();
    await session.finished;
  });

  it('refuses what does not fit the outputs, and nothing changes', async () => {
    const outputs = [
      { ...lossless, path: file('kept.mkv') },
      {
        ...lossless,
        path: file('kept-too.mkv'),
        pipeline: pipeline().resize({ width: 32, height: 24 }),
      },
    ];
    const session = runSession(pipeline().invert(), clip, outputs, {
      device: 'cpu',
      ffmpeg: paced,
    });
    await running(session);
    const refused = {
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringMatching(
        /kept-too.mkv: expected frames of yuv420p 32x24 .*, as at the start, received yuv420p 40x24/,
      ),
    };
    expect(() => session.set('stages[0].width', 40, { output: 1 })).toThrow(
      expect.objectContaining(refused),
    );
    const cropped = pipeline().crop({ x: 0, y: 0, width: 10, height: 10 });
    await expect(session.setPipeline(cropped)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
    });
    await expect(session.setVariables({ strength: 1 })).rejects.toMatchObject({
      code: 'ERR_INVALID_PIPELINE',
      message: expect.stringMatching(/no variable "strength"; the pipeline has none/),
    });
    await expect(session.setPipeline({} as never)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
    });
    expect(() => session.set('stages[0].width', 40, { output: 2 })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_OPTION', path: 'output' }),
    );
    await session.finished;
    const looks = [pipeline().invert()];
    expect(new Set(await indexOfEach(file('kept.mkv'), looks))).toEqual(new Set([0]));
  });

  it('is refused after the end, and may come while all ends', async () => {
    const random = makeRandom(3);
    for (let round = 0; round < 6; round++) {
      const session = runSession(pipeline().contrast(1), long, 'null:', { device: 'cpu' });
      const end = session.finished.catch((error: unknown) => error);
      if (round > 0) await running(session);
      await new Promise((resolve) => setTimeout(resolve, random() * 10));
      const pending = session.setPipeline(pipeline().invert()).catch((error: unknown) => error);
      session.abort();
      for (let over = false; !over; await turn()) {
        try {
          session.set('stages[0].factor', random());
        } catch (error) {
          expect(error).toMatchObject({
            code: expect.stringMatching(/ERR_(DISPOSED|INVALID_OPTION)/),
          });
          over = true;
        }
      }
      expect(await end).toMatchObject({ code: 'ERR_ABORTED' });
      await pending;
      const gone = { code: 'ERR_DISPOSED', message: 'the session has ended' };
      expect(() => session.set('stages[0].factor', 1)).toThrow(expect.objectContaining(gone));
      await expect(session.setPipeline(pipeline())).rejects.toMatchObject(gone);
      await expect(session.setVariables({})).rejects.toMatchObject(gone);
    }
  });

  it('is refused where both of two passes must see the same', async () => {
    const options = {
      codec: 'h264',
      bitrate: 200_000,
      twoPass: true,
      overwrite: true,
      device: 'cpu',
    } as const;
    const session = runSession(pipeline().contrast(1), clip, file('twice.mp4'), {
      ...options,
      ffmpeg: paced,
    });
    session.set('stages[0].factor', 1.2);
    await running(session);
    expect(() => session.set('stages[0].factor', 1.3)).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_ARGUMENT',
        message: expect.stringMatching(/^twoPass/),
      }),
    );
    await session.finished;
  });

  it('takes no memory in the long run', async () => {
    const look = pipeline().gaussianBlur(2).vignette();
    const session = runSession(
      look,
      long,
      [{ path: 'null:' }, { path: 'null:', pipeline: pipeline().contrast(1.1) }],
      { device: 'cpu', ffmpeg: paced },
    );
    await running(session);
    const usage = () => {
      const { device, host } = memoryUsage('cpu');
      return [device, host].map(({ live, allocations }) => ({ live, allocations }));
    };
    const change = async (count: number) => {
      for (let i = 0; i < count; i++) {
        session.set('stages[0].radius', 1 + (i % 30));
        if (i % 50 === 0) await turn();
      }
    };
    await change(200);
    const before = usage();
    await change(2000);
    expect(usage()).toEqual(before);
    session.abort();
    await session.finished.catch(() => {});
  });
});

describe('setPipeline', () => {
  onEachDevice(
    'loads pictures before, and frees them after the last frame that needs them',
    async (device: DeviceId) => {
      const picture = file('picture.png');
      const side = 512;
      await sharp({ create: { width: side, height: side, channels: 4, background: '#ff0000' } })
        .png()
        .toFile(picture);
      const live = () => memoryUsage(device).device.live;
      const session = runSession(pipeline().contrast(1.1), long, 'null:', {
        device,
        ffmpeg: paced,
      });
      await running(session);
      const before = live();
      const covered = pipeline().blend({ source: { image: picture }, anchor: 'topLeft' });
      await session.setPipeline(covered);
      expect(live()).toBeGreaterThanOrEqual(before + 4 * side * side);
      expect(session.set('stages[0].opacity', 0.5)).toBeGreaterThan(0);
      const missing = pipeline().blend({ source: { image: file('missing.png') } });
      await expect(session.setPipeline(missing)).rejects.toMatchObject({
        code: 'ERR_INPUT_NOT_FOUND',
      });
      expect(() => session.set('stages[0].source', { image: file('other.png') })).toThrow(
        expect.objectContaining({
          code: 'ERR_INVALID_PIPELINE',
          path: 'stages[0].source.image',
          message: expect.stringMatching(/setPipeline loads/),
        }),
      );
      await session.setPipeline(pipeline().contrast(1.2));
      await eventually(() => live() < before + side * side);
      session.abort();
      await session.finished.catch(() => {});
    },
  );

  it('keeps HDR and SDR as the file says', async () => {
    const tags = [
      '-color_primaries',
      'bt2020',
      '-color_trc',
      'smpte2084',
      '-colorspace',
      'bt2020nc',
    ];
    const hdr = makeClip(file('hdr.mkv'), {
      pixelFormat: 'yuv420p10',
      seconds: 2,
      output: ['-c:v', 'ffv1', ...tags],
    });
    const session = runSession(pipeline(), hdr, file('hdr-out.mkv'), {
      ...lossless,
      device: 'cpu',
      ffmpeg: paced,
    });
    await running(session);
    await expect(session.setPipeline(pipeline().toneMap())).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringMatching(/not mapped to SDR, as at the start, received frames mapped/),
    });
    session.abort();
    await session.finished.catch(() => {});
  });
});

describe('setVariables', () => {
  it('changes those of a file, and leaves what was set', async () => {
    const look = file('look.json');
    writeFileSync(
      look,
      JSON.stringify({
        variables: {
          strength: { type: 'number', default: 0.2 },
          shade: { type: 'color', default: '#ff0000' },
        },
        stages: [
          { op: 'sepia', intensity: '${strength}' },
          { op: 'vignette', color: '${shade}' },
        ],
      }),
    );
    const path = file('variables.mkv');
    const session = runSession(await readPipeline(look, { shade: '#00ff00' }), clip, path, {
      ...lossless,
      device: 'cpu',
      ffmpeg: paced,
    });
    await running(session);
    const from = [
      0,
      session.set('stages[1].radius', 0.3),
      await session.setVariables({ strength: 1 }),
    ];
    await expect(session.setVariables({ strenght: 1 })).rejects.toMatchObject({
      code: 'ERR_INVALID_PIPELINE',
      message: expect.stringMatching(/did you mean "strength"/),
    });
    await expect(session.setVariables({ shade: 'nope' })).rejects.toMatchObject({
      path: 'variables.shade',
      message: expect.stringMatching(/look.json:/),
    });
    const { frames } = await session.finished;
    const start = pipeline().sepia(0.2).vignette({ color: '#00ff00' });
    const set = pipeline().sepia(0.2).vignette({ color: '#00ff00', radius: 0.3 });
    const both = pipeline().sepia(1).vignette({ color: '#00ff00', radius: 0.3 });
    const expected = Array.from({ length: frames }, (_, frame) =>
      from.findLastIndex((first) => first <= frame),
    );
    expect(await indexOfEach(path, [start, set, both])).toEqual(expected);
    expect(readFileSync(look, 'utf8')).toContain('0.2');
  });
});

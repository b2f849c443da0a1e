/** Plans from outside: what a shape must say, and what it need not. */
import { compilePlan, frameBytes, pipeline } from 'framelane';
import { describe, expect, it } from 'vitest';
import { errorOf } from './helpers/errors.ts';

const size = { width: 2, height: 1 };
const device = 'cpu';

describe('compilePlan', () => {
  it('needs no matrix for RGBA', () => {
    const plan = compilePlan(pipeline().invert(), { format: 'rgba8', ...size }, { device });
    const output = new Uint8Array(8);
    plan.run(Uint8Array.of(0, 100, 255, 255, 10, 20, 30, 40), output);
    expect([...output]).toEqual([255, 155, 0, 255, 245, 235, 225, 40]);
  });

  it('needs one for YUV, on either side', () => {
    const yuv = { format: 'yuv420p', ...size } as const;
    expect(errorOf(() => compilePlan(pipeline(), yuv, { device }))).toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: 'input.matrix: expected bt601, bt709 or bt2020 for yuv420p, received nothing',
    });
    const bare = { ...yuv, matrix: 'bt709' } as const;
    expect(errorOf(() => compilePlan(pipeline(), bare, { device })).message).toBe(
      'input.range: expected limited or full for yuv420p, received nothing',
    );
    const rgba = { format: 'rgba8', ...size } as const;
    const output = { format: 'yuv420p' } as const;
    expect(errorOf(() => compilePlan(pipeline(), rgba, { device, output })).message).toBe(
      'output.matrix: expected bt601, bt709 or bt2020 for yuv420p, received nothing',
    );
    const said = { ...output, matrix: 'bt601', range: 'limited' } as const;
    const plan = compilePlan(pipeline(), rgba, { device, output: said });
    const planes = new Uint8Array(4);
    plan.run(Uint8Array.of(255, 0, 0, 255, 255, 0, 0, 255), planes);
    expect([...planes]).toEqual([81, 81, 90, 240]); // red in BT.601: ITU-R BT.1729
  });
});

describe('frameBytes', () => {
  it.each([
    [{ format: 'rgba8', width: 3, height: 5 }, 60],
    [{ format: 'rgbaf32', width: 3, height: 5 }, 240],
    [{ format: 'yuv420p', width: 3, height: 5 }, 15 + 2 * 6],
    [{ format: 'yuva444p10', width: 3, height: 5 }, 4 * 15 * 2],
  ] as const)('%o: %i', (shape, bytes) => {
    expect(frameBytes(shape)).toBe(bytes);
  });
});

import { resolve } from 'node:path';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { CompleteOptionsOf, OpArguments, StageInput } from '../../src/ops/index.ts';
import { type Pipeline, pipeline } from '../../src/pipeline/pipeline.ts';
import type { Rgba } from '../../src/schema/color-value.ts';

const error = (build: () => unknown) => {
  try {
    build();
  } catch (thrown) {
    const { code, message } = thrown as { code: string; message: string };
    return `${code} ${message}`;
  }
  return 'none';
};

class Picture {
  readonly width = 4;
  readonly height = 4;
}

describe('the builder', () => {
  it('validates and completes every stage', () => {
    const { stages } = pipeline().gaussianBlur({ radius: 8 }).vignette({ color: '#fff8' });
    expect(stages).toStrictEqual([
      { op: 'gaussianBlur', radius: 8 },
      { op: 'vignette', radius: 0.9, softness: 1, color: [1, 1, 1, 136 / 255] },
    ]);
  });

  it('is immutable', () => {
    const first = pipeline().invert();
    const second = first.sepia();
    expect(first.stages).toHaveLength(1);
    expect(second.stages).toHaveLength(2);
    expect(Object.isFrozen(second.stages)).toBe(true);
    expect(Object.isFrozen(second.stages[0])).toBe(true);
  });

  it('takes the primary option by position', () => {
    const picture = new Picture();
    const { stages } = pipeline()
      .brightness(0.1)
      .fillColor('#000')
      .fillColor([1, 0, 0])
      .gaussianBlur(8, { sigma: 2 })
      .flip('both')
      .blend(picture, { anchor: 'center' })
      .blend({ image: 'logo.png' })
      .blend({ source: picture });
    expect(stages).toMatchObject([
      { factor: 0.1 },
      { color: [0, 0, 0, 1] },
      { color: [1, 0, 0, 1] },
      { radius: 8, sigma: 2 },
      { direction: 'both' },
      { source: picture, anchor: 'center' },
      { source: { image: resolve('logo.png') }, anchor: 'topLeft' },
      { source: picture },
    ]);
  });

  it('appends another pipeline', () => {
    const look = pipeline().contrast(1.1).append(pipeline().vignette());
    expect(look.stages.map(({ op }) => op)).toEqual(['contrast', 'vignette']);
    expect(error(() => look.append({ stages: [] } as unknown as Pipeline))).toMatch(
      /^ERR_INVALID_ARGUMENT append/,
    );
  });

  it('starts from stages', () => {
    const look = pipeline([{ op: 'sepia' }, { op: 'resize', width: 10 }]).invert();
    expect(look.stages.map(({ op }) => op)).toEqual(['sepia', 'resize', 'invert']);
  });

  it('says which stage is wrong', () => {
    expect(
      error(() =>
        pipeline()
          .invert()
          .brightness('1' as never),
      ),
    ).toBe('ERR_INVALID_OPTION stages[1].factor: brightness expects a number, received "1"');
    expect(error(() => pipeline([{ op: 'gausianBlur' } as never]))).toBe(
      'ERR_UNKNOWN_OP stages[0].op: expected the name of an operation, received "gausianBlur" (did you mean "gaussianBlur"?)',
    );
    expect(error(() => pipeline([{ op: 'toString' } as never]))).toMatch(/^ERR_UNKNOWN_OP/);
    expect(error(() => pipeline([5 as never]))).toMatch(
      /^ERR_INVALID_PIPELINE stages\[0\]: expected a stage/,
    );
    expect(error(() => pipeline({} as never))).toMatch(
      /^ERR_INVALID_PIPELINE stages: expected an array/,
    );
    expect(error(() => pipeline().invert(5 as never))).toMatch(
      /^ERR_INVALID_OPTION options: invert expects an object/,
    );
    expect(error(() => pipeline().brightness(1, 2 as never))).toMatch(
      /^ERR_INVALID_OPTION options: brightness/,
    );
  });

  it('survives the way through JSON', () => {
    const look = pipeline().gaussianBlur(3).blend({ image: 'a.png' }).fillColor('#123');
    const { stages } = JSON.parse(JSON.stringify(look)) as { stages: StageInput[] };
    expect(pipeline(stages).stages).toEqual(look.stages);
  });

  it('refuses to write an image object as JSON', () => {
    const look = pipeline().blend(new Picture());
    expect(error(() => JSON.stringify(look))).toBe(
      'ERR_INVALID_PIPELINE stages[0].source: expected { image: path } for JSON, received an instance of Picture',
    );
  });
});

describe('types', () => {
  it('are inferred from the table', () => {
    expectTypeOf<CompleteOptionsOf<'vignette'>>().toEqualTypeOf<{
      readonly radius: number;
      readonly softness: number;
      readonly color: Rgba;
    }>();
    expectTypeOf<CompleteOptionsOf<'gaussianBlur'>>().toEqualTypeOf<{
      readonly radius?: number;
      readonly sigma?: number;
    }>();
    type Multiply = OpArguments<'blend', 'multiply'>;
    expectTypeOf<[Picture, { mode: 'add' }]>().not.toMatchTypeOf<Multiply>();
    expectTypeOf<[Picture, { opacity: number }]>().toMatchTypeOf<Multiply>();
  });
});

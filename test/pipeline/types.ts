/** What the compiler must accept and refuse: checked by `npm run types`, never called. */
import type { OpArguments, OpName, Ops, OptionsOf, Scope } from '../../src/ops/index.ts';
import type { scope } from '../../src/ops/scope.ts';
import { pipeline } from '../../src/pipeline/pipeline.ts';
import type { Flatten, Options } from '../../src/schema/parameter.ts';

export function types(picture: { readonly width: number; readonly height: number }) {
  const empty = pipeline();
  empty.brightness(0.1).brightness({ factor: 0.1 }).invert().invert({}).sepia();
  empty.gaussianBlur().gaussianBlur(8).gaussianBlur(8, { sigma: 2 }).gaussianBlur({ sigma: 2 });
  empty.blend(picture).blend({ image: 'a.png' }, { mode: 'softLight' }).blend({ source: picture });
  empty.resize({ width: 10, method: 'nearest', antialias: false });
  // @ts-expect-error a required option
  empty.brightness();
  // @ts-expect-error a required option
  empty.brightness({});
  // @ts-expect-error a misspelt option
  empty.brightness({ factr: 0.1 });
  // @ts-expect-error a wrong type
  empty.brightness('0.1');
  // @ts-expect-error an option twice
  empty.gaussianBlur(8, { radius: 8 });
  // @ts-expect-error no primary option
  empty.resize(10);
  // @ts-expect-error an unknown enum value
  empty.flip('sideways');
  // @ts-expect-error a required image
  empty.blend({ mode: 'add' });
  // @ts-expect-error a colour without its #
  empty.fillColor('fff');
  // @ts-expect-error no such operation
  empty.gausianBlur(8);
  // @ts-expect-error stages are read-only
  empty.stages.push({ op: 'invert' });
  // @ts-expect-error an option of another operation
  pipeline([{ op: 'invert', factor: 1 }]);
}

type Same<A, B> = [A, B] extends [B, A] ? true : false;
type Call<O, P> =
  | (object extends O ? [options?: O] : [options: O])
  | (P extends keyof O ? [value: Exclude<O[P], undefined>, options?: Flatten<Omit<O, P>>] : never);
type Primary<N extends OpName> = Ops[N] extends { primary: infer P } ? P : never;
type Of<N extends OpName> = Options<Ops[N]['parameters']>;
type Method<N extends OpName> = keyof Ops[N]['methods'];
type Left<N extends OpName, M> = M extends Method<N> ? keyof Ops[N]['methods'][M] : never;

/** The interfaces that editors show give each operation the options that its row in the table has, and those alone. */
export function helpTypes(
  isSame: {
    [N in OpName]:
      | Same<Flatten<OptionsOf<N>>, Of<N>>
      | Same<keyof OptionsOf<N>, keyof Of<N>>
      | Same<
          OpArguments<N, unknown, Scope>,
          Call<Flatten<Of<N> & Options<typeof scope>>, Primary<N>>
        >
      | {
          [M in Method<N>]: Same<
            OpArguments<N, M>,
            Call<Flatten<Omit<Of<N>, Left<N, M>>>, Primary<N>>
          >;
        }[Method<N>];
  }[OpName],
  stages: Same<
    Exclude<keyof ReturnType<typeof pipeline>, 'stages' | 'append' | 'op' | 'toJSON'>,
    OpName
  >,
): true {
  return isSame && stages;
}

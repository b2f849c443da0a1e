/** What the compiler must accept and refuse: checked by `npm run types`, never called. */
import { pipeline } from '../src/pipeline.ts';

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

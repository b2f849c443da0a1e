/** What the compiler must accept and refuse: checked by `npm run types`, never called. */
import { defineOp, defineStencilOp, type Image, type ImageU8, pipeline } from 'framelane';

export function types(image: Image, bytes: ImageU8) {
  const grade = defineOp({
    name: 'typed',
    primary: 'amount',
    params: {
      amount: { type: 'number', default: 1 },
      mode: { type: 'enum', values: ['soft', 'hard'], default: 'soft' },
      tint: { type: 'color' },
      on: { type: 'boolean', default: true },
    },
    pixel: 'c = c',
  });
  const plain = defineOp({ name: 'plain', pixel: 'c = c' });
  const stencil = defineStencilOp({ name: 'typedStencil', radius: 1, pixel: 'c = c' });
  const same: Image = grade(image, { tint: '#fff', mode: 'hard', on: false });
  const bytesToo: ImageU8 = grade(bytes, 0.5, {
    tint: [0, 0, 0],
    region: { x: 0, y: 0, width: 1, height: 1 },
  });
  const made: ImageU8 = stencil(bytes, { dst: bytes, mask: image });
  plain(image);
  plain(image, { mask: image });
  pipeline().op(grade, { tint: '#fff' }).op(grade, 0.5, { tint: '#fff' }).op(plain).op(stencil);
  pipeline().op('typed', { tint: '#fff', anything: 1 }).invert();
  // @ts-expect-error a required option
  grade(image);
  // @ts-expect-error a required option
  grade(image, { amount: 1 });
  // @ts-expect-error a misspelt option
  grade(image, { tint: '#fff', amuont: 1 });
  // @ts-expect-error an unknown word
  grade(image, { tint: '#fff', mode: 'sfot' });
  // @ts-expect-error a wrong type
  grade(image, { tint: '#fff', on: 1 });
  // @ts-expect-error no such option
  plain(image, { amount: 1 });
  // @ts-expect-error an operation in place has no dst
  plain(image, { dst: image });
  // @ts-expect-error another kind of image
  stencil(image, { dst: bytes });
  // @ts-expect-error a required option
  pipeline().op(grade);
  // @ts-expect-error an unknown word
  pipeline().op(grade, { tint: '#fff', mode: 'sfot' });
  // @ts-expect-error a stage has no dst
  pipeline().op(stencil, { dst: image });
  // @ts-expect-error no operation
  pipeline().op(() => {});
  // @ts-expect-error no such type
  defineOp({ name: 'a', params: { a: { type: 'vec3' } }, pixel: '' });
  // @ts-expect-error a stencil has a radius
  defineStencilOp({ name: 'a', pixel: '' });
  return [same, bytesToo, made];
}

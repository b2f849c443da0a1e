/** The same of calls that come as numbers: operations and copies by the ids of images. */
import {
  type AnyImage,
  Blend,
  copy,
  type DeviceId,
  Filter,
  type Image,
  Transform,
} from 'framelane';
import { expect } from 'vitest';
import { idOf } from '../../../src/image/image.ts';
import { addon } from '../../../src/native/binding.ts';
import { newImage } from '../run.ts';
import { copies, each, elements, frees, type Rows } from './image-exports.ts';
import {
  expectAll,
  filled,
  inverted,
  other,
  overwriting,
  pending,
  size,
  written,
} from './pending.ts';

const invert = (source: AnyImage, target: AnyImage) =>
  addon().record(addon().opId('invert'), idOf(source), idOf(target), 0, 0, source, target);

/** What is asked of an image whose last call has changed its size, and may wait. */
const cropped = (ask: (target: AnyImage, device: DeviceId) => void) =>
  each((element, device) => {
    using source = pending(element, device);
    using target = newImage(size, element, device);
    Transform.crop(source as Image, { x: 1, y: 1, width: 3, height: 2, dst: target as Image });
    ask(target, device);
    expectAll(target, written);
  });

export const recordRows: Rows = {
  'ImageHandle.id': 'a number',
  makeImage: 'new memory',
  makeFrame: 'new memory',
  slots: 'numbers',
  'StreamHandle.*': 'no image: test/interop/stream.test.ts',
  'EventHandle.*': 'no image: test/interop/stream.test.ts',
  opId: 'a number',
  defineCode: 'a number',
  imageWidth: cropped((target) => expect(addon().imageWidth(idOf(target))).toBe(3)),
  imageHeight: cropped((target) => expect(addon().imageHeight(idOf(target))).toBe(2)),
  recordedSize: cropped((target) => {
    expect(addon().recordedSize(addon().opId('invert'), idOf(target))).toBe(3 * 65536 + 2);
  }),
  recordCopy: copies((target, source) => addon().recordCopy(idOf(target), idOf(source))),
  freeImage: frees((image) => addon().freeImage(idOf(image))),
  record: each(async (element, device) => {
    using source = pending(element, device);
    using target = newImage(size, element, device);
    invert(source, target);
    expectAll(target, inverted, 'of a source');
    expectAll(source, written, 'the source');
    for (const kind of elements) {
      using operand = pending(kind, device);
      using base = filled(element, device);
      Blend.normal(base, operand);
      expectAll(base, written, 'of an operand');
    }
    using negative = filled(element, device, [54, 248, 156, 255]);
    await overwriting(target, () => invert(negative, target), other);
    using full = filled(element, device, other) as Image;
    await overwriting(target, () => Filter.gaussianBlur(full, 2, { dst: target as Image }), other);
    using reader = newImage(size, element, device);
    using temp = pending(element, device);
    copy(reader, temp);
    Filter.gaussianBlur(full, 2, { dst: target as Image, temp });
    expectAll(reader, written, 'who read what lent its memory');
    expectAll(target, other, 'with memory that was lent');
  }),
};

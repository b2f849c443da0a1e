import { family } from '../schema/declaration.ts';
import { oneOf } from '../schema/enum.ts';
import { image } from '../schema/image.ts';
import { integer } from '../schema/integer.ts';
import { number } from '../schema/number.ts';

const modes = ['normal', 'multiply', 'screen', 'add', 'overlay', 'softLight', 'hardLight'] as const;

const anchors = [
  'topLeft',
  'topCenter',
  'topRight',
  'centerLeft',
  'center',
  'centerRight',
  'bottomLeft',
  'bottomCenter',
  'bottomRight',
] as const;

/** Pixels; farther than any two images of the largest size can be apart. */
const reach = { unit: 'px', default: 0, min: -65536, max: 65536 } as const;

export const blend = family('Blend', {
  blend: {
    doc: 'Composites an image over the frame; parts outside the frame are cut off.',
    formula:
      "cs' = (1 - ab) cs + ab B(cb, cs); co ao = cs' as + cb ab (1 - as); ao = as + ab (1 - as); " +
      'as = source alpha * opacity; B: normal cs, multiply cb cs, screen cb + cs - cb cs, add min(1, cb + cs), ' +
      'overlay, softLight and hardLight as in the W3C text',
    source: 'W3C Compositing and Blending 1, sections 5 and 10',
    pattern: 'inPlace',
    primary: 'source',
    methods: {
      normal: { mode: 'normal' },
      multiply: { mode: 'multiply' },
      screen: { mode: 'screen' },
      add: { mode: 'add' },
      overlay: { mode: 'overlay' },
      softLight: { mode: 'softLight' },
      hardLight: { mode: 'hardLight' },
    },
    parameters: {
      source: image('The image to composite over the frame.'),
      mode: oneOf(modes, 'How the colours are mixed.', { default: 'normal' }),
      anchor: oneOf(anchors, 'Where the image is placed.', { default: 'topLeft' }),
      offsetX: integer('Offset to the right.', reach),
      offsetY: integer('Offset downwards.', reach),
      opacity: number('Scales the alpha of the image.', { default: 1, min: 0, max: 1 }),
    },
  },
});

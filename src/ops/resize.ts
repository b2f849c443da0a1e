import { boolean } from '../schema/boolean.ts';
import { family } from '../schema/declaration.ts';
import { oneOf } from '../schema/enum.ts';
import { integer } from '../schema/integer.ts';

const methods = ['nearest', 'bilinear', 'bicubic', 'lanczos'] as const;

const side = { unit: 'px', min: 1, max: 32768, optional: true } as const;

export const resize = family('Resize', {
  resize: {
    doc: 'Scales the image; with one side given, the aspect ratio is kept.',
    formula:
      'source = (destination + 1/2) in / out - 1/2; kernels: nearest, triangle, Keys a = -1/2, 3-lobe Lanczos; ' +
      'shrinking widens the kernel by in / out',
    source:
      'Keys 1981; Turkowski 1990, Filters for Common Resampling Tasks; on premultiplied alpha',
    pattern: 'dst',
    methods: {
      nearest: { method: 'nearest' },
      bilinear: { method: 'bilinear' },
      bicubic: { method: 'bicubic' },
      lanczos: { method: 'lanczos' },
    },
    atLeastOneOf: ['width', 'height'],
    parameters: {
      width: integer('The new width.', { ...side, example: 1280 }),
      height: integer('The new height.', { ...side, example: 720 }),
      method: oneOf(methods, 'The kernel.', { default: 'lanczos' }),
      antialias: boolean('Widens the kernel when downscaling, to avoid aliasing.', {
        default: true,
      }),
    },
  },
});

/** Frames that stay interlaced: how a pipeline changes their fields, and how encoder and container mark them. */

import { pixelFormatOf } from '../../image/pixel-formats.ts';
import type { NativePixelFormat } from '../../native/plan.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import type { NamedContainer } from '../format/container.ts';
import type { InterlacedOrder } from '../format/interlace.ts';
import type { EncoderDeclaration } from './encoders/declaration.ts';

export interface FieldsAfter {
  /** Undefined where the frames are progressive, or their fields are mixed. */
  readonly order: InterlacedOrder | undefined;
  readonly warnings: readonly string[];
}

const other = { topFirst: 'bottomFirst', bottomFirst: 'topFirst' } as const;
const advice = 'deinterlace: "auto" makes them progressive first';

/** The field order after the stages. `height` is that of the upright frames. */
export function fieldsAfter(
  stages: Pipeline['stages'],
  order: InterlacedOrder | undefined,
  { height, rotation }: { readonly height: number; readonly rotation: number },
): FieldsAfter {
  if (order === undefined) return { order, warnings: [] };
  const warnings: string[] = [];
  const lost = (what: string) => {
    return { order: undefined, warnings: [`fields are mixed: ${what}; ${advice}`] };
  };
  if (rotation % 180 !== 0) return lost('the picture is rotated by 90 degrees');
  let lines = height;
  // Upside down, the last line comes first; with an even number of lines it is in the other field.
  let swapped = rotation === 180 && lines % 2 === 0;
  for (const stage of stages) {
    const options = stage as Readonly<Record<string, unknown>>;
    switch (stage.op) {
      case 'flip':
        if (options['direction'] !== 'horizontal' && lines % 2 === 0) swapped = !swapped;
        break;
      case 'crop':
        if (Number(options['y']) % 2 !== 0) swapped = !swapped;
        lines = Number(options['height']);
        break;
      case 'resize':
        if (options['height'] !== lines) return lost('resize scales the lines of both together');
        break;
      case 'gaussianBlur':
        warnings.push(`fields are mixed: gaussianBlur blurs across the lines of both; ${advice}`);
        break;
      default:
        break;
    }
  }
  return { order: swapped ? other[order] : order, warnings };
}

/** Containers whose header stores the field order. */
const telling = /^(mov|mkv)$/;

/** Warns where encoder or container cannot mark the frames as interlaced. */
export function fieldLosses(
  order: InterlacedOrder | undefined,
  codec: string,
  encoder: Pick<EncoderDeclaration, 'fields'> | undefined,
  { name }: NamedContainer,
): string[] {
  if (order === undefined || fieldFlags(codec, encoder) !== undefined) return [];
  const first = order === 'topFirst' ? 'top' : 'bottom';
  const place = telling.test(name)
    ? `only the head of the file marks the ${first} field as first`
    : `${name} does not mark them as interlaced`;
  return [`${codec} knows no fields: it codes them as whole frames, and ${place}; ${advice}`];
}

/** Warns of a conversion to or from 4:2:0, whose chroma has separate lines for each field; we convert whole frames. */
export function fieldChromaLosses(
  order: InterlacedOrder | undefined,
  from: NativePixelFormat,
  to: NativePixelFormat,
): string[] {
  const [source, target] = [pixelFormatOf(from), pixelFormatOf(to)];
  const same = target.family === 'gray' || source.shiftY === target.shiftY;
  if (order === undefined || same) return [];
  return [
    `fields are mixed: chroma of ${from} becomes that of ${to}, computed from whole frames; ${advice}`,
  ];
}

const interlacedCoding = ['-flags:v:0', '+ildct+ilme'];

/** Options by which an encoder codes fields separately; undefined where it cannot. */
function fieldFlags(
  codec: string,
  encoder: Pick<EncoderDeclaration, 'fields'> | undefined,
): readonly string[] | undefined {
  if (encoder !== undefined) return encoder.fields ? interlacedCoding : undefined;
  return /^(mpeg2video|dvvideo|dnxhd)$/.test(codec) ? interlacedCoding : undefined;
}

/** A filter that marks the frames as interlaced, because NUT does not store that. */
export function fieldFilters(order: InterlacedOrder | undefined): string[] {
  return order === undefined ? [] : [`setfield=${order === 'topFirst' ? 'tff' : 'bff'}`];
}

export function fieldArgs(
  order: InterlacedOrder | undefined,
  codec: string,
  encoder: Pick<EncoderDeclaration, 'fields'> | undefined,
): string[] {
  if (order === undefined) return [];
  const letters = order === 'topFirst' ? 'tt' : 'bb';
  return [...(fieldFlags(codec, encoder) ?? []), '-field_order', letters];
}

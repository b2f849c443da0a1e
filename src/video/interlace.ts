/** Interlaced video: which field comes first, and the filter that makes whole pictures of it. */
import { FramelaneError } from '../errors.ts';
import type { NativePixelFormat } from '../native.ts';
import type { Fields } from './ffprobe-fields.ts';

/** Which field is the earlier one; undefined where the stream does not say. */
export type FieldOrder = 'progressive' | 'topFirst' | 'bottomFirst' | undefined;

/** FFmpeg's two letters are stored order and order in time by their definition, but all its code goes by the first. */
export function fieldOrderOf(stream: Fields): FieldOrder {
  switch (stream['field_order']) {
    case 'progressive':
      return 'progressive';
    case 'tt':
    case 'tb':
      return 'topFirst';
    case 'bb':
    case 'bt':
      return 'bottomFirst';
    default:
      return undefined;
  }
}

export const deinterlaceModes = ['auto', 'on', 'off'] as const;
export type Deinterlace = (typeof deinterlaceModes)[number];

export interface Deinterlacing {
  readonly filter: string | undefined;
  readonly warning: string | undefined;
}

/** bwdif and yadif filter these as they are; of others FFmpeg would convert the colours. */
const filtered = /^(gray8|gray16|yuv4\d\dp(10|12|16)?|yuva4\d\dp)$/;

/** One whole frame for every frame, at its time; `auto` does it where the stream says that it is interlaced. */
export function deinterlacing(
  info: { readonly path: string; readonly fieldOrder: FieldOrder },
  format: NativePixelFormat,
  mode: Deinterlace,
  filters: ReadonlySet<string>,
): Deinterlacing {
  const { path, fieldOrder } = info;
  const interlaced = fieldOrder === 'topFirst' || fieldOrder === 'bottomFirst';
  const none = { filter: undefined, warning: undefined };
  if (mode === 'off' || (mode === 'auto' && !interlaced)) return none;
  const name = ['bwdif', 'yadif'].find((candidate) => filters.has(candidate));
  if (name === undefined || !filtered.test(format)) {
    const reason =
      name === undefined
        ? 'this FFmpeg has neither bwdif nor yadif'
        : `frames of ${format} cannot be`;
    if (mode === 'auto') {
      return { filter: undefined, warning: `${path}: is interlaced and stays so, ${reason}` };
    }
    const code = name === undefined ? 'ERR_FFMPEG_CAPABILITY' : 'ERR_UNSUPPORTED_FORMAT';
    throw new FramelaneError(code, `deinterlace: ${path} cannot be deinterlaced, ${reason}`, {
      path: 'deinterlace',
    });
  }
  const parity = { topFirst: 'tff', bottomFirst: 'bff', progressive: 'auto' } as const;
  return {
    filter: `${name}=mode=send_frame:parity=${parity[fieldOrder ?? 'progressive']}:deint=all`,
    warning: undefined,
  };
}

/** The table of encoders: options, arguments and formats of each, by FFmpeg's name. */
import type { Options } from '../../../schema/parameter.ts';
import type { EncoderDeclaration } from './declaration.ts';
import { libx264, libx265 } from './h26x.ts';
import { av1Nvenc, h264Nvenc, h264Vaapi, hevcNvenc, hevcVaapi } from './hardware.ts';
import { ffv1, proresKs, qtrle, rawvideo, utvideo, wrappedAvframe } from './intermediate.ts';
import { apng, bmp, gif, libwebp, libwebpAnim, mjpeg, png, tiff } from './pictures.ts';
import { libaomAv1, libsvtav1, libtheora, libvpxVp9, mpeg4 } from './web.ts';

export type { EncoderDeclaration } from './declaration.ts';

export const encoders = {
  libx264,
  libx265,
  'libvpx-vp9': libvpxVp9,
  'libaom-av1': libaomAv1,
  libsvtav1,
  libtheora,
  mpeg4,
  prores_ks: proresKs,
  ffv1,
  qtrle,
  utvideo,
  rawvideo,
  wrapped_avframe: wrappedAvframe,
  gif,
  apng,
  png,
  mjpeg,
  libwebp,
  libwebp_anim: libwebpAnim,
  tiff,
  bmp,
  h264_nvenc: h264Nvenc,
  hevc_nvenc: hevcNvenc,
  av1_nvenc: av1Nvenc,
  h264_vaapi: h264Vaapi,
  hevc_vaapi: hevcVaapi,
} as const satisfies Record<string, EncoderDeclaration>;

/** Names of formats and libraries. Each always means the same encoder, whichever others an FFmpeg has. */
export const aliases = {
  h264: 'libx264',
  avc: 'libx264',
  x264: 'libx264',
  hevc: 'libx265',
  h265: 'libx265',
  x265: 'libx265',
  vp9: 'libvpx-vp9',
  av1: 'libaom-av1',
  aom: 'libaom-av1',
  svtav1: 'libsvtav1',
  prores: 'prores_ks',
  theora: 'libtheora',
  jpeg: 'mjpeg',
  jpg: 'mjpeg',
  webp: 'libwebp',
} as const satisfies Record<string, keyof typeof encoders>;

export type EncoderName = keyof typeof encoders;
type Alias = keyof typeof aliases;
type OptionsOfEncoder<N extends EncoderName> = Options<(typeof encoders)[N]['parameters']>;

/** `codec` and the options of that encoder. */
export type CodecOptions =
  | { [N in EncoderName]: { readonly codec: N } & OptionsOfEncoder<N> }[EncoderName]
  | { [A in Alias]: { readonly codec: A } & OptionsOfEncoder<(typeof aliases)[A]> }[Alias]
  // The container chooses the encoder; these are the options of libx264, which other encoders may share.
  | ({ readonly codec?: undefined } & OptionsOfEncoder<'libx264'>)
  // Any other of FFmpeg's encoders, with `encoderArgs`.
  | { readonly codec: string & {} };

/** FFmpeg's name of an encoder or alias; other names stay as they are. */
export function encoderName(codec: string): string {
  const small = codec.toLowerCase();
  if (Object.hasOwn(aliases, small)) return aliases[small as Alias];
  return Object.hasOwn(encoders, small) ? small : codec;
}

export function encoderNamed(name: string): EncoderDeclaration | undefined {
  return Object.hasOwn(encoders, name) ? encoders[name as EncoderName] : undefined;
}

/** Every option that some encoder has. */
export const encoderOptionNames: ReadonlySet<string> = new Set(
  Object.values(encoders).flatMap(({ parameters }) => Object.keys(parameters)),
);

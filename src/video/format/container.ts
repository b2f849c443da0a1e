/** Which codecs each container takes, by the muxers of FFmpeg 4.1 and 5.1; test/video/streams.test.ts muxes every pair. */
import { extname } from 'node:path';
import { FramelaneError } from '../../errors/errors.ts';
import { invalidOption } from '../../errors/invalid.ts';
import { didYouMean } from '../../errors/suggest.ts';
import type { NativeRange } from '../../native/plan.ts';

export interface Container {
  /** FFmpeg's name of the muxer. */
  readonly muxer: string;
  readonly extensions: readonly string[];
  /** The default encoder. */
  readonly encoder: string;
  /** Video codecs that it takes; if undefined, any that FFmpeg accepts. */
  readonly video?: readonly string[];
  /** Audio codecs that are copied, because FFmpeg 4.1 to 7.0 write them and read them back unchanged. */
  readonly audio: readonly string[];
  /** Further audio codecs, from a version of libavcodec on. */
  readonly audioSince?: Readonly<Record<string, number>>;
  /** Codecs that it takes, but without their encoder delay. */
  readonly undelayed?: readonly string[];
  /** Audio encoders for other codecs, best first; lossless audio stays lossless if possible. */
  readonly audioEncoders: readonly string[];
  /** Subtitle codecs that are copied. */
  readonly subtitles: readonly string[];
  /** The encoder of text subtitles. */
  readonly textSubtitles?: string;
  readonly attachments?: true;
  /** Codecs of cover pictures that it takes, as marked streams or as attached files. */
  readonly covers?: { readonly as: 'streams' | 'files'; readonly codecs: readonly string[] };
  /** It stores a frame rate, no timestamps. */
  readonly constantRate?: true;
  /** The index is moved to the front, unless `faststart` is false. */
  readonly faststart?: true;
  /** Pixel formats it takes, as FFmpeg names them. */
  readonly pixelFormats?: readonly string[];
  /** The range that readers assume, so it is not written. */
  readonly impliedRange?: NativeRange;
  /** One file a picture. */
  readonly picture?: true;
  /** FFmpeg's options for it, and those where it cannot seek back. */
  readonly args?: readonly string[];
  readonly pipeArgs?: readonly string[];
}

const quicktime = {
  // FFmpeg 4.1 calls Opus and FLAC in MP4 experimental.
  args: ['-strict', 'experimental'],
  pipeArgs: ['-movflags', '+frag_keyframe+empty_moov+default_base_moof'],
  audioEncoders: ['aac'],
  subtitles: ['mov_text'],
  textSubtitles: 'mov_text',
  faststart: true,
} as const;
const companded = ['pcm_alaw', 'pcm_mulaw'] as const;
const littleEndian = [
  ...(['pcm_u8', 'pcm_s16le', 'pcm_s24le', 'pcm_s32le', 'pcm_f32le', 'pcm_f64le'] as const),
] as const;
const bigEndian = [
  ...(['pcm_s16be', 'pcm_s24be', 'pcm_s32be', 'pcm_f32be', 'pcm_f64be'] as const),
] as const;
const mpeg = ['aac', 'mp3', 'mp2', 'ac3', 'eac3', 'dts'] as const;
const adpcm = ['adpcm_ms', 'adpcm_ima_wav', 'adpcm_swf', 'adpcm_yamaha'] as const;
const speech = ['amr_nb', 'amr_wb', 'speex'] as const;
// Newer FFmpegs also write PCM, which older ones read as noise.
const mp4Audio = {
  audio: [...mpeg, 'opus', 'vorbis', 'flac'],
  audioSince: { alac: 59, truehd: 59 },
  covers: { as: 'streams', codecs: ['mjpeg', 'png', 'bmp'] },
} as const;
const none = { audio: [], audioEncoders: [], subtitles: [] } as const;
const picture = { ...none, muxer: 'image2', picture: true } as const;
const yuv = ['yuv420p', 'yuv422p', 'yuv444p'];

export const containers = {
  mp4: {
    ...quicktime,
    muxer: 'mp4',
    extensions: ['.mp4'],
    encoder: 'libx264',
    video: ['h264', 'hevc', 'vp9', 'av1', 'mpeg4', 'mpeg2video', 'mjpeg', 'png', 'jpeg2000'],
    ...mp4Audio,
  },
  m4v: {
    ...quicktime,
    muxer: 'mp4',
    extensions: ['.m4v'],
    encoder: 'libx264',
    video: ['h264', 'hevc', 'mpeg4'],
    ...mp4Audio,
  },
  mov: {
    ...quicktime,
    muxer: 'mov',
    extensions: ['.mov', '.qt'],
    encoder: 'libx264',
    video: [
      ...['h264', 'hevc', 'mpeg4', 'mpeg2video', 'prores', 'dnxhd', 'qtrle', 'ffv1', 'utvideo'],
      ...['huffyuv', 'mjpeg', 'png', 'tiff', 'gif', 'jpeg2000', 'rawvideo'],
    ],
    audio: [
      ...[...mpeg, 'alac', 'vorbis', ...speech, 'gsm', 'nellymoser', 'adpcm_ima_qt'],
      ...['pcm_s8', ...littleEndian, ...bigEndian, ...companded],
    ],
  },
  mkv: {
    muxer: 'matroska',
    extensions: ['.mkv'],
    encoder: 'libx264',
    video: [
      ...['h264', 'hevc', 'vp8', 'vp9', 'av1', 'mpeg4', 'mpeg2video', 'theora', 'prores', 'dnxhd'],
      ...['ffv1', 'utvideo', 'huffyuv', 'mjpeg', 'png', 'jpeg2000', 'rawvideo'],
    ],
    audio: [
      ...[...mpeg, 'truehd', 'mlp', 'opus', 'vorbis', 'flac', 'alac', 'wavpack', 'wmav1', 'wmav2'],
      ...[...adpcm, 'adpcm_g726', ...speech, 'g723_1', 'gsm_ms'],
      ...[...littleEndian, 'pcm_s64le', 'pcm_s16be', 'pcm_s24be', 'pcm_s32be', ...companded],
    ],
    audioEncoders: ['libopus', 'aac'],
    subtitles: [
      ...['subrip', 'ass', 'ssa', 'webvtt'],
      ...['hdmv_pgs_subtitle', 'dvd_subtitle', 'dvb_subtitle'],
    ],
    textSubtitles: 'srt',
    attachments: true,
    covers: { as: 'files', codecs: ['mjpeg', 'png', 'bmp', 'gif', 'tiff', 'webp'] },
  },
  webm: {
    muxer: 'webm',
    extensions: ['.webm'],
    encoder: 'libvpx-vp9',
    video: ['vp8', 'vp9', 'av1'],
    audio: ['opus', 'vorbis'],
    audioEncoders: ['libopus', 'libvorbis'],
    subtitles: ['webvtt'],
    textSubtitles: 'webvtt',
  },
  avi: {
    muxer: 'avi',
    extensions: ['.avi'],
    encoder: 'mpeg4',
    audio: [
      ...['mp3', 'mp2', 'ac3', 'eac3', 'dts', 'wmav1', 'wmav2', ...adpcm, 'adpcm_g726', ...speech],
      ...['g723_1', 'gsm_ms', ...littleEndian, 'pcm_s64le', ...companded],
    ],
    undelayed: ['aac', 'vorbis'],
    audioEncoders: ['pcm_s16le'],
    subtitles: [],
    constantRate: true,
  },
  ts: {
    muxer: 'mpegts',
    extensions: ['.ts', '.mts', '.m2ts'],
    encoder: 'libx264',
    video: ['h264', 'hevc', 'mpeg4', 'mpeg2video'],
    audio: [...mpeg, 'opus', 's302m'],
    audioEncoders: ['aac'],
    subtitles: ['dvb_subtitle'],
  },
  flv: {
    muxer: 'flv',
    extensions: ['.flv'],
    encoder: 'libx264',
    video: ['h264', 'flv1'],
    // Some of them only at certain sample rates.
    audio: ['aac', 'mp3', 'speex', 'nellymoser', 'adpcm_swf', 'pcm_s16le', 'pcm_u8', ...companded],
    audioEncoders: ['aac'],
    subtitles: [],
  },
  ogv: {
    muxer: 'ogg',
    extensions: ['.ogv', '.ogg'],
    encoder: 'libtheora',
    video: ['theora', 'vp8'],
    audio: ['vorbis', 'opus', 'flac', 'speex'],
    audioEncoders: ['libvorbis', 'libopus'],
    subtitles: [],
    constantRate: true,
  },
  nut: {
    muxer: 'nut',
    extensions: ['.nut'],
    encoder: 'ffv1',
    audio: [
      ...['aac', 'mp3', 'mp2', 'ac3', 'dts', 'opus', 'vorbis', 'flac', 'wavpack', ...speech],
      ...[...adpcm, 'gsm_ms', 'g723_1', 'pcm_s8', ...littleEndian, ...bigEndian, ...companded],
    ],
    audioEncoders: ['flac'],
    subtitles: ['dvb_subtitle', 'dvd_subtitle'],
  },
  gif: { ...none, muxer: 'gif', extensions: ['.gif'], encoder: 'gif', video: ['gif'] },
  apng: { ...none, muxer: 'apng', extensions: ['.apng'], encoder: 'apng', video: ['apng'] },
  // FFmpeg 4 cannot read headers of more than 80 characters, which writing the usual range would exceed.
  y4m: {
    impliedRange: 'limited',
    ...none,
    muxer: 'yuv4mpegpipe',
    extensions: ['.y4m'],
    encoder: 'wrapped_avframe',
    video: ['wrapped_avframe'],
    constantRate: true,
    args: ['-strict', 'experimental'], // for more than 8 bits
    pixelFormats: [
      ...['gray', 'gray10le', 'gray12le', 'gray16le', ...yuv],
      ...[10, 12, 16].flatMap((bits) => yuv.map((format) => `${format}${bits}le`)),
    ],
  },
  png: { ...picture, extensions: ['.png'], encoder: 'png', video: ['png'] },
  jpg: { ...picture, extensions: ['.jpg', '.jpeg'], encoder: 'mjpeg', video: ['mjpeg'] },
  webp: { ...picture, extensions: ['.webp'], encoder: 'libwebp', video: ['webp'] },
  tiff: { ...picture, extensions: ['.tiff', '.tif'], encoder: 'tiff', video: ['tiff'] },
  bmp: { ...picture, extensions: ['.bmp'], encoder: 'bmp', video: ['bmp'] },
} as const satisfies Record<string, Container>;

export type ContainerName = keyof typeof containers;
export const containerNames = Object.keys(containers) as readonly ContainerName[];

/** Other names of our containers: FFmpeg's muxers, and extensions. */
const containerAliases = {
  mpegts: 'ts',
  m2ts: 'ts',
  mts: 'ts',
  matroska: 'mkv',
  quicktime: 'mov',
  qt: 'mov',
  ipod: 'm4v',
  ogg: 'ogv',
  yuv4mpegpipe: 'y4m',
  jpeg: 'jpg',
  tif: 'tiff',
} as const satisfies Record<string, ContainerName>;

export type ContainerAlias = keyof typeof containerAliases;

/** Our name of a container; unknown names stay as they are. */
function containerName(name: string): string {
  const small = name.toLowerCase().replace(/^\./, '');
  return Object.hasOwn(containerAliases, small) ? containerAliases[small as ContainerAlias] : small;
}

export interface NamedContainer extends Container {
  readonly name: ContainerName;
}

/** Whether this FFmpeg can copy audio of that codec into the container. */
export function takesAudio(
  { audio, audioSince = {} }: Container,
  codec: string,
  { libavcodec }: { readonly libavcodec: number },
): boolean {
  return audio.includes(codec) || libavcodec >= (audioSince[codec] ?? Number.POSITIVE_INFINITY);
}

function named(name: ContainerName): NamedContainer {
  return { name, ...containers[name] };
}

/** The container of an output: the requested one, else by the extension; Matroska for stdout. */
export function containerOf(output: string, container: unknown): NamedContainer {
  if (container !== undefined) {
    const asked = typeof container === 'string' ? containerName(container) : undefined;
    const name = containerNames.find((known) => known === asked);
    if (name !== undefined) return named(name);
    const hint = didYouMean(container, [...containerNames, ...Object.keys(containerAliases)]);
    throw invalidOption('container', `one of ${containerNames.join(', ')}${hint}`, container);
  }
  if (output === '-') return named('mkv');
  const extension = extname(output).toLowerCase();
  const name = containerNames.find((known) => {
    return (containers[known].extensions as readonly string[]).includes(extension);
  });
  if (name !== undefined) return named(name);
  const known = containerNames.flatMap((key) => containers[key].extensions);
  const received = extension === '' ? 'none' : `${extension}${didYouMean(extension, known)}`;
  throw new FramelaneError(
    'ERR_OUTPUT_INVALID',
    `${output}: expected an extension of ${known.join(', ')}, or the option container, received ${received}`,
  );
}

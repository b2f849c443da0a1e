/** Lossless audio, and the encodings that keep it lossless. */
import type { Container } from './container.ts';
import type { AudioStream } from './stream-info.ts';

/** The type of a sample: an integer or float of so many bits. */
export interface Depth {
  readonly bits: number;
  readonly float: boolean;
}

/** Lossless codecs besides PCM. */
const compressed = /^(flac|alac|wavpack|tta|truehd|mlp|ape|tak|shorten|als|wmalossless|ralf)$/;

/** PCM codecs whose names do not tell the bits of a decoded sample. */
const named: Readonly<Record<string, number>> = {
  pcm_alaw: 16,
  pcm_mulaw: 16,
  pcm_vidc: 16,
  pcm_bluray: 24,
  pcm_dvd: 24,
  pcm_lxf: 24,
  s302m: 24,
};

/** The depth of lossless audio; undefined for lossy audio. */
export function depthOf(stream: AudioStream): Depth | undefined {
  const { codec, bitsPerSample, sampleFormat = '' } = stream;
  const [, kind, bits] = /^pcm_([suf])(\d+)/.exec(codec) ?? [];
  if (kind !== undefined) return { bits: Number(bits), float: kind === 'f' };
  const known = named[codec];
  if (known !== undefined) return { bits: Math.min(known, bitsPerSample ?? known), float: false };
  const master = codec === 'dts' && /MA/.test(stream.profile ?? '');
  if (!compressed.test(codec) && !master) return undefined;
  if (/^(flt|dbl)/.test(sampleFormat)) return { bits: 32, float: true };
  const decoded = Number(/^[su](\d+)/.exec(sampleFormat)?.[1] ?? 16);
  return { bits: Math.min(bitsPerSample ?? decoded, decoded), float: false };
}

/** PCM from the narrowest to the widest; little endian first, which is more common. */
const integers = ['u8', 's8', ...[16, 24, 32, 64].flatMap((bits) => [`s${bits}le`, `s${bits}be`])];
const floats = [32, 64].flatMap((bits) => [`f${bits}le`, `f${bits}be`]);

/** An audio encoder and FFmpeg's options for it; # stands for the stream's specifier, such as `a:0`. */
export interface AudioEncoding {
  readonly encoder: string;
  readonly options: readonly string[];
  /** What the conversion loses. */
  readonly loss?: string | undefined;
}

/** The encodings that keep every sample and that the container takes, best first. */
export function losslessEncodings(
  { audio }: Pick<Container, 'audio'>,
  stream: AudioStream,
  { bits, float }: Depth,
): AudioEncoding[] {
  const wide = (name: string) => Number(/\d+/.exec(name)) >= bits;
  // A float of 64 bits holds an integer of 32.
  const pcm = float ? floats : [...integers, ...floats.filter((name) => name.startsWith('f64'))];
  const names = pcm
    .filter((name) => wide(name) && (float || !name.startsWith('f') || bits <= 32))
    .map((name) => `pcm_${name}`)
    .filter((name) => audio.includes(name))
    .map((encoder): AudioEncoding => ({ encoder, options: [] }));
  const packed = float || bits > 24 ? [] : packedEncodings(audio, bits);
  return /^pcm_/.test(stream.codec) ? [...names, ...packed] : [...packed, ...names];
}

/** The encodings that lose least, where none keeps every sample. */
export function nearlyLosslessEncodings({ audio }: Pick<Container, 'audio'>): AudioEncoding[] {
  const loss = 'rounded to 24 bits';
  return packedEncodings(audio, 24).map((encoding) => ({ ...encoding, loss }));
}

/** FLAC and Apple's codec take 16 or 24 bits. */
function packedEncodings(audio: readonly string[], bits: number): AudioEncoding[] {
  return (['flac', 'alac'] as const)
    .filter((encoder) => audio.includes(encoder))
    .map((encoder) => {
      const planar = encoder === 'alac' ? 'p' : '';
      const options =
        bits > 16
          ? ['-sample_fmt:#', `s32${planar}`, '-bits_per_raw_sample:#', '24']
          : ['-sample_fmt:#', `s16${planar}`];
      return { encoder, options };
    });
}

/** The still image formats: extensions, detection and capabilities. Loads neither sharp nor the addon. */
import { extname } from 'node:path';

/** Bits per channel of a file. */
export type Depth = 8 | 10 | 12 | 16;

export interface FormatTraits {
  /** The first is the most common. */
  readonly extensions: readonly string[];
  /** Default quality of the lossy encoder, 1..100; undefined without one. */
  readonly quality?: number;
  /** Whether 8-bit pixels can be stored losslessly. */
  readonly lossless: 'always' | 'optional' | 'never';
  /** Bits per channel that can be written; empty for read-only formats. */
  readonly depths: readonly Depth[];
  /** Whether alpha is written; else the image is composited over a background. */
  readonly alpha: boolean;
  /** Whether several images can be written as an animation. */
  readonly animated?: true;
}

export const formats = {
  jpeg: {
    extensions: ['.jpg', '.jpeg', '.jpe', '.jfif'],
    quality: 90,
    lossless: 'never',
    depths: [8],
    alpha: false,
  },
  png: { extensions: ['.png'], lossless: 'always', depths: [8, 16], alpha: true },
  webp: {
    extensions: ['.webp'],
    quality: 90,
    lossless: 'optional',
    depths: [8],
    alpha: true,
    animated: true,
  },
  avif: {
    extensions: ['.avif'],
    quality: 65,
    lossless: 'optional',
    depths: [8, 10, 12],
    alpha: true,
  },
  heic: {
    extensions: ['.heic', '.heif', '.hif'],
    quality: 65,
    lossless: 'optional',
    depths: [8, 10],
    alpha: true,
  },
  tiff: { extensions: ['.tiff', '.tif'], lossless: 'always', depths: [8, 16], alpha: true },
  gif: { extensions: ['.gif'], lossless: 'never', depths: [8], alpha: true, animated: true },
  bmp: { extensions: ['.bmp', '.dib'], lossless: 'always', depths: [8], alpha: true },
  svg: { extensions: ['.svg', '.svgz'], lossless: 'always', depths: [], alpha: true },
  hdr: { extensions: ['.hdr', '.pic'], lossless: 'always', depths: [], alpha: false },
} as const satisfies Readonly<Record<string, FormatTraits>>;

/** A format that `load` reads. */
export type ImageFormat = keyof typeof formats;
/** A format that `save` and `encode` write. */
export type WritableFormat = Exclude<ImageFormat, 'svg' | 'hdr'>;

const names = Object.keys(formats) as ImageFormat[];
export const traitsOf = (format: ImageFormat): FormatTraits => formats[format];
export const isWritable = (format: ImageFormat): format is WritableFormat =>
  traitsOf(format).depths.length > 0;
export const writableFormats = names.filter(isWritable);
/** The smallest depth of at least `bits`, or the largest of the format. */
export function depthFor(format: WritableFormat, bits: number): Depth {
  const { depths } = traitsOf(format);
  return depths.find((depth) => depth >= bits) ?? (depths.at(-1) as Depth);
}

/** Every extension that `load` knows. */
export const readableExtensions = names.flatMap((name) => formats[name].extensions);
/** Every extension that `save` knows. */
export const writableExtensions = writableFormats.flatMap((name) => formats[name].extensions);

/** The format of a path's extension. */
export function formatOfPath(path: string): ImageFormat | undefined {
  const extension = extname(path).toLowerCase();
  return names.find((name) => traitsOf(name).extensions.includes(extension));
}

const heicBrands = new Set(['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1']);

/** The format by a file's first bytes; 128 suffice, except for SVG. */
export function formatOfBytes(bytes: Uint8Array): ImageFormat | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096));
  const text = head.toString('latin1');
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'webp';
  if (/^GIF8[79]a/.test(text)) return 'gif';
  if (/^(II[*+]\0|MM\0[*+])/.test(text)) return 'tiff';
  if (/^#\?(RADIANCE|RGBE)/.test(text)) return 'hdr';
  if (text.startsWith('BM')) return 'bmp';
  if (text.slice(4, 8) === 'ftyp') return formatOfBrands(head);
  if (text.startsWith('\x1f\x8b') || /^(\xef\xbb\xbf)?\s*<(\?xml|!--|!DOCTYPE svg|svg)/i.test(text))
    return 'svg';
  return undefined;
}

/** AVIF and HEIC share a container; the compatible brands decide if the major brand is that of the container. */
function formatOfBrands(head: Buffer): ImageFormat | undefined {
  if (head.length < 16) return undefined;
  const end = Math.min(head.readUInt32BE(0), head.length);
  const brands = [head.toString('latin1', 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(head.toString('latin1', at, at + 4));
  if (brands.includes('avif') || brands.includes('avis')) return 'avif';
  return brands.some((brand) => heicBrands.has(brand)) ? 'heic' : undefined;
}

/** Decoded pixels on the host, and the curves between codes and light. */

/** RGBA with straight alpha: 8-bit or 16-bit codes, or floats. */
export type PixelData = Uint8Array | Uint16Array | Float32Array;

export interface HostPixels {
  readonly width: number;
  readonly height: number;
  readonly data: PixelData;
  /** Whether the colours are linear light, like floats in files; else they are codes on the sRGB curve. */
  readonly linear?: boolean;
}

/** Of any image. */
export const largestSide = 32768;

export const colorspaces = ['srgb', 'linear', 'source'] as const;
/** `srgb`: codes on the sRGB curve; `linear`: proportional to light, sRGB primaries; `source`: as in the file. */
export type Colorspace = (typeof colorspaces)[number];

/** The curve of IEC 61966-2-1, continued beyond 1 and mirrored below 0, so that highlights survive it. */
export function encodeSrgb(light: number): number {
  const size = Math.abs(light);
  const code = size <= 0.0031308 ? 12.92 * size : 1.055 * size ** (1 / 2.4) - 0.055;
  return light < 0 ? -code : code;
}

/** The inverse of `encodeSrgb`. */
export function decodeSrgb(code: number): number {
  const size = Math.abs(code);
  const light = size <= 0.04045 ? size / 12.92 : ((size + 0.055) / 1.055) ** 2.4;
  return code < 0 ? -light : light;
}

/** Whether the colours need no conversion; `source` never does. */
export function isInColorspace({ linear = false }: HostPixels, colorspace: Colorspace): boolean {
  return colorspace === 'source' || linear === (colorspace === 'linear');
}

/** Converts colours to another space. */
export function inColorspace(pixels: HostPixels, colorspace: Colorspace): HostPixels {
  if (isInColorspace(pixels, colorspace)) return pixels;
  const { linear = false } = pixels;
  const data = curved(pixels.data, linear ? encodeSrgb : decodeSrgb);
  return { ...pixels, data, linear: !linear };
}

function curved(data: PixelData, curve: (value: number) => number): Float32Array {
  const out = floatsFrom(data);
  const table = data instanceof Float32Array ? undefined : codeTable(data, curve);
  for (let i = 0; i < out.length; i++) {
    if ((i & 3) === 3) continue; // alpha is always linear
    out[i] = table ? (table[data[i] as number] as number) : curve(out[i] as number);
  }
  return out;
}

const codeTable = (data: Uint8Array | Uint16Array, curve = (value: number) => value) => {
  const maximum = 2 ** (8 * data.BYTES_PER_ELEMENT) - 1;
  return Float32Array.from({ length: maximum + 1 }, (_, code) => curve(code / maximum));
};

/** Codes as floats, each the one nearest to code / maximum. */
export function floatsFrom(data: PixelData): Float32Array {
  if (data instanceof Float32Array) return data.slice();
  const table = codeTable(data);
  const out = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) out[i] = table[data[i] as number] as number;
  return out;
}

/** Floats as 16-bit codes, floor(clamp(v, 0, 1) * 65535 + 0.5), NaN to 0, like the conversion to bytes on the device. */
export function codesFrom(floats: Float32Array, into: Uint16Array): Uint16Array {
  for (let i = 0; i < floats.length; i++) {
    const value = floats[i] as number;
    into[i] = value > 0 ? Math.min(value, 1) * 65535 + 0.5 : 0;
  }
  return into;
}

/** 16-bit codes as codes of fewer bits, to the nearest. */
export function narrowed(codes: Uint16Array, bits: number): Uint16Array {
  const scale = (2 ** bits - 1) / 65535;
  return codes.map((code) => code * scale + 0.5);
}

/** libvips shifts the 10 or 12 bits of an AVIF up and leaves the low bits zero, so that white is slightly too dark. */
export function spread(codes: Uint16Array, bits: number): Uint16Array {
  const white = (2 ** bits - 1) * 2 ** (16 - bits);
  return codes.map((code) => Math.min(65535, Math.round((code * 65535) / white)));
}

/** Interleaved samples as RGBA: grey is repeated, missing alpha is opaque, further channels are dropped. */
export function expandChannels<T extends PixelData>(data: T, channels: number, opaque: number): T {
  if (channels === 4) return data;
  const count = data.length / channels;
  const out = new (data.constructor as new (length: number) => T)(count * 4);
  const [green, blue, alpha] = channels < 3 ? [0, 0, 1] : [1, 2, 3];
  for (let i = 0, from = 0, to = 0; i < count; i++, from += channels, to += 4) {
    out[to] = data[from] as number;
    out[to + 1] = data[from + green] as number;
    out[to + 2] = data[from + blue] as number;
    out[to + 3] = alpha < channels ? (data[from + alpha] as number) : opaque;
  }
  return out;
}

/** Whether alpha is opaque everywhere. */
export function isOpaque(rgba: Uint8Array | Uint16Array): boolean {
  const full = 2 ** (8 * rgba.BYTES_PER_ELEMENT) - 1;
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== full) return false;
  return true;
}

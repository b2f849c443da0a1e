/** HDR metadata: the mastering display (SMPTE ST 2086) and the content light level (CTA-861.3). */
import { type Fields, finite, list, text } from './ffprobe-fields.ts';

/** CIE 1931 x, y. */
export type Chromaticity = readonly [x: number, y: number];

/** SMPTE ST 2086; luminance in cd/m². A file may have the primaries, the luminance, or both. */
export interface MasteringDisplay {
  readonly primaries:
    | {
        readonly red: Chromaticity;
        readonly green: Chromaticity;
        readonly blue: Chromaticity;
        readonly white: Chromaticity;
      }
    | undefined;
  readonly luminance: { readonly min: number; readonly max: number } | undefined;
}

/** CTA-861.3: the brightest pixel and the brightest frame on average, in cd/m². */
export interface ContentLight {
  readonly maxContent: number;
  readonly maxFrameAverage: number;
}

export interface HdrInfo {
  readonly masteringDisplay?: MasteringDisplay | undefined;
  readonly contentLight?: ContentLight | undefined;
}

/** The parameters of x265: chromaticities in units of 0.00002, luminances in 0.0001 cd/m². */
export function x265Hdr({ masteringDisplay: display, contentLight }: HdrInfo): string[] {
  const point = ([x, y]: Chromaticity) => `(${Math.round(x * 50_000)},${Math.round(y * 50_000)})`;
  const level = (luminance: number) => Math.round(luminance * 10_000);
  const params: string[] = [];
  // x265 takes both parts or none.
  if (display?.primaries !== undefined && display.luminance !== undefined) {
    const { red, green, blue, white } = display.primaries;
    const { min, max } = display.luminance;
    const colors = `G${point(green)}B${point(blue)}R${point(red)}WP${point(white)}`;
    params.push(`master-display=${colors}L(${level(max)},${level(min)})`);
  }
  if (contentLight !== undefined) {
    const { maxContent, maxFrameAverage } = contentLight;
    params.push(`max-cll=${Math.round(maxContent)},${Math.round(maxFrameAverage)}`);
  }
  return params;
}

/** From ffprobe's side data, of the stream or of its first frame. */
export function hdrOf(described: Fields): HdrInfo {
  const sideData = list(described['side_data_list']);
  const byType = (type: string) =>
    sideData.find((data) => text(data['side_data_type'])?.startsWith(type));
  const mastering = byType('Mastering display');
  const light = byType('Content light');
  return {
    masteringDisplay: mastering && masteringOf(mastering),
    contentLight: light && {
      maxContent: finite(light['max_content']) ?? 0,
      maxFrameAverage: finite(light['max_average']) ?? 0,
    },
  };
}

function masteringOf(data: Fields): MasteringDisplay | undefined {
  const [red, green, blue, white] = ['red', 'green', 'blue', 'white_point'].map((name) => {
    const x = fraction(data[`${name}_x`]);
    const y = fraction(data[`${name}_y`]);
    return x === undefined || y === undefined ? undefined : ([x, y] as const);
  });
  const min = fraction(data['min_luminance']);
  const max = fraction(data['max_luminance']);
  const primaries = red && green && blue && white && { red, green, blue, white };
  const luminance = min === undefined || max === undefined ? undefined : { min, max };
  return primaries || luminance ? { primaries, luminance } : undefined;
}

/** `35400/50000`. */
function fraction(value: unknown): number | undefined {
  const [num, den] = (text(value) ?? '').split('/').map(Number);
  return finite((num ?? Number.NaN) / (den ?? Number.NaN));
}

/** Warns of metadata that the encoder does not write. */
export function hdrLosses(
  { masteringDisplay, contentLight }: HdrInfo,
  codec: string,
  keeps: boolean,
): string[] {
  if (keeps || (masteringDisplay === undefined && contentLight === undefined)) return [];
  return [
    `mastering display and content light level are left out: only libx265 writes them, received ${codec}`,
  ];
}

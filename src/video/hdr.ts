/** Light levels of HDR video: SMPTE ST 2086 and CTA-861.3. */

/** CIE 1931 x and y. */
export type Chromaticity = readonly [x: number, y: number];

/** The display a film was graded on (SMPTE ST 2086). */
export interface MasteringDisplay {
  readonly red: Chromaticity;
  readonly green: Chromaticity;
  readonly blue: Chromaticity;
  readonly white: Chromaticity;
  /** cd/m². */
  readonly minLuminance: number;
  readonly maxLuminance: number;
}

/** cd/m² (CTA-861.3). */
export interface ContentLight {
  readonly maxContent: number;
  readonly maxFrameAverage: number;
}

export interface HdrInfo {
  readonly masteringDisplay?: MasteringDisplay | undefined;
  readonly contentLight?: ContentLight | undefined;
}

/** The options of x265 for them: chromaticities in units of 0.00002, luminances of 0.0001 cd/m². */
export function x265Hdr({ masteringDisplay: display, contentLight }: HdrInfo): string[] {
  const point = ([x, y]: Chromaticity) => `(${Math.round(x * 50_000)},${Math.round(y * 50_000)})`;
  const level = (luminance: number) => Math.round(luminance * 10_000);
  const params: string[] = [];
  if (display !== undefined) {
    const { red, green, blue, white, minLuminance, maxLuminance } = display;
    const colors = `G${point(green)}B${point(blue)}R${point(red)}WP${point(white)}`;
    params.push(`master-display=${colors}L(${level(maxLuminance)},${level(minLuminance)})`);
  }
  if (contentLight !== undefined) {
    const { maxContent, maxFrameAverage } = contentLight;
    params.push(`max-cll=${Math.round(maxContent)},${Math.round(maxFrameAverage)}`);
  }
  return params;
}

/** What an encoder that cannot say them leaves out. */
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

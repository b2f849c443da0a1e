import { family } from '../schema/declaration.ts';
import { oneOf } from '../schema/enum.ts';
import { lut } from '../schema/lut.ts';
import { number } from '../schema/number.ts';

export const adjust = family('Adjust', {
  brightness: {
    doc: 'Adds to red, green and blue.',
    formula: "c' = c + factor",
    source: 'PyImageCUDA Adjust.brightness',
    pattern: 'inPlace',
    primary: 'factor',
    parameters: {
      factor: number('The value added: 0 changes nothing, -1 makes black, 1 white.', {
        example: 0.1,
      }),
    },
  },
  contrast: {
    doc: 'Scales the distance from middle grey.',
    formula: "c' = (c - 0.5) factor + 0.5",
    source: 'PyImageCUDA Adjust.contrast',
    pattern: 'inPlace',
    primary: 'factor',
    parameters: { factor: number('1 changes nothing, 0 makes grey.', { example: 1.2 }) },
  },
  saturation: {
    doc: 'Scales the distance from the grey of the same luma.',
    formula: "c' = L + (c - L) factor; L = 0.299 r + 0.587 g + 0.114 b",
    source: 'ITU-R BT.601 luma; PyImageCUDA Adjust.saturation',
    pattern: 'inPlace',
    primary: 'factor',
    parameters: { factor: number('1 changes nothing, 0 makes black and white.', { example: 1.3 }) },
  },
  gamma: {
    doc: 'Brightens or darkens the midtones; black and white stay.',
    formula: "c' = max(0, c)^(1 / gamma)",
    source: 'PyImageCUDA Adjust.gamma',
    pattern: 'inPlace',
    primary: 'gamma',
    parameters: {
      gamma: number('Above 1 brightens, below 1 darkens.', { exclusiveMin: 0.001, example: 1.2 }),
    },
  },
  opacity: {
    doc: 'Scales alpha.',
    formula: "a' = a factor",
    source: 'PyImageCUDA Adjust.opacity',
    pattern: 'inPlace',
    primary: 'factor',
    parameters: {
      factor: number('1 changes nothing, 0 makes transparent.', { min: 0, example: 0.5 }),
    },
  },
  hue: {
    doc: 'Turns the hue, keeping HSV saturation and value.',
    formula: 'H = (H + degrees) mod 360 in HSV',
    source: 'Smith 1978, Color Gamut Transform Pairs (hexcone)',
    pattern: 'inPlace',
    primary: 'degrees',
    parameters: { degrees: number('How far the hue turns.', { unit: 'degrees', example: 30 }) },
  },
  vibrance: {
    doc: 'Saturates pale colours more than strong ones, and protects skin tones.',
    formula:
      "S' = clamp(S + k amount (1 - S) S, 0, 1) in HSV; k = 0.3 for hues 330..50 degrees, else 1; " +
      'S below 0.001 stays',
    source: 'PyImageCUDA Adjust.vibrance',
    pattern: 'inPlace',
    primary: 'amount',
    parameters: { amount: number('0 changes nothing; usually -1 to 1.', { example: 0.4 }) },
  },
  toneMap: {
    doc: 'Turns HDR video (BT.2020 with PQ or HLG) into SDR video (BT.709).',
    formula:
      'light of the display: PQ EOTF, or inverse HLG OETF and OOTF for sourcePeak; EETF on max(R, G, B) as PQ signal, ' +
      'E = PQ / PQ(sourcePeak): E up to KS = 1.5 maxLum - 0.5, above it the Hermite spline to ' +
      'maxLum = PQ(targetPeak) / PQ(sourcePeak); BT.2020 to BT.709 primaries, colours outside moved to the grey of their ' +
      "luminance until inside; c' = (light / targetPeak)^(1 / 2.4)",
    source:
      'ITU-R BT.2100-2 (SMPTE ST 2084, ARIB STD-B67); EETF of BT.2390-8 section 5.4, on the largest channel as in Burke, ' +
      'Smith and Zink 2020, Color Volume and Hue-preservation in HDR Tone Mapping; BT.2408 (203 cd/m2); BT.1886',
    pattern: 'inPlace',
    asksSource: true,
    parameters: {
      from: oneOf(
        ['auto', 'pq', 'hlg'],
        'The transfer function of the frames; auto reads it from the video, and leaves SDR video unchanged.',
        { default: 'auto' },
      ),
      sourcePeak: number(
        'The peak luminance of the mastering display; brighter values are clipped.',
        {
          unit: 'cd/m2',
          default: 1000,
          min: 100,
          max: 10000,
        },
      ),
      targetPeak: number('The luminance of white in the result.', {
        unit: 'cd/m2',
        default: 203,
        min: 48,
        max: 10000,
      }),
    },
  },
  lut3d: {
    doc: 'Looks colours up in a table from a .cube file, in 1-D or 3-D.',
    formula:
      "c' = c + (table(p) - c) strength; p = (c - domain min) / (domain max - domain min) (size - 1), clamped to the table; " +
      'tetrahedral: between the four corners of the tetrahedron around p; trilinear: between the eight of the cube; 1-D ' +
      'tables: between two entries for each channel',
    source:
      'Adobe Cube LUT Specification 1.0; Kasson, Nin, Plouffe and Hafner 1995, Performing color space conversions with ' +
      'three-dimensional linear interpolation',
    pattern: 'inPlace',
    primary: 'lut',
    parameters: {
      lut: lut('The table.'),
      interpolation: oneOf(['tetrahedral', 'trilinear'], 'Between the entries of a 3-D table.', {
        default: 'tetrahedral',
      }),
      strength: number('0 changes nothing, 1 takes the colour from the table.', {
        default: 1,
        min: 0,
        max: 1,
      }),
    },
  },
});

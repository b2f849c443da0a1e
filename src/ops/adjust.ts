import { number } from '../parameter.ts';
import { family } from '../schema.ts';

export const adjust = family('Adjust', {
  brightness: {
    doc: 'Adds to red, green and blue.',
    formula: "c' = c + factor",
    source: 'PyImageCUDA Adjust.brightness',
    pattern: 'inPlace',
    primary: 'factor',
    parameters: {
      factor: number('What is added: 0 changes nothing, -1 makes black, 1 white.', {}),
    },
  },
  contrast: {
    doc: 'Scales the distance from middle grey.',
    formula: "c' = (c - 0.5) factor + 0.5",
    source: 'PyImageCUDA Adjust.contrast',
    pattern: 'inPlace',
    primary: 'factor',
    parameters: { factor: number('1 changes nothing, 0 makes grey.', {}) },
  },
  saturation: {
    doc: 'Scales the distance from the grey of the same luma.',
    formula: "c' = L + (c - L) factor; L = 0.299 r + 0.587 g + 0.114 b",
    source: 'ITU-R BT.601 luma; PyImageCUDA Adjust.saturation',
    pattern: 'inPlace',
    primary: 'factor',
    parameters: { factor: number('1 changes nothing, 0 makes black and white.', {}) },
  },
  gamma: {
    doc: 'Brightens or darkens the middle tones; black and white stay.',
    formula: "c' = max(0, c)^(1 / gamma)",
    source: 'PyImageCUDA Adjust.gamma',
    pattern: 'inPlace',
    primary: 'gamma',
    parameters: {
      gamma: number('Above 1 brightens, below 1 darkens.', { exclusiveMin: 0.001 }),
    },
  },
  opacity: {
    doc: 'Scales alpha.',
    formula: "a' = a factor",
    source: 'PyImageCUDA Adjust.opacity',
    pattern: 'inPlace',
    primary: 'factor',
    parameters: { factor: number('1 changes nothing, 0 makes transparent.', { min: 0 }) },
  },
  hue: {
    doc: 'Turns the hue, keeping HSV saturation and value.',
    formula: 'H = (H + degrees) mod 360 in HSV',
    source: 'Smith 1978, Color Gamut Transform Pairs (hexcone)',
    pattern: 'inPlace',
    primary: 'degrees',
    parameters: { degrees: number('How far the hue turns.', { unit: 'degrees' }) },
  },
  vibrance: {
    doc: 'Saturates pale colours more than strong ones, and spares skin.',
    formula:
      "S' = clamp(S + k amount (1 - S) S, 0, 1) in HSV; k = 0.3 for hues 330..50 degrees, else 1; " +
      'S below 0.001 stays',
    source: 'PyImageCUDA Adjust.vibrance',
    pattern: 'inPlace',
    primary: 'amount',
    parameters: { amount: number('0 changes nothing; usually -1 to 1.', {}) },
  },
});

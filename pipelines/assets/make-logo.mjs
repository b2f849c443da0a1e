/** Draws logo.png: three lanes of frames and the name, as strokes, so that no font is needed. */
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

/** Single-line letters on a baseline at y = 0: the width and the path of each. */
const letters = {
  f: [24, 'M24-62h-3a12 12 0 0 0-12 12V0M0-40h21'],
  r: [20, 'M0 0V-40M0-22a18 18 0 0 1 18-18h2'],
  a: [36, 'M36-40V0M36-20a18 20 0 1 0-36 0a18 20 0 1 0 36 0'],
  m: [56, 'M0 0V-40M0-26a14 14 0 0 1 28 0V0M28-26a14 14 0 0 1 28 0V0'],
  e: [36, 'M1-21H36a18 20 0 1 0-5 15'],
  l: [1, 'M0-62V0'],
  n: [34, 'M0 0V-40M0-23a17 17 0 0 1 34 0V0'],
};

function word(text, x, y, gap) {
  let left = x;
  const paths = [...text].map((letter) => {
    const [width, path] = letters[letter];
    const placed = `<path transform="translate(${left} ${y})" d="${path}"/>`;
    left += width + gap;
    return placed;
  });
  return paths.join('');
}

const lanes = [
  [0, 22, '#38bdf8'],
  [1, 0, '#818cf8'],
  [2, 34, '#f472b6'],
].map(([lane, shift, color]) => {
  const y = 10 + lane * 28;
  const frame = (x, width, opacity) =>
    `<rect x="${x}" y="${y}" width="${width}" height="20" rx="6" fill="${color}" opacity="${opacity}"/>`;
  return frame(shift + 8, 22, 0.55) + frame(shift + 38, 42, 1);
});

const name = word('framelane', 146, 72, 15);
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 570 100" width="320" height="56">
  <g fill="none" stroke-linecap="round" stroke-linejoin="round">
    <g stroke="#000" stroke-opacity=".35" stroke-width="17">${name}</g>
    <g stroke="#fff" stroke-width="10">${name}</g>
  </g>
  ${lanes.join('')}
</svg>`;

const file = fileURLToPath(new URL('logo.png', import.meta.url));
await sharp(Buffer.from(svg)).png({ compressionLevel: 9 }).toFile(file);

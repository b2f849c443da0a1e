/** Writes film.cube: the response of a print film, with cool shadows and warm highlights. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const size = 17;
const mix = (from, to, t) => from + (to - from) * t;
const curve = (c) => mix(c, c * c * (3 - 2 * c), 0.55);

function film(color) {
  const [r, g, b] = color.map(curve);
  const luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const shadow = (1 - luma) ** 2;
  const light = luma ** 2;
  // The dyes: full colours darken, pale ones stay; black is lifted a little, white is held back.
  const chroma = Math.max(r, g, b) - Math.min(r, g, b);
  const density = 1 - 0.12 * chroma;
  return [
    [r, -0.02, 0.035],
    [g, 0.012, 0.012],
    [b, 0.045, -0.05],
  ].map(([c, cool, warm]) => {
    const dyed = mix(luma, c, 0.92) * density + cool * shadow + warm * light;
    return Math.min(1, Math.max(0, 0.018 + 0.962 * dyed));
  });
}

const rows = Array.from({ length: size ** 3 }, (_, i) => {
  const indices = [i % size, Math.floor(i / size) % size, Math.floor(i / size ** 2)];
  return film(indices.map((n) => n / (size - 1)))
    .map((c) => Number(c.toFixed(4)))
    .join(' ');
});
const head = ['# Made by make-film.mjs', 'TITLE "framelane film"', `LUT_3D_SIZE ${size}`];
const file = fileURLToPath(new URL('film.cube', import.meta.url));
writeFileSync(file, `${[...head, ...rows].join('\n')}\n`);

/** GLSL that shows a frame: it computes the colour of a framebuffer pixel from the planes. */

/** The planes of a picture; `rgb` is RGBA without transparency, `deep` is RGBA of more than 8 bits. */
export type Planes = 'rgb' | 'rgba' | 'deep' | 'gray' | 'yuv' | 'yuva';

/**
 * A triangle that covers the framebuffer; the scissor clips it to the picture. Positions and colours are inputs of the fragment
 * shader, because a software rasteriser interpolates inputs faster than it reads uniforms and computes for every pixel.
 */
export const vertexShader = `#version 300 es
uniform vec2 framebuffer;
uniform vec2 origin;       // of the picture, in framebuffer pixels from the top left
uniform vec2 extent;       // of the picture, in framebuffer pixels
uniform float square;      // of the checkerboard, in framebuffer pixels
uniform vec3 evenSquares, oddSquares;
out vec2 share;            // of the picture's sides, from its top left
out vec2 cell;             // squares from the top left of the framebuffer
flat out vec3 even, odd;   // squares
void main() {
  vec2 corner = vec2(gl_VertexID == 1 ? 2.0 : 0.0, gl_VertexID == 2 ? -1.0 : 1.0);
  vec2 pixel = corner * framebuffer;
  share = (pixel - origin) / extent;
  cell = pixel / square;
  even = evenSquares;
  odd = oddSquares;
  gl_Position = vec4(2.0 * corner.x - 1.0, 1.0 - 2.0 * corner.y, 0.0, 1.0);
}
`;

const common = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;

in vec2 share, cell;
flat in vec3 even, odd;
uniform sampler2D plane0;
uniform vec2 size;         // of the picture, in its pixels
out vec4 color;

ivec2 inside(ivec2 texel, sampler2D plane) { return clamp(texel, ivec2(0), textureSize(plane, 0) - 1); }
// Rounded here, because a GPU may be off by six tenths of a code where it rounds for the framebuffer itself.
vec4 eightBits(vec3 rgb) { return vec4(floor(clamp(rgb, 0.0, 1.0) * 255.0 + 0.5) / 255.0, 1.0); }
vec3 behind() {
  ivec2 index = ivec2(cell);
  return ((index.x ^ index.y) & 1) == 0 ? even : odd;
}
`;

/**
 * Weighs the texels under a framebuffer pixel by the area it covers, at least that of one texel: a box filter where the picture
 * shrinks, linear interpolation where it does not. Of huge areas only every n-th texel is read.
 */
const area = `
uniform vec2 stride;       // pixels of the picture for one of the framebuffer
vec2 extentOf(vec2 texels) { return 0.5 * max(texels, vec2(1.0)); }
float weightOf(ivec2 texel, vec2 center, vec2 extent) {
  vec2 covered = clamp(extent + 0.5 - abs(vec2(texel) + 0.5 - center), 0.0, 1.0);
  return covered.x * covered.y;
}
#define FOR_TEXELS(texel, center, extent) \\
  ivec2 first = ivec2(floor(center - extent)), last = ivec2(ceil(center + extent)) - 1; \\
  ivec2 leap = 1 + (last - first) / 64; \\
  ivec2 texel; \\
  for (texel.y = first.y; texel.y <= last.y; texel.y += leap.y) \\
    for (texel.x = first.x; texel.x <= last.x; texel.x += leap.x)
`;

const rgba = `
vec4 pixelHere() { return texture(plane0, share); }  // nearest, and quicker than texelFetch in software
vec4 pixelAt(ivec2 pixel) { return texelFetch(plane0, inside(pixel, plane0), 0); }
`;

/** Rounds to 8 bits, as the pipeline does. */
const deep = `
vec4 rounded(vec4 texel) { return floor(clamp(texel, 0.0, 1.0) * 255.0 + 0.5) / 255.0; }
vec4 pixelHere() { return rounded(texture(plane0, share)); }
vec4 pixelAt(ivec2 pixel) { return rounded(texelFetch(plane0, inside(pixel, plane0), 0)); }
`;

/**
 * Codes are integers, and chroma between two samples is a multiple of 1/16. `high` has ten fractional bits, so its products and
 * sums fit in the 24 bits of a float, and no reordering or fusion by a compiler changes them. The rest, `low`, is too small for
 * its rounding to matter. The result is exact, rounded once.
 */
const codes = `
uniform float codesInOne;  // the code of a texel that reads as 1
uniform vec3 zero;
uniform mat3 high, low;

float codeAt(sampler2D plane, ivec2 texel) {
  return floor(texelFetch(plane, inside(texel, plane), 0).r * codesInOne + 0.5);
}
vec3 rgbOf(vec3 code) {
  vec3 distance = code - zero, coarse = high * distance, whole = floor(coarse);
  return clamp(whole + floor(coarse - whole + low * distance + 0.5), 0.0, 255.0) / 255.0;
}
`;

const gray = `${codes}
vec3 rgbAt(ivec2 pixel) { return rgbOf(vec3(codeAt(plane0, pixel), zero.yz)); }
`;

const yuv = `${codes}
uniform sampler2D plane1, plane2;
uniform vec4 chroma;       // from pixels to chroma samples: scale and offset

// Sampling beyond the edge repeats it, as \`inside\` does, but costs a software rasteriser less.
vec2 chromaTexel(vec2 at) { return vec2(texture(plane1, at).r, texture(plane2, at).r); }
vec2 chromaAt(vec2 center) {
  vec2 corner = floor(center - 0.5), t = center - 0.5 - corner;
  vec2 texel = 1.0 / vec2(textureSize(plane1, 0)), from = (corner + 0.5) * texel, to = from + texel;
  vec2 above = mix(chromaTexel(from), chromaTexel(vec2(to.x, from.y)), t.x);
  vec2 below = mix(chromaTexel(vec2(from.x, to.y)), chromaTexel(to), t.x);
  return floor(mix(above, below, t.y) * (16.0 * codesInOne) + 0.5) / 16.0;
}
vec3 rgbAt(ivec2 pixel) {
  return rgbOf(vec3(codeAt(plane0, pixel), chromaAt((vec2(pixel) + 0.5) * chroma.xy + chroma.zw)));
}
`;

const yuva = `${yuv}
uniform sampler2D plane3;
uniform float maxCode;
vec4 pixelAt(ivec2 pixel) {
  return vec4(rgbAt(pixel), floor(codeAt(plane3, pixel) * 255.0 / maxCode + 0.5) / 255.0);
}
vec4 pixelHere() { return pixelAt(ivec2(share * size)); }
`;

/** Each framebuffer pixel is a pixel of the picture. */
const onePixel = {
  transparent: `
void main() {
  vec4 pixel = pixelHere();
  color = eightBits(mix(behind(), pixel.rgb, pixel.a));
}
`,
  untouched: `
void main() { color = texture(plane0, share); }
`,
  opaque: `
void main() { color = vec4(rgbAt(ivec2(share * size)), 1.0); }
`,
};

const filteredPixels = `${area}
void main() {
  vec2 center = share * size, extent = extentOf(stride);
  vec4 sum = vec4(0.0);
  float total = 0.0;
  FOR_TEXELS(texel, center, extent) {
    vec4 pixel = pixelAt(texel);
    float weight = weightOf(texel, center, extent);
    sum += weight * vec4(pixel.rgb * pixel.a, pixel.a);
    total += weight;
  }
  sum /= total;
  color = eightBits(sum.rgb + (1.0 - sum.a) * behind());
}
`;

/** Every plane at its own resolution: the matrix is linear, so it can come last. */
const filteredPlanes = `${area}
float codeOver(sampler2D plane, vec2 center, vec2 extent) {
  float sum = 0.0, total = 0.0;
  FOR_TEXELS(texel, center, extent) {
    float weight = weightOf(texel, center, extent);
    sum += weight * codeAt(plane, texel);
    total += weight;
  }
  return sum / total;
}
`;

const filteredGray = `${filteredPlanes}
void main() { color = vec4(rgbOf(vec3(codeOver(plane0, share * size, extentOf(stride)), zero.yz)), 1.0); }
`;

const filteredYuv = `${filteredPlanes}
void main() {
  vec2 center = share * size * chroma.xy + chroma.zw, extent = extentOf(stride * chroma.xy);
  vec3 code = vec3(codeOver(plane0, share * size, extentOf(stride)),
                   codeOver(plane1, center, extent), codeOver(plane2, center, extent));
  color = vec4(rgbOf(code), 1.0);
}
`;

const parts: Readonly<Record<Planes, { load: string; pixels: string; filtered: string }>> = {
  rgb: { load: rgba, pixels: onePixel.untouched, filtered: filteredPixels },
  rgba: { load: rgba, pixels: onePixel.transparent, filtered: filteredPixels },
  deep: { load: deep, pixels: onePixel.transparent, filtered: filteredPixels },
  gray: { load: gray, pixels: onePixel.opaque, filtered: filteredGray },
  yuv: { load: yuv, pixels: onePixel.opaque, filtered: filteredYuv },
  yuva: { load: yuva, pixels: onePixel.transparent, filtered: filteredPixels },
};

/** `pixels` shows unfiltered pixels, at 100 % and from 400 % on; `filtered` is for all other sizes. */
export function fragmentShader(planes: Planes, way: 'pixels' | 'filtered'): string {
  return `${common}${parts[planes].load}${parts[planes][way]}`;
}

/** The overlay, for blending with straight alpha. */
export const overlayShader = `${common}
void main() { color = texture(plane0, share); }
`;

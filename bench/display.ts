/** Copying an image into an OpenGL texture, by each available path; headless, with OpenGL of NVIDIA or Mesa. */
import {
  type DeviceId,
  deviceSync,
  download,
  type GL,
  type GLObject,
  GLResource,
  GLTexture,
  ImageU8,
  openWindow,
  upload,
} from 'framelane';
import { type Contender, interleave, round } from './statistics.ts';

/** Milliseconds per frame: until OpenGL has finished, and of the calling thread without waiting. */
interface Cost {
  readonly complete: number;
  readonly submit: number;
}

export interface DisplayResult {
  readonly renderer: string;
  readonly size: string;
  /** Whether pixels stay on the GPU. */
  readonly shared: boolean;
  /** GLResource and texSubImage2D from its buffer. */
  readonly pixelBuffer: Cost;
  /** GLTexture. */
  readonly texture: Cost;
  /** image.copyFromTexture of a GLTexture, flipped. */
  readonly read: Cost;
  /** download() and texSubImage2D. */
  readonly download: Cost;
  /** texSubImage2D of bytes in memory. */
  readonly bareUpload: Cost;
  /** How many times GLTexture is faster than download() and texSubImage2D. */
  readonly speedup: number;
  /** Ratio of GLTexture to texSubImage2D alone: on the CPU the remaining potential. */
  readonly overBareUpload: number;
}

const sizes = [
  [1920, 1080],
  [2560, 1440],
  [3840, 2160],
] as const;
const framesPerRun = 40;

export async function benchDisplay(device: DeviceId, rounds: number): Promise<DisplayResult[]> {
  const results: DisplayResult[] = [];
  for (const [width, height] of sizes) {
    using window = await openWindow({ provider: 'headless', width: 16, height: 16 });
    results.push(await benchSize(window.gl, width, height, device, rounds));
  }
  return results;
}

async function benchSize(
  gl: GL,
  width: number,
  height: number,
  device: DeviceId,
  rounds: number,
): Promise<DisplayResult> {
  const bytes = new Uint8Array(width * height * 4).map((_, i) => i * 31);
  using image = new ImageU8(width, height, { device });
  upload(image, bytes);
  const texture = makeTexture(gl, width, height);
  const buffer = gl.createBuffer();
  gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, buffer);
  gl.bufferData(gl.PIXEL_UNPACK_BUFFER, bytes.length, gl.STREAM_DRAW);
  gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, null);
  using resource = new GLResource(buffer as GLObject, { device });
  // A separate texture, because registration could change how texSubImage2D performs.
  using target = new GLTexture(makeTexture(gl, width, height), { device });
  gl.bindTexture(gl.TEXTURE_2D, texture);

  const intoTexture = (pixels: Uint8Array | null) =>
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  const into = new Uint8Array(bytes.length);
  const ways: Record<string, () => void> = {
    pixelBuffer: () => {
      resource.copyFrom(image, { sync: false });
      gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, buffer);
      intoTexture(null);
      gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, null);
    },
    texture: () => target.copyFrom(image, { sync: false }),
    download: () => intoTexture(download(image, { into })),
    bareUpload: () => intoTexture(bytes),
  };
  using result = new ImageU8(width, height, { device });
  const contenders = [
    ...Object.entries(ways).flatMap(([name, way]) => contendersOf(name, way, () => gl.finish())),
    ...contendersOf(
      'read',
      () => result.copyFromTexture(target),
      () => deviceSync(device),
    ),
  ];
  const seconds = await interleave(contenders, rounds);

  const milliseconds = (name: string) => round((seconds.get(name) ?? Number.NaN) * 1e3, 4);
  const cost = (name: string): Cost => ({
    complete: milliseconds(`${name} complete`),
    submit: milliseconds(`${name} submit`),
  });
  const [download_, texture_, bare] = [cost('download'), cost('texture'), cost('bareUpload')];
  return {
    renderer: String(gl.getParameter(gl.RENDERER)),
    size: `${width}x${height}`,
    shared: resource.shared,
    pixelBuffer: cost('pixelBuffer'),
    texture: texture_,
    read: cost('read'),
    download: download_,
    bareUpload: bare,
    speedup: round(download_.complete / texture_.complete),
    overBareUpload: round(texture_.complete / bare.complete),
  };
}

function contendersOf(name: string, way: () => void, finish: () => void): Contender[] {
  const timed = (step: () => void) => {
    for (let i = 0; i < 3; i++) step();
    finish();
    const begin = performance.now();
    for (let i = 0; i < framesPerRun; i++) step();
    const seconds = (performance.now() - begin) / 1e3 / framesPerRun;
    finish();
    return Promise.resolve(seconds);
  };
  const complete = () => {
    way();
    finish();
  };
  return [
    { name: `${name} complete`, run: () => timed(complete) },
    { name: `${name} submit`, run: () => timed(way) },
  ];
}

function makeTexture(gl: GL, width: number, height: number): GLObject {
  const texture = gl.createTexture() as GLObject;
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, height);
  return texture;
}

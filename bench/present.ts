/** Drawing a frame to a window's framebuffer, against minimal OpenGL that shows the same pixels; headless. */
import { type DeviceId, type GL, type GLObject, openWindow } from 'framelane';
import { Presenter } from '../display/presenter.js';
import { Program } from '../display/program.js';
import { Frame } from '../image/frame.js';
import type { NativeShape } from '../native/plan.js';
import { type Contender, interleave, round } from './statistics.ts';

export interface PresentResult {
  readonly renderer: string;
  readonly frame: string;
  readonly framebuffer: string;
  /** Milliseconds per frame: setFrame() and draw(), until OpenGL has finished. */
  readonly present: number;
  /** texSubImage2D from memory and a textured triangle of the framebuffer's size. */
  readonly bare: number;
  /** Ratio of present to bare. */
  readonly overBare: number;
}

interface Case {
  readonly format: NativeShape['format'];
  /** Whether all pixels are opaque, like in most videos; true by default. */
  readonly opaque?: boolean;
  readonly frame: readonly [width: number, height: number];
  readonly framebuffer: readonly [width: number, height: number];
}

const cases: readonly Case[] = [
  { format: 'rgba8', frame: [1280, 720], framebuffer: [1280, 720] },
  { format: 'rgba8', frame: [2560, 1440], framebuffer: [2560, 1440] },
  { format: 'rgba8', opaque: false, frame: [2560, 1440], framebuffer: [2560, 1440] },
  { format: 'yuv420p', frame: [2560, 1440], framebuffer: [2560, 1440] },
  { format: 'yuv420p10', frame: [2560, 1440], framebuffer: [2560, 1440] },
  { format: 'rgba8', frame: [3840, 2160], framebuffer: [1280, 720] },
  { format: 'yuv420p', frame: [3840, 2160], framebuffer: [1280, 720] },
];
const framesPerRun = 8;

export async function benchPresent(device: DeviceId, rounds: number): Promise<PresentResult[]> {
  const results: PresentResult[] = [];
  for (const one of cases) results.push(await benchCase(one, device, rounds));
  return results;
}

async function benchCase(one: Case, device: DeviceId, rounds: number): Promise<PresentResult> {
  const [width, height] = one.framebuffer;
  using window = await openWindow({ provider: 'headless', width, height });
  const { gl } = window;
  using presenter = new Presenter(gl);
  using frame = frameOf(one, device);
  const present = () => {
    presenter.setFrame(frame);
    presenter.draw(width, height);
  };
  const seconds = await interleave(
    [timed('present', gl, present), timed('bare', gl, bareWay(gl, one))],
    rounds,
  );
  const milliseconds = (name: string) => round((seconds.get(name) ?? Number.NaN) * 1e3, 3);
  return {
    renderer: String(gl.getParameter(gl.RENDERER)),
    frame: `${one.format}${one.opaque === false ? ' with alpha' : ''} ${one.frame.join('x')}`,
    framebuffer: one.framebuffer.join('x'),
    present: milliseconds('present'),
    bare: milliseconds('bare'),
    overBare: round(milliseconds('present') / milliseconds('bare')),
  };
}

function frameOf({ format, opaque = true, frame: [width, height] }: Case, device: DeviceId): Frame {
  const shape = { format, width, height, matrix: 'bt709', range: 'limited' } as const;
  const frame = new Frame(shape, device, { opaque });
  if (format === 'rgba8') frame.upload(rgbaBytes(width, height));
  else frame.upload(frame.download().map((_, i) => 64 + (i % 128)));
  return frame;
}

const rgbaBytes = (width: number, height: number) =>
  new Uint8Array(width * height * 4).map((_, i) => (i % 4 === 3 ? 255 : i >> 3));

/** RGBA of the framebuffer's size, or of the frame's if it is scaled down: the minimum to show it. */
function bareWay(gl: GL, { frame: [width, height], framebuffer }: Case): () => void {
  const bytes = rgbaBytes(width, height);
  const texture = gl.createTexture() as GLObject;
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, height);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  const program = new Program(
    gl,
    `#version 300 es
    out vec2 at;
    void main() {
      vec2 corner = vec2(gl_VertexID == 1 ? 2.0 : 0.0, gl_VertexID == 2 ? 2.0 : 0.0);
      at = vec2(corner.x, 1.0 - corner.y);
      gl_Position = vec4(2.0 * corner - 1.0, 0.0, 1.0);
    }`,
    `#version 300 es
    precision highp float;
    uniform sampler2D frame;
    in vec2 at;
    out vec4 color;
    void main() { color = texture(frame, at); }`,
  );
  const corners = gl.createVertexArray();
  return () => {
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
    gl.viewport(0, 0, framebuffer[0], framebuffer[1]);
    gl.bindVertexArray(corners);
    program.use();
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.bindVertexArray(null);
    gl.bindTexture(gl.TEXTURE_2D, null);
  };
}

function timed(name: string, gl: GL, step: () => void): Contender {
  const run = () => {
    for (let i = 0; i < 2; i++) step();
    gl.finish();
    const begin = performance.now();
    for (let i = 0; i < framesPerRun; i++) {
      step();
      gl.finish();
    }
    return Promise.resolve((performance.now() - begin) / 1e3 / framesPerRun);
  };
  return { name, run };
}

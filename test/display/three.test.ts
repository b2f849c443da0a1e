/** three.js draws with a window's `gl`, and what it draws becomes an image: pixels against closed forms. */
import { download, Image, ImageU8, upload } from 'framelane';
import * as THREE from 'three';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GLObject } from '../../src/display/gl.ts';
import { HeadlessWindow } from '../../src/display/headless.ts';
import { Presenter } from '../../src/display/presenter.ts';

const [W, H] = [32, 16];
const canvas = { width: W, height: H, addEventListener() {}, removeEventListener() {} };

let window: HeadlessWindow;
let renderer: THREE.WebGLRenderer;
let scene: THREE.Scene;

beforeEach(() => {
  window = new HeadlessWindow({ width: W, height: H });
  renderer = new THREE.WebGLRenderer({ context: window.gl, canvas });
  scene = new THREE.Scene();
});

afterEach(() => {
  expect(window.gl.getError()).toBe(window.gl.NO_ERROR);
  renderer.dispose();
  window.free();
});

/** A unit is a pixel, the origin is in the middle. */
const camera = new THREE.OrthographicCamera(-W / 2, W / 2, H / 2, -H / 2, 0, 100);
camera.position.set(0, 0, 50);

function plane(width: number, height: number, material: THREE.MeshBasicMaterial): THREE.Mesh {
  const mesh = new THREE.Mesh(new THREE.PlaneGeometry(width, height), material);
  scene.add(mesh);
  return mesh;
}

interface TargetOptions {
  readonly colorSpace?: string;
  readonly samples?: number;
  readonly type?: number;
}

function render(image: Image | ImageU8, options: TargetOptions): void {
  const target = new THREE.WebGLRenderTarget(W, H, options);
  renderer.setRenderTarget(target);
  renderer.render(scene, camera);
  image.copyFromTexture(renderer.properties.get(target.texture).__webglTexture);
  target.dispose();
}

/** Of the pixel in column x and row y from the top left. */
function rendered(options: TargetOptions = { colorSpace: THREE.SRGBColorSpace }) {
  using image = new ImageU8(W, H);
  render(image, options);
  const data = download(image);
  return (x: number, y: number) => [...data.subarray(4 * (y * W + x), 4 * (y * W + x) + 4)];
}

describe.each([0, 4])('with %i samples', (samples) => {
  it('a colour comes back as it was given, in its place', () => {
    scene.background = new THREE.Color('#204060');
    const mesh = plane(4, 2, new THREE.MeshBasicMaterial({ color: '#ff8001' }));
    mesh.position.set(-10, 5, 0); // columns 4 to 7, rows 2 and 3
    const pixel = rendered({ colorSpace: THREE.SRGBColorSpace, samples });
    const [orange, blue] = [
      [255, 128, 1, 255],
      [32, 64, 96, 255],
    ];
    expect([pixel(4, 2), pixel(7, 3)]).toEqual([orange, orange]);
    expect([pixel(3, 2), pixel(8, 3), pixel(4, 1), pixel(7, 4)]).toEqual(Array(4).fill(blue));
  });

  it('what is nearer hides what is drawn after it', () => {
    const near = plane(8, 8, new THREE.MeshBasicMaterial({ color: '#ff0000' }));
    near.position.set(0, 0, 10);
    plane(16, 8, new THREE.MeshBasicMaterial({ color: '#00ff00' })).renderOrder = 1;
    const pixel = rendered({ colorSpace: THREE.SRGBColorSpace, samples });
    expect(pixel(16, 8)).toEqual([255, 0, 0, 255]);
    expect(pixel(9, 8)).toEqual([0, 255, 0, 255]);
    expect(pixel(1, 1)[3]).toBe(0);
  });
});

it('light falls by the cosine of its angle', () => {
  plane(W, H, new THREE.MeshLambertMaterial({ color: '#ffffff' }));
  // A diffuse white surface reflects irradiance / π.
  const light = new THREE.DirectionalLight('#ffffff', Math.PI);
  light.position.set(0.8, 0, 0.6);
  scene.add(light);
  expect(rendered({})(16, 8)).toEqual([153, 153, 153, 255]); // 0.6 · 255, linear
});

it('a texture starts at the bottom left', () => {
  const texels = new Uint8Array([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 9, 8, 7, 255]);
  const map = new THREE.DataTexture(texels, 2, 2);
  map.needsUpdate = true;
  plane(W, H, new THREE.MeshBasicMaterial({ map }));
  const pixel = rendered({});
  expect([pixel(2, 13), pixel(29, 13), pixel(2, 2), pixel(29, 2)]).toEqual([
    [255, 0, 0, 255],
    [0, 255, 0, 255],
    [0, 0, 255, 255],
    [9, 8, 7, 255],
  ]);
});

it('instances stand where their matrices put them', () => {
  const box = new THREE.BoxGeometry(2, 2, 2);
  const boxes = new THREE.InstancedMesh(box, new THREE.MeshBasicMaterial({ color: '#fff' }), 3);
  [-12, 0, 12].forEach((x, i) => {
    boxes.setMatrixAt(i, new THREE.Matrix4().makeTranslation(x, 0, 0));
  });
  scene.add(boxes);
  const pixel = rendered();
  const columns = Array.from({ length: W }, (_, x) => x).filter((x) => pixel(x, 8)[3] === 255);
  expect(columns).toEqual([3, 4, 15, 16, 27, 28]);
});

it('a target of floats keeps what is brighter than white', () => {
  const material = new THREE.MeshBasicMaterial();
  material.color.setRGB(2, 0.25, 0);
  plane(W, H, material);
  using image = new Image(W, H);
  render(image, { type: THREE.FloatType });
  expect([...download(image).subarray(0, 4)]).toEqual([2, 0.25, 0, 1]);
});

it('takes turns with a presenter in one context', () => {
  Object.assign(window.gl, { canvas });
  scene.background = new THREE.Color('#204060');
  plane(8, 8, new THREE.MeshBasicMaterial({ color: '#ff8001' }));
  const samples = Uint8Array.from({ length: W * H * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : (i * 7) % 256,
  );
  using shown = new ImageU8(W, H);
  upload(shown, samples);
  const presenter = new Presenter(window.gl);
  for (let turn = 0; turn < 2; turn++) {
    renderer.resetState();
    const pixel = rendered();
    expect([pixel(16, 8), pixel(1, 1)]).toEqual([
      [255, 128, 1, 255],
      [32, 64, 96, 255],
    ]);
    renderer.setRenderTarget(null);
    renderer.render(scene, camera);
    presenter.setFrame(shown);
    presenter.draw(W, H);
    expect(presenter.readPixels(W, H)).toEqual(samples);
  }
  presenter.free();
});

it('what is disposed of is deleted', () => {
  const { gl } = window;
  const kinds = ['Texture', 'Renderbuffer', 'Framebuffer'] as const;
  const alive = new Set<unknown>();
  for (const kind of kinds) {
    const make = gl[`create${kind}`].bind(gl);
    const remove = gl[`delete${kind}`].bind(gl);
    gl[`create${kind}`] = () => {
      const object = make();
      alive.add(object);
      return object;
    };
    gl[`delete${kind}`] = (object: GLObject | null) => {
      alive.delete(object);
      remove(object);
    };
  }
  plane(W, H, new THREE.MeshBasicMaterial({ color: '#fff' }));
  using image = new ImageU8(W, H);
  render(image, { samples: 4 });
  const before = alive.size;
  for (let i = 0; i < 5; i++) render(image, { samples: 4 });
  expect(alive.size).toBe(before);
});

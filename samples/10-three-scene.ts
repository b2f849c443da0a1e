// You learn: a three.js scene in a video. It is rendered without a window, copied to an image and blended over each frame.
//
//   npm install three; npx tsc -p samples && node out/samples/10-three-scene.js [in.mp4] [out.mp4]
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Blend, Image, openWindow, Resize, VideoReader, VideoWriter } from 'framelane';
import * as THREE from 'three';

const [input = 'samples/media/clip.mp4', output = 'out/three-scene.mp4'] = process.argv.slice(2);
mkdirSync(dirname(output), { recursive: true });

await using reader = await VideoReader.open(input);
const { width, height, frameRate } = reader.info;
const options = { width, height, frameRate, audioFrom: input, overwrite: true };
await using writer = await VideoWriter.open(output, options);

// three.js draws with the window's gl, and needs only these properties of a canvas.
using window = await openWindow({ provider: 'headless', width: 16, height: 16 });
const canvas = { width, height, addEventListener() {}, removeEventListener() {} };
const renderer = new THREE.WebGLRenderer({ context: window.gl, canvas });
renderer.setClearColor('#000000', 0); // transparent, so that the video shows

// Twice the size of the video: downscaling smooths the edges and keeps straight alpha, which Blend expects.
const [w, h] = [2 * width, 2 * height];
const target = new THREE.WebGLRenderTarget(w, h, { colorSpace: THREE.SRGBColorSpace });
renderer.setRenderTarget(target);

const scene = new THREE.Scene();
const camera = new THREE.PerspectiveCamera(40, w / h, 0.1, 100);
camera.position.set(0, 0, 6);
const knot = new THREE.Mesh(
  new THREE.TorusKnotGeometry(1, 0.35, 160, 24),
  new THREE.MeshStandardMaterial({ color: '#ff8000', roughness: 0.35 }),
);
const sun = new THREE.DirectionalLight('#ffffff', 3);
sun.position.set(2, 3, 4);
scene.add(knot, sun, new THREE.AmbientLight('#8090ff', 0.8));

using frame = new Image(width, height);
using rendered = new Image(w, h);
using overlay = new Image(width, height);
while (await reader.readInto(frame)) {
  knot.rotation.set(reader.timestamp, 2 * reader.timestamp, 0);
  renderer.render(scene, camera);
  rendered.copyFromTexture(renderer.properties.get(target.texture).__webglTexture);
  Resize.bilinear(rendered, { width, height, dst: overlay });
  Blend.normal(frame, overlay);
  await writer.write(frame, { timestamp: reader.timestamp });
}
await writer.close();
renderer.dispose();

console.log(`${writer.frames} frames on ${reader.device} -> ${output}`);

// What the clip shows and where: sizes, the sun, the lighthouse, the camera's way.
import { mix, normalize } from './maths.mjs';

export const width = 1280;
export const height = 720;
export const rate = 30;
export const seconds = 10;
export const focal = 1150; // pixels
export const horizon = 318; // row
export const sun = normalize([-0.34, 0.115, 0.93]);
export const lighthouse = { x: 84, z: 262, base: 13.5, tall: 30 };

export function cameraAt(time) {
  const t = time / seconds;
  const yaw = mix(-0.035, 0.05, t);
  return { x: mix(-16, 14, t), y: 15, z: mix(0, 52, t), sin: Math.sin(yaw), cos: Math.cos(yaw) };
}

/** How bright the lamp is: on at half past every second, on that very frame, gone three frames later. */
export function flashAt(index) {
  return [1, 0.5, 0.16][(index + rate / 2) % rate] ?? 0;
}

// Renders samples/media/clip.mp4: a fjord at dusk, ten seconds, made of nothing but noise and arithmetic.
//
//   node samples/media/make-clip.mjs              the whole clip (some minutes on two cores)
//   node samples/media/make-clip.mjs 15 out.png   one frame
//
// The lighthouse flashes at t = 0.5, 1.5, … and a 1 kHz beep of 80 ms starts on the very same timestamp: the clip is its own
// sync test.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { renderFrame } from './make-clip/frame.mjs';
import {
  bakeColors,
  bakeHeights,
  bakeTextures,
  makeSurfaces,
  mapSize,
  textureSize,
} from './make-clip/land.mjs';
import { height, rate, seconds, width } from './make-clip/scene.mjs';
import { renderSound } from './make-clip/sound.mjs';

function serve(surfaces) {
  const tasks = { bakeHeights, bakeColors, bakeTextures };
  parentPort.on('message', ({ task, from, to, index }) => {
    if (task === 'frame') parentPort.postMessage(Uint8Array.from(renderFrame(index, surfaces)));
    else {
      tasks[task](surfaces, from, to);
      parentPort.postMessage('done');
    }
  });
}

async function ask(worker, message) {
  worker.postMessage(message);
  const [answer] = await once(worker, 'message');
  return answer;
}

async function bake(workers, task, rows) {
  const share = Math.ceil(rows / workers.length);
  await Promise.all(
    workers.map((w, i) => ask(w, { task, from: i * share, to: Math.min(rows, (i + 1) * share) })),
  );
}

async function ffmpegPath() {
  if (process.env.FRAMELANE_FFMPEG) return process.env.FRAMELANE_FFMPEG;
  return (await import('@ffmpeg-installer/ffmpeg')).default.path;
}

async function encode(target, frameIndices, nextFrame) {
  const single = frameIndices.length === 1;
  const raw = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-video_size',
    `${width}x${height}`,
    '-framerate',
    `${rate}`,
  ];
  const sound = ['-f', 's16le', '-ar', '48000', '-ac', '2', '-i', 'pipe:3'];
  const bt709 = [
    '-color_primaries',
    'bt709',
    '-color_trc',
    'bt709',
    '-colorspace',
    'bt709',
    '-color_range',
    'tv',
  ];
  const filter =
    'scale=flags=lanczos+accurate_rnd+full_chroma_int:out_color_matrix=bt709:out_range=tv,format=yuv420p';
  const video = [
    '-c:v',
    'libx264',
    '-preset',
    'veryslow',
    '-crf',
    '25',
    '-g',
    '60',
    '-profile:v',
    'high',
    ...bt709,
  ];
  const outputs = single
    ? [target]
    : [
        '-vf',
        filter,
        ...video,
        '-c:a',
        'aac',
        '-b:a',
        '96k',
        '-movflags',
        '+faststart',
        '-map_metadata',
        '-1',
        target,
      ];
  const args = ['-v', 'error', '-y', ...raw, '-i', 'pipe:0', ...(single ? [] : sound), ...outputs];
  const child = spawn(await ffmpegPath(), args, { stdio: ['pipe', 'inherit', 'inherit', 'pipe'] });
  const closed = once(child, 'close');
  child.stdio[3].on('error', () => {}).end(single ? '' : renderSound());
  for (const index of frameIndices)
    if (!child.stdin.write(await nextFrame(index))) await once(child.stdin, 'drain');
  child.stdin.end();
  const [code] = await closed;
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}`);
}

async function main([only, file]) {
  const surfaces = makeSurfaces();
  const count = Math.min(os.availableParallelism(), 16);
  const workers = Array.from(
    { length: count },
    () => new Worker(new URL(import.meta.url), { workerData: surfaces }),
  );
  await bake(workers, 'bakeTextures', textureSize);
  await bake(workers, 'bakeHeights', mapSize);
  await bake(workers, 'bakeColors', mapSize);

  const indices =
    only === undefined ? Array.from({ length: rate * seconds }, (_, i) => i) : [Number(only)];
  const pending = new Map();
  let asked = 0;
  const nextFrame = async (index) => {
    while (asked < indices.length && asked < indices.indexOf(index) + count) {
      pending.set(
        indices[asked],
        ask(workers[asked % count], { task: 'frame', index: indices[asked] }),
      );
      asked++;
    }
    const pixels = await pending.get(index);
    pending.delete(index);
    if (index % rate === 0) console.log(`frame ${index}`);
    return pixels;
  };
  await encode(file ?? new URL('clip.mp4', import.meta.url).pathname, indices, nextFrame);
  for (const worker of workers) await worker.terminate();
}

if (isMainThread) await main(process.argv.slice(2));
else serve(workerData);

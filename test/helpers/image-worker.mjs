// A worker thread that makes, blurs, reads and frees images, and says what it got. workerData: device, seed, rounds.
import { parentPort, workerData } from 'node:worker_threads';
import { Adjust, download, Filter, Image, upload } from 'framelane';

const { device, seed, rounds } = workerData;
const samples = Float32Array.from(
  { length: 97 * 61 * 4 },
  (_, i) => ((i * 7919 + seed * 104729) % 1000) / 1000,
);
const results = [];
for (let i = 0; i < rounds; i++) {
  const image = new Image(97, 61, { device });
  upload(image, samples);
  Adjust.contrast(image, 1.25);
  const blurred = Filter.gaussianBlur(image, { radius: 5 });
  results.push(download(blurred));
  image.free();
  blurred.free();
}
parentPort.postMessage(results);

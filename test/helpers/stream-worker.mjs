// A worker thread that awaits events of a stream, and says how many, or that it has begun. workerData: device, mode.
import { parentPort, workerData } from 'node:worker_threads';
import { Fill, Image, Stream } from 'framelane';

const { device, mode } = workerData;
const stream = new Stream({ device });
const image = new Image(64, 64, { device });
const settled = [];
for (let i = 0; i < 1000; i++) {
  Fill.color(image, [i / 1000, 0, 0, 1], { stream });
  settled.push(stream.record().wait());
}
if (mode === 'ends') parentPort.postMessage('begun');
await Promise.all(settled);
if (mode === 'whole') parentPort.postMessage(settled.length);
else setInterval(() => stream.record().wait(), 0);

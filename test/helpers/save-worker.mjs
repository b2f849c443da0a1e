// A worker thread that saves pictures of one colour. workerData: id, where, stem, count.
import { workerData } from 'node:worker_threads';
import { Image, save, upload } from 'framelane';

const { id, where, stem, count } = workerData;
const image = new Image(200, 200, { device: 'cpu' });
upload(image, new Float32Array(200 * 200 * 4).fill((id + 1) / 10));
for (let i = 0; i < count; i++) await save(image, `${where}/${stem}${id}-${i}.bmp`);

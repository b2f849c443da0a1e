// A worker thread that is in the middle of reading, writing and transcoding when it is terminated. workerData: input, folder.
import { parentPort, workerData } from 'node:worker_threads';
import { pipeline, runSession, VideoReader, VideoWriter } from 'framelane';

const { input, folder, ffmpeg } = workerData;
const cpu = { device: 'cpu', overwrite: true };
const reader = await VideoReader.open(input, { device: 'cpu' });
const { width, height, frameRate } = reader.info;
const writer = await VideoWriter.open(`${folder}/written.mp4`, {
  ...cpu,
  width,
  height,
  frameRate,
});
// These wait for an FFmpeg that does nothing.
const stuck = runSession(pipeline(), input, `${folder}/stuck.mp4`, { ...cpu, ffmpeg });
stuck.finished.catch(() => {});
runSession(pipeline().sepia(1), input, `${folder}/running.mp4`, cpu).finished.catch(() => {});
let frames = 0;
for await (const image of reader) {
  await writer.write(image);
  if (++frames === 3) parentPort.postMessage('busy');
}

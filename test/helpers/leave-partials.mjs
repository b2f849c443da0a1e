// A program, or a worker thread of one, in the middle of a session and a picture. argv or workerData: input, folder, how.
import { parentPort, workerData } from 'node:worker_threads';
import { pipeline, runSession } from 'framelane';

const [input, folder, how, options] = workerData ?? process.argv.slice(2);
const session = runSession(pipeline().brightness(0.1), input, `${folder}/left.mp4`, {
  device: 'cpu',
  overwrite: true,
  ...JSON.parse(options ?? '{}'),
});
session.finished.catch(() => {});
if (how === 'handles') process.once('SIGTERM', () => session.stop());
const say = (text) =>
  parentPort === null ? process.stdout.write(`${text}\n`) : parentPort.postMessage(text);
const timer = setInterval(() => {
  if (session.stats().framesIn < 3) return;
  clearInterval(timer);
  say('busy');
  if (how === 'exits') process.exit(7);
}, 10);
const result = await session.finished;
say(JSON.stringify({ frames: result.frames, stopped: result.stopped }));

// Tells what a thread sees of OpenGL while another thread has a context: `workerData` names the built package.
import { parentPort, workerData } from 'node:worker_threads';

const load = (name) => import(`${workerData}/${name}.js`);
const { addon } = await load('native/binding');
const { openWindow } = await load('display/provider');

const codeOf = async (run) => {
  try {
    await run();
    return 'nothing was thrown';
  } catch (error) {
    return error.code;
  }
};

const adopted = await codeOf(() => new (addon().GLHandle)());
const system = await codeOf(() => openWindow({ provider: 'system', width: 8, height: 8 }));
const window = await openWindow({ provider: 'headless', width: 8, height: 8 });
const { gl } = window;
gl.clearColor(0, 1, 0, 1);
gl.clear(gl.COLOR_BUFFER_BIT);
const pixel = new Uint8Array(4);
gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
// The window is left to the end of the thread.
parentPort.postMessage({ adopted, system, pixel: [...pixel] });

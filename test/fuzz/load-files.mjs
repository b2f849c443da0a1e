// Loads each file whose path it is sent, and says what came of it: 'loaded', a code, or what should not have been thrown.
import { FramelaneError, imageInfo, load, loadLut } from 'framelane';

async function outcome(path) {
  try {
    if (path.endsWith('.cube')) {
      await loadLut(path);
    } else {
      await imageInfo(path);
      (await load(path, { device: 'cpu', pixelLimit: 2 ** 20 })).free();
    }
    return { said: 'loaded' };
  } catch (error) {
    if (error instanceof FramelaneError && error.code !== 'ERR_INTERNAL')
      return { said: error.code };
    return { said: 'wrong', error: String((error instanceof Error && error.stack) || error) };
  }
}

process.on('message', async (path) => {
  process.send({ ...(await outcome(path)), memory: process.memoryUsage.rss() });
});
process.on('unhandledRejection', (error) => {
  process.send({ said: 'wrong', error: `unhandled: ${error?.stack ?? error}` });
});

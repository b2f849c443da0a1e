// Run with --expose-gc: makes images, drops them, and prints what the ledger says. argv: device, images, width, height.
import { setImmediate as turn } from 'node:timers/promises';
import { Image, memoryUsage } from 'framelane';

const [device, count, width, height] = process.argv.slice(2);
const live = () => memoryUsage(device).device.live;

// A function of its own: nothing of the loop may keep the last image alive.
async function dropMany() {
  for (let i = 0; i < Number(count); i++) {
    new Image(Number(width), Number(height), { device });
    await turn();
  }
}

await dropMany();
const { peak } = memoryUsage(device).device;
for (let i = 0; i < 10 && live() > 0; i++) {
  globalThis.gc();
  await turn();
}
console.log(JSON.stringify({ peak, live: live() }));

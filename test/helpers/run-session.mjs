// A program of its own that runs a session. argv: input, output, options as JSON. Prints a line of JSON per progress, and
// one at the end. SIGINT stops, a second one aborts.
import { pipeline, runSession } from 'framelane';

const [input, output, options] = process.argv.slice(2);
const session = runSession(pipeline().brightness(0.1), input, output, JSON.parse(options));
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
let interrupts = 0;
process.on('SIGINT', () => (++interrupts === 1 ? session.stop() : session.abort()));
session.on('progress', ({ frames }) => say({ frames, rss: process.memoryUsage().rss }));
try {
  say({ result: await session.finished });
} catch (error) {
  say({ code: error.code });
}

/** `npm run bench [-- --device cpu|cuda:0] [--only operations|immediate|kernels|interop|sessions|transport|images|display] [--rounds n]`: prints tables, records JSON. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, release } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type DeviceOption, deviceInfo, resolveDevice } from 'framelane';
import { benchClip, clipFrames } from './clip.ts';
import { benchDisplay } from './display.ts';
import { benchImages } from './images.ts';
import { benchImmediate } from './immediate.ts';
import { benchInterop } from './interop.ts';
import { benchKernels } from './kernels.ts';
import { benchOperations } from './operations.ts';
import { benchPresent } from './present.ts';
import { benchSessions } from './sessions.ts';
import { round } from './statistics.ts';
import { benchTransport } from './transport.ts';

const { values } = parseArgs({
  options: {
    device: { type: 'string', default: 'auto' },
    only: { type: 'string', default: 'all' },
    rounds: { type: 'string', default: '5' },
    ffmpeg: { type: 'string', default: '/usr/bin/ffmpeg' },
    record: { type: 'string', default: '' },
    commit: { type: 'string', default: '' },
  },
});

const root = join(import.meta.dirname, '../..');
const device = resolveDevice(values.device as DeviceOption);
const { name, detail } = deviceInfo(device);

function ask(program: string, ...args: string[]): string {
  try {
    return execFileSync(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    return 'unknown';
  }
}

const driver = () => ask('nvidia-smi', '--query-gpu=driver_version', '--format=csv,noheader');
const wants = (part: string) => values.only === 'all' || values.only === part;
// Before all others, because it measures first calls.
const immediate = wants('immediate') ? benchImmediate(device) : undefined;
if (immediate) {
  console.table(immediate.rows.map(({ peers, ...row }) => ({ ...row, ...peers })));
  const { rows: _, ...rest } = immediate;
  console.log(JSON.stringify(rest, null, 1));
}
// Early, because it needs OpenGL: it should fail before the long benchmarks.
const display = wants('display') ? await benchDisplay(device, Number(values.rounds)) : [];
const presented = wants('display') ? await benchPresent(device, Number(values.rounds)) : [];
for (const way of [...display, ...presented]) console.log(JSON.stringify(way, null, 1));
const operations = wants('operations') ? benchOperations(device) : [];
if (operations.length > 0) console.table(operations);
const kernels = wants('kernels') && device !== 'cpu' ? benchKernels(device) : undefined;
if (kernels) console.log(JSON.stringify(kernels, null, 1));
const interop = wants('interop') ? benchInterop(device) : undefined;
if (interop) console.log(JSON.stringify(interop, null, 1));

// The FFmpeg that sessions use, to compare like with like.
const bundled: { path: string } = createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg');
const ffmpeg = process.env['FRAMELANE_FFMPEG'] || bundled.path;
const sessions = wants('sessions')
  ? await benchSessions({
      device,
      clip: benchClip(ffmpeg, join(root, 'samples/media/clip.mp4')),
      frames: clipFrames,
      ffmpeg,
      otherFfmpeg: values.ffmpeg,
      rounds: Number(values.rounds),
    })
  : [];
for (const session of sessions) console.log(JSON.stringify(session, null, 1));
const transport = wants('transport')
  ? await benchTransport({
      ffmpeg,
      sample: join(root, 'samples/media/clip.mp4'),
      rounds: Number(values.rounds),
      device,
    })
  : [];
for (const way of transport) console.log(JSON.stringify(way, null, 1));
const images = wants('images')
  ? await benchImages({
      device,
      ffmpeg,
      sample: join(root, 'samples/media/clip.mp4'),
      rounds: Number(values.rounds),
    })
  : undefined;
if (images) console.log(JSON.stringify(images, null, 1));

const result = {
  date: new Date().toISOString().slice(0, 10),
  commit: values.commit || ask('git', 'rev-parse', '--short', 'HEAD'),
  device: { id: device, name, detail, ...(device === 'cpu' ? {} : { driver: driver() }) },
  host: {
    cpu: cpus()[0]?.model ?? '',
    cores: cpus().length,
    kernel: release(),
    node: process.version,
    // Load of the last minute: above the benchmark's own threads, the machine was busy.
    load: round(loadavg()[0] ?? Number.NaN),
  },
  operations,
  ...(immediate && { immediate }),
  ...(kernels && { kernels }),
  ...(interop && { interop }),
  sessions,
  transport,
  display,
  presented,
  ...(images && { images }),
};
if (values.record) writeFileSync(values.record, `${JSON.stringify(result, null, 2)}\n`);
console.log(JSON.stringify({ device: result.device, host: result.host, commit: result.commit }));

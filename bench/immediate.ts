/**
 * The immediate API as users call it: microseconds per row with one wait at the end, against the compiled pipeline and a copy
 * of the same bytes in the same run; also the cost of a call in JavaScript, a slider, first calls, and eager execution.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import {
  Adjust,
  compilePlan,
  type DeviceId,
  deviceSync,
  Effect,
  Fill,
  Filter,
  Image,
  memoryUsage,
  Resize,
  Stream,
} from 'framelane';
import { forEachRow, type ImmediateRow } from './immediate-rows.ts';
import { type PeerTime, peerTimes } from './peers.ts';
import { median, round } from './statistics.ts';

export interface ImmediateTime {
  readonly name: string;
  readonly size: string;
  readonly microseconds: number;
  /** Until the calls return; the device may still be busy. */
  readonly submitMicroseconds: number;
}

export interface ImmediateResult extends ImmediateTime {
  readonly compiledMicroseconds: number;
  readonly copyMicroseconds: number;
  readonly ratioToCompiled: number;
  readonly ratioToCopy: number;
  /** The same with FRAMELANE_EAGER=1, in a process of its own. */
  readonly eagerMicroseconds: number;
  readonly peers: Readonly<Record<string, number>>;
}

const rounds = 5;
const now = () => performance.now() * 1000;

function timed(run: () => void): number {
  const begin = now();
  run();
  return now() - begin;
}

const waits = (device: DeviceId, run: () => void) => () => {
  run();
  deviceSync(device);
};

/** Repeats a row for about 60 ms, with one wait at the end. */
export function rowTimer({ calls }: ImmediateRow, device: DeviceId) {
  const once = waits(device, calls);
  for (let i = 0; i < 3; i++) once();
  const count = Math.max(2, Math.min(1000, Math.ceil(60_000 / timed(once))));
  const many = () => {
    for (let i = 0; i < count; i++) calls();
  };
  waits(device, many)();
  return () => {
    let submitted = 0;
    const run = () => {
      submitted = timed(many);
    };
    const whole = timed(waits(device, run));
    return { microseconds: whole / count, submitMicroseconds: submitted / count };
  };
}

export type Timed<T> = { readonly [K in keyof T]: number };

/** The medians of `rounds` runs. */
export function medians<T extends Readonly<Record<string, number>>>(run: () => T): Timed<T> {
  const runs = Array.from({ length: rounds }, run);
  const keys = Object.keys(runs[0] as T) as (keyof T)[];
  const entries = keys.map((key) => [key, round(median(runs.map((one) => one[key] as number)), 1)]);
  return Object.fromEntries(entries) as Timed<T>;
}

/** The cost of one call in JavaScript, with negligible pixels: twenty at a time, so that no chain gets full. */
function callMicroseconds(device: DeviceId): Record<string, number> {
  using image = new Image(1, 1, { device });
  using stream = new Stream({ device });
  using own = Stream.own({ device });
  Fill.color(image, [0.5, 0.2, 0.1, 1]);
  const calls: Record<string, () => unknown> = {
    'brightness(image, 0.001)': () => Adjust.brightness(image, 0.001),
    'brightness(image, { factor })': () => Adjust.brightness(image, { factor: 0.001 }),
    'brightness(image, { factor, stream: own })': () =>
      Adjust.brightness(image, { factor: 0.001, stream: own }),
    'brightness(image, { factor, stream }), launched': () =>
      Adjust.brightness(image, { factor: 0.001, stream }),
    'vignette(image, { radius, softness, color })': () =>
      Effect.vignette(image, { radius: 0.9, softness: 0.5, color: [0, 0, 0, 1] }),
  };
  const result: Record<string, number> = {};
  for (const [name, call] of Object.entries(calls)) {
    const twenty = () => {
      for (let i = 0; i < 20; i++) call();
    };
    for (let i = 0; i < 200; i++) waits(device, twenty)();
    const runs = Array.from({ length: 500 }, () => {
      deviceSync(device);
      return timed(twenty) / 20;
    });
    result[name] = round(median(runs), 2);
  }
  return result;
}

/** Latency of a slider: each radius once, then all of them again. */
function radiusSlider(device: DeviceId) {
  const [a, b, temp] = [0, 1, 2].map(() => new Image(1920, 1080, { device })) as [
    Image,
    Image,
    Image,
  ];
  Fill.gradient(a, { from: '#ff8000', to: '#0080ff80', direction: 'diagonal' });
  Filter.gaussianBlur(a, 101, { dst: b, temp });
  deviceSync(device);
  const sweep = () => {
    const times = Array.from({ length: 100 }, (_, i) => {
      const calls = () => Filter.gaussianBlur(a, i + 1, { dst: b, temp });
      let returned = 0;
      const shown = timed(
        waits(device, () => {
          returned = timed(calls);
        }),
      );
      return { radius: i + 1, shown, returned };
    });
    const slowest = times.reduce((worst, time) => (time.shown > worst.shown ? time : worst));
    return {
      medianMicroseconds: round(median(times.map(({ shown }) => shown)), 1),
      worstMicroseconds: round(slowest.shown, 1),
      worstRadius: slowest.radius,
      worstCallMicroseconds: round(Math.max(...times.map(({ returned }) => returned)), 1),
    };
  };
  const [first, again] = [sweep(), sweep()];
  // Only in builds that cache plans and coefficients.
  const { plans, coefficients } = memoryUsage(device) as {
    plans?: unknown;
    coefficients?: unknown;
  };
  for (const image of [a, b, temp]) image.free();
  return { first, again, plans, coefficients };
}

/** First calls of operations, with a new image size; and the same again. */
function firstCalls(device: DeviceId) {
  using image = new Image(1918, 1078, { device });
  using target = new Image(1918, 1078, { device });
  using half = new Image(959, 539, { device });
  const calls: Record<string, () => unknown> = {
    fillColor: () => Fill.color(image, [0.5, 0.2, 0.1, 1]),
    brightness: () => Adjust.brightness(image, 0.1),
    vignette: () => Effect.vignette(image),
    'gaussianBlur radius 12': () => Filter.gaussianBlur(image, 12, { dst: target }),
    'resize bicubic to half': () => Resize.bicubic(image, { width: 959, height: 539, dst: half }),
  };
  return Object.entries(calls).map(([name, call]) => {
    const once = waits(device, call);
    const [first, second] = [timed(once), timed(once)];
    return { name, firstMicroseconds: round(first, 1), secondMicroseconds: round(second, 1) };
  });
}

/** The rows in a process with eager calls. */
function eagerTimes(device: DeviceId): readonly ImmediateTime[] {
  const program = join(import.meta.dirname, 'immediate-eager.js');
  const env = { ...process.env, FRAMELANE_EAGER: '1' };
  const output = execFileSync(process.execPath, [program, device], { env, encoding: 'utf8' });
  return JSON.parse(output) as ImmediateTime[];
}

const named = <T extends { name: string; size: string }>(times: readonly T[], row: ImmediateRow) =>
  times.filter(({ name, size }) => name === row.name && size === row.size);

/**
 * Calls, compiled plan and copy take turns, so that other load affects all of them; each on one set of buffers, like the calls,
 * so that caches are equally warm.
 */
function compare(
  row: ImmediateRow,
  device: DeviceId,
  eager: readonly ImmediateTime[],
  peers: readonly PeerTime[],
): ImmediateResult {
  const { name, size, width, height, format, compiled } = row;
  const plan = compilePlan(compiled, { format, width, height }, { device });
  const iterations = device === 'cpu' && width > 100 ? 3 : 200;
  const run = rowTimer(row, device);
  const times = medians(() => {
    const { plan: compiledMicroseconds, copy } = plan.benchmark(iterations, 1);
    return { ...run(), compiledMicroseconds, copyMicroseconds: copy };
  });
  return {
    name,
    size,
    ...times,
    ratioToCompiled: round(times.microseconds / times.compiledMicroseconds),
    ratioToCopy: round(times.microseconds / times.copyMicroseconds),
    eagerMicroseconds: named(eager, row)[0]?.microseconds ?? Number.NaN,
    peers: Object.fromEntries(named(peers, row).map((t) => [t.peer, t.microseconds])),
  };
}

export function benchImmediate(device: DeviceId) {
  const first = firstCalls(device); // before any other call
  const { times, absent } = peerTimes(device);
  const eager = eagerTimes(device);
  const rows: ImmediateResult[] = [];
  forEachRow(device, (row) => rows.push(compare(row, device, eager, times)));
  return {
    rows,
    callMicroseconds: callMicroseconds(device),
    radiusSlider: radiusSlider(device),
    firstCalls: first,
    peers: times,
    absentPeers: absent,
  };
}

/** Runs a program through the public immediate API and notes all that its caller can see. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type AnyImage,
  apply,
  convertFloatToU8,
  convertU8ToFloat,
  copy,
  type DeviceId,
  deviceSync,
  download,
  downloadAsync,
  FramelaneError,
  type Image,
  type ImageU8,
  memoryUsage,
  type OnStream,
  type StreamReference,
  trimMemory,
  upload,
  uploadAsync,
} from 'framelane';
import { makeRandom } from '../random.ts';
import { findMethod, newImage, pipelineOf } from '../run.ts';
import { type Content, place, resultOf, stagesOf } from './known.ts';
import type { ApplyStep, OpStep, Options, Program, Rectangle, Step, Value } from './program.ts';
import { luts, noise, type Samples, viewOf } from './samples.ts';

/** An image of a program with what the test knows of it. */
export interface Live extends Content {
  readonly image: AnyImage;
  freed: boolean;
  memory: ArrayBuffer | undefined;
}

/** Samples that the caller got, unknown ones as zeros. */
export interface Shot {
  readonly what: string;
  readonly width: number;
  readonly height: number;
  readonly samples: Samples;
  readonly codes: number;
}

export interface Outcome {
  /** What each step did: "ok", or the code and the text of its error. */
  readonly events: readonly string[];
  readonly shots: readonly Shot[];
}

export interface Observer {
  before(step: Step, lives: readonly Live[]): void;
  after(step: Step, lives: readonly Live[], event: string): void;
}

interface Way {
  /** Each call runs on one of these at random, or on the device's own. */
  readonly streams?: readonly StreamReference[] | undefined;
  readonly device: DeviceId;
  /** No values beyond 0..1, no transparency. */
  readonly tame?: boolean | undefined;
  readonly gainOf?: ((op: string, options: Options) => number) | undefined;
  readonly observer?: Observer | undefined;
}

const pixelsOf = (image: AnyImage) => image.width * image.height;

export class Run {
  readonly way: Way;
  readonly lives: Live[];
  readonly events: string[] = [];
  readonly shots: Shot[] = [];

  readonly #random: () => number;

  constructor({ slots, seed }: Program, way: Way) {
    this.way = way;
    this.#random = makeRandom(seed);
    this.lives = slots.map(({ element, made, size, seed }) => {
      const live = this.make(made, element);
      live.image.resize(...size);
      if (seed !== undefined) this.fill(live, seed);
      return live;
    });
  }

  on(): OnStream {
    const { streams } = this.way;
    if (streams === undefined) return {};
    const stream = streams[Math.floor(this.#random() * (streams.length + 1))];
    return stream === undefined ? {} : { stream };
  }

  make([width, height]: readonly [number, number], element: 'f32' | 'u8'): Live {
    return this.keep(newImage({ width, height }, element, this.way.device), width * height);
  }

  keep(image: AnyImage, pixels = pixelsOf(image)): Live {
    return { image, known: new Uint8Array(pixels), codes: 0, freed: false, memory: undefined };
  }

  fill(live: Live, seed: number): void {
    const { image } = live;
    upload(image, noise(pixelsOf(image) * 4, image.element, seed, this.way.tame ?? false));
    place(live, pixelsOf(image), true, 0);
  }

  at(slot: number): Live {
    const live = this.lives[slot];
    if (live) return live;
    throw new Error(`the program has no image ${slot}`);
  }

  value(value: Value): unknown {
    if (typeof value !== 'object') return value;
    if ('slot' in value) return this.at(value.slot).image;
    return 'lut' in value ? luts[value.lut] : value;
  }

  options(options: Options): Record<string, unknown> {
    return Object.fromEntries(Object.entries(options).map(([k, v]) => [k, this.value(v)]));
  }

  /** Calls the operation or `apply`, and works out what is known of the image it filled. */
  process(step: OpStep | ApplyStep): void {
    const { dst, temp, into, frees } = step;
    if (into !== undefined && frees) this.free(into);
    const source = this.at(step.image);
    const stages = stagesOf(step);
    const images = stages.flatMap(({ options }) =>
      Object.values(options).flatMap((value) => {
        if (typeof value !== 'object' || !('slot' in value)) return [];
        const { image, known, codes, freed } = this.at(value.slot);
        // What lends its memory is nothing to read from.
        const lends = value.slot === temp;
        return [
          { known: !lends && !freed && !known.subarray(0, pixelsOf(image)).includes(0), codes },
        ];
      }),
    );
    const pixels = source.freed ? 0 : pixelsOf(source.image);
    const made = resultOf(stages, { source, pixels, images }, this.way.gainOf ?? (() => 1));
    if (temp !== undefined && temp !== step.image && temp !== dst) this.at(temp).known.fill(0);

    const buffers = {
      ...(dst === undefined ? {} : { dst: this.at(dst).image }),
      ...(temp === undefined ? {} : { temp: this.at(temp).image }),
    };
    const result = this.call(step, source.image, buffers);
    if (into !== undefined) this.lives[into] = this.keep(result);
    const target = this.at(into ?? dst ?? step.image);
    if (target.image !== result) throw new Error('the call returned another image than its target');
    const rounds = target.image.element === 'u8' && made.codes + stages.length > 0;
    place(target, pixelsOf(result), made.known, made.codes + (rounds ? 1 : 0));
  }

  call(step: OpStep | ApplyStep, image: AnyImage, buffers: object): AnyImage {
    if (step.call === 'apply') {
      const stages = step.stages.map(({ op, options }) => ({ ...this.options(options), op }));
      return apply(pipelineOf(...stages), image, { ...buffers, ...this.on() });
    }
    const { method, rest } = findMethod(step.op, this.options(step.options));
    return method(image, { ...rest, ...buffers, ...this.on() });
  }

  free(slot: number): void {
    const live = this.at(slot);
    live.image.free();
    live.freed = true;
  }

  convert(step: Step & { to: number; from: number }): void {
    const [to, from] = [this.at(step.to), this.at(step.from)];
    if (step.call === 'copy') copy(to.image, from.image, this.on());
    if (step.call === 'convertFloatToU8')
      convertFloatToU8(to.image as ImageU8, from.image as Image, this.on());
    if (step.call === 'convertU8ToFloat')
      convertU8ToFloat(to.image as Image, from.image as ImageU8, this.on());
    const codes = from.codes + (step.call === 'convertFloatToU8' ? 1 : 0);
    if (to !== from) place(to, pixelsOf(to.image), from.known, codes);
  }

  async upload(step: Step & { call: 'upload' }): Promise<void> {
    const live = this.at(step.image);
    const { image } = live;
    const { region, extra = 0 } = step;
    const pixels = region ? region[2] * region[3] : pixelsOf(image);
    const samples = noise(pixels * 4 + extra, step.as, step.seed, this.way.tame ?? false);
    if (step.waits) await uploadAsync(image, samples, this.on());
    else upload(image, samples, { ...(region && { region: regionOf(region) }), ...this.on() });
    const codes = step.as === image.element ? 0 : 1;
    if (region) {
      for (const at of pixelsIn(region, image)) live.known[at] = 1;
      live.codes = Math.max(live.codes, codes);
    } else place(live, pixels, true, codes);
  }

  async download(step: Step & { call: 'download' }): Promise<void> {
    const live = this.at(step.image);
    const { region, as } = step;
    const options = { as, ...(region && { region: regionOf(region) }), ...this.on() };
    const samples = step.waits
      ? await downloadAsync(live.image, { as: as as 'u8', ...this.on() })
      : download(live.image, options as { as: 'u8' });
    this.note(`download of i${step.image}`, live, samples, region);
  }

  note(what: string, live: Live, samples: Samples, region?: Rectangle): void {
    const { width, height } = live.image;
    const codes = live.codes + (samples instanceof Uint8Array ? 1 : 0);
    const indices = region ? pixelsIn(region, live.image) : undefined;
    const count = samples.length / 4;
    for (let i = 0; i < count; i++) {
      if (live.known[indices?.[i] ?? i] === 0) samples.fill(0, 4 * i, 4 * i + 4);
    }
    this.shots.push({ what: `${this.events.length + 1}: ${what}`, width, height, samples, codes });
  }

  poke({ image: slot, seed }: Step & { call: 'poke' }): void {
    const live = this.at(slot);
    if (!live.memory || live.freed) return;
    const samples = viewOf(live.image, live.memory);
    const pixel = Math.floor(makeRandom(seed)() * pixelsOf(live.image));
    samples.set(noise(4, live.image.element, seed, this.way.tame ?? false), 4 * pixel);
    live.known[pixel] = 1;
  }

  perform(step: Step): void | Promise<void> {
    switch (step.call) {
      case 'op':
      case 'apply':
        return this.process(step);
      case 'copy':
      case 'convertFloatToU8':
      case 'convertU8ToFloat':
        return this.convert(step);
      case 'upload':
        return this.upload(step);
      case 'download':
        return this.download(step);
      case 'resize':
        return resizeBy(step, this.at(step.image).image);
      case 'free':
        return this.free(step.image);
      case 'make':
        this.lives[step.image] = this.make(step.size, step.element);
        return;
      case 'asPinned': {
        const live = this.at(step.image);
        live.memory = live.image.asPinned().buffer as ArrayBuffer;
        return;
      }
      case 'poke':
        return this.poke(step);
      case 'collect':
        return collect();
      case 'deviceSync':
        return deviceSync(this.way.device);
      case 'trimMemory':
        return trimMemory(this.way.device);
      case 'memoryUsage':
        memoryUsage(this.way.device);
    }
  }

  async step(step: Step): Promise<void> {
    let event = 'ok';
    this.way.observer?.before(step, this.lives);
    try {
      const done = this.perform(step);
      if (done) await done;
    } catch (error) {
      if (!(error instanceof FramelaneError)) throw error;
      event = `${error.code}: ${error.message}`;
    }
    this.way.observer?.after(step, this.lives, event);
    for (const [i, live] of this.lives.entries()) {
      if (!live.memory || live.freed) continue;
      this.note(`memory of i${i}`, live, viewOf(live.image, live.memory).slice());
    }
    this.events.push(event);
  }

  /** Whatever is left is looked at, too. */
  end(): Outcome {
    for (const [i, live] of this.lives.entries()) {
      if (live.freed) continue;
      this.note(`i${i} in the end`, live, download(live.image as Image));
      live.image.free();
    }
    return { events: this.events, shots: this.shots };
  }
}

let gc: (() => void) | undefined;

function collect(): void {
  if (!gc) {
    setFlagsFromString('--expose-gc');
    const full: (options: { type: 'minor' }) => void = runInNewContext('gc');
    gc = () => full({ type: 'minor' });
  }
  gc();
}

function resizeBy({ by, size }: Step & { call: 'resize' }, image: AnyImage): void {
  if (by === 'width') image.width = size[0];
  if (by === 'height') image.height = size[1];
  if (by === 'method') image.resize(...size);
}

const regionOf = ([x, y, width, height]: Rectangle) => ({ x, y, width, height });

function pixelsIn([x, y, width, height]: Rectangle, image: AnyImage): number[] {
  return Array.from({ length: width * height }, (_, i) => {
    return (y + Math.floor(i / width)) * image.width + x + (i % width);
  });
}

export async function execute(program: Program, way: Way): Promise<Outcome> {
  const run = new Run(program, way);
  for (const step of program.steps) await run.step(step);
  return run.end();
}

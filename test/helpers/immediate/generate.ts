/** Random programs of the immediate API, the same for the same seed. */
import { ops } from 'framelane';
import type { OpDeclaration } from '../../../src/schema/declaration.ts';
import type { Parameter } from '../../../src/schema/parameter.ts';
import type { Element } from '../image.ts';
import { makeRandom } from '../random.ts';
import type {
  ApplyStep,
  OpStep,
  Options,
  Program,
  Rectangle,
  Slot,
  Step,
  Value,
} from './program.ts';

export interface Dice {
  chance(probability: number): boolean;
  between(from: number, to: number): number;
  whole(from: number, to: number): number;
  of<T>(values: readonly T[]): T;
}

export function makeDice(seed: number): Dice {
  const random = makeRandom(seed);
  const between = (from: number, to: number) => from + (to - from) * random();
  const whole = (from: number, to: number) => Math.floor(between(from, to + 1));
  const of = <T>(values: readonly T[]) => values[whole(0, values.length - 1)] as T;
  return { between, whole, of, chance: (probability) => random() < probability };
}

/** Odd ones, one pixel, one row, one column, and one wider than a strip of the CPU. */
const sizes = [
  [1, 1],
  [1, 7],
  [7, 1],
  [5, 4],
  [8, 8],
  [13, 9],
  [17, 11],
  [261, 2],
] as const;

/** What a kind of program may hold; the default is everything. */
export interface Rules {
  /** Options of an operation, where not any that are legal will do; no entry leaves the operation out. */
  readonly options?: Readonly<Record<string, (dice: Dice) => Options>> | undefined;
  readonly mistakes?: boolean | undefined;
  /** Pictures without transparency. */
  readonly opaque?: boolean | undefined;
}

/** Those that make images. */
const declarations = Object.values<OpDeclaration>(ops).filter(
  ({ pattern }) => pattern !== 'result',
);

function numberFor(parameter: Parameter & { kind: 'number' | 'integer' }, dice: Dice): number {
  const { min, exclusiveMin, max, unit } = parameter;
  const spread = unit === 'degrees' ? 360 : parameter.kind === 'integer' ? 12 : 1.6;
  const low = min ?? (exclusiveMin === undefined ? -spread : exclusiveMin + 0.05);
  // A range that goes far to both sides is one around zero.
  const from = low < -1000 ? -spread : low;
  const to = Math.min(max ?? Number.POSITIVE_INFINITY, from + 2 * spread + (from >= 48 ? 900 : 0));
  if (parameter.kind === 'integer') return dice.whole(from, to);
  return dice.chance(0.08)
    ? dice.of([from, 1, 0].filter((v) => v >= from))
    : dice.between(from, to);
}

class Generator {
  readonly dice: Dice;
  readonly rules: Rules;
  readonly slots: readonly Slot[];
  /** What each slot is now, as far as one can tell without running: freed ones stay in play, for the errors. */
  readonly elements: Element[];
  readonly pinned = new Set<number>();

  constructor(dice: Dice, rules: Rules) {
    this.dice = dice;
    this.rules = rules;
    // Often all of one size: there calls fit together, and overwrite each other whole.
    const size = dice.chance(0.6) ? dice.of(sizes) : undefined;
    this.slots = Array.from(
      { length: dice.chance(0.1) ? dice.whole(9, 12) : dice.whole(2, 6) },
      (_, i) => {
        return this.slot(i, size ?? dice.of(sizes));
      },
    );
    this.elements = this.slots.map(({ element }) => element);
  }

  slot(index: number, size: (typeof sizes)[number]): Slot {
    const { dice } = this;
    const made = dice.chance(0.3) ? ([size[0] + 3, size[1] + 2] as const) : size;
    const element =
      index < 2 ? (['f32', 'u8'] as const)[index] : dice.of(['f32', 'f32', 'u8'] as const);
    const seed = dice.chance(0.07) ? undefined : dice.whole(1, 9999);
    return { element: element ?? 'f32', made, size, seed };
  }

  any = () => this.dice.whole(0, this.slots.length - 1);

  /** A slot of that element type; there is one of each from the start, unless they were replaced. */
  slotOf(element: Element): number {
    const right = this.elements.flatMap((own, i) => (own === element ? [i] : []));
    return right.length > 0 ? this.dice.of(right) : this.any();
  }

  like = (slot: number) => this.slotOf(this.elements[slot] ?? 'f32');

  value(parameter: Parameter): Value {
    const { dice } = this;
    switch (parameter.kind) {
      case 'number':
      case 'integer':
        return numberFor(parameter, dice);
      case 'boolean':
        return dice.chance(0.5);
      case 'enum':
        return dice.of(parameter.values);
      case 'color': {
        const channel = () => dice.between(-0.2, 1.2);
        const alpha = dice.chance(0.5) ? 1 : dice.between(0, 1);
        return [channel(), channel(), channel(), alpha].map(Math.fround);
      }
      case 'image':
        return { slot: this.any() };
      case 'lut':
        return { lut: dice.whole(0, 1) };
      default:
        throw new Error(`no random value for an option of the kind ${parameter.kind}`);
    }
  }

  options(op: OpDeclaration): Options {
    const { dice } = this;
    const given = this.rules.options?.[op.name]?.(dice);
    const entries = Object.entries(op.parameters).flatMap(
      ([name, parameter]): [string, Value][] => {
        if (given && Object.hasOwn(given, name)) return [[name, given[name] as Value]];
        if (given && parameter.kind !== 'image') return [];
        const omittable = 'default' in parameter || ('optional' in parameter && parameter.optional);
        return omittable && dice.chance(0.45) ? [] : [[name, this.value(parameter)]];
      },
    );
    const [first] = op.atLeastOneOf ?? [];
    const lacks = first !== undefined && !entries.some(([name]) => op.atLeastOneOf?.includes(name));
    if (lacks) entries.push([first, this.value(op.parameters[first] as Parameter)]);
    const options = Object.fromEntries(entries);
    // Long sides are nobody's business here; most results should fit into what there is.
    for (const side of ['width', 'height']) {
      if (typeof options[side] === 'number') options[side] = dice.whole(1, 12);
    }
    return this.rules.mistakes && dice.chance(0.06) ? this.spoilt(op, options) : options;
  }

  /** Options that the call refuses, whatever the operation. */
  spoilt(op: OpDeclaration, options: Options): Options {
    const decided = Object.values(op.methods).flatMap((preset) => Object.keys(preset));
    const names = Object.keys(op.parameters).filter((name) => !decided.includes(name));
    const name = names.length === 0 ? 'nonsense' : this.dice.of([...names, 'nonsense']);
    return { ...options, [name]: this.dice.of([Number.NaN, 'nonsense', [1, 2], -70_000.5]) };
  }

  isLegal(name: string): boolean {
    const { options } = this.rules;
    return !options || Object.hasOwn(options, name);
  }

  declaration(pattern?: 'inPlace' | 'dst'): OpDeclaration {
    const legal = declarations.filter(({ name }) => this.isLegal(name));
    const blend = legal.find(({ name }) => name === 'blend');
    if (blend && pattern !== 'dst' && this.dice.chance(0.15)) return blend;
    return this.dice.of(pattern ? legal.filter((op) => op.pattern === pattern) : legal);
  }

  /** Mostly a buffer of the image's own kind: the image itself as often as another. */
  buffers(image: number): Pick<OpStep, 'dst' | 'temp' | 'into' | 'frees'> {
    const { dice } = this;
    const temp = dice.chance(0.3) ? this.any() : undefined;
    if (dice.chance(0.25)) {
      return {
        into: this.renewed(this.any(), this.elements[image]),
        frees: dice.chance(0.5),
        temp,
      };
    }
    const dst = dice.chance(0.2) ? image : dice.chance(0.85) ? this.like(image) : this.any();
    return { dst, temp };
  }

  renewed(slot: number, element: Element = 'f32'): number {
    this.elements[slot] = element;
    this.pinned.delete(slot);
    return slot;
  }

  op(image = this.any(), pattern?: 'inPlace' | 'dst'): OpStep {
    const op = this.declaration(pattern);
    const options = this.options(op);
    const buffers = op.pattern === 'dst' ? this.buffers(image) : {};
    return { call: 'op', image, op: op.name, options, ...buffers };
  }

  apply(): ApplyStep {
    const image = this.any();
    const stages = Array.from({ length: this.dice.whole(0, 5) }, () => {
      const op = this.declaration();
      return { op: op.name, options: this.options(op) };
    });
    return { call: 'apply', image, stages, ...this.buffers(image) };
  }

  region(): Rectangle | undefined {
    const { dice } = this;
    if (dice.chance(0.6)) return undefined;
    return [dice.whole(0, 3), dice.whole(0, 2), dice.whole(1, 6), dice.whole(1, 3)];
  }

  transfer(): Step[] {
    const { dice } = this;
    const image = this.any();
    const as = dice.of(['f32', 'u8'] as const);
    const waits = dice.chance(0.04);
    const region = waits ? undefined : this.region();
    if (dice.chance(0.5)) return [{ call: 'download', image, as, region, waits }];
    const extra = this.rules.mistakes && dice.chance(0.1) ? 4 : undefined;
    return [{ call: 'upload', image, as, region, extra, waits, seed: dice.whole(1, 9999) }];
  }

  conversion(): Step {
    const { dice } = this;
    if (dice.chance(0.3)) {
      const to = this.any();
      return { call: 'copy', to, from: dice.chance(0.8) ? this.like(to) : this.any() };
    }
    const [u8, f32] = [this.slotOf('u8'), this.slotOf('f32')];
    if (dice.chance(0.5)) return { call: 'convertFloatToU8', to: u8, from: f32 };
    return { call: 'convertU8ToFloat', to: f32, from: u8 };
  }

  /** The loop of those who keep bytes and work on floats, once or several times. */
  loop(): Step[] {
    const { dice } = this;
    const [bytes, floats] = [this.slotOf('u8'), this.slotOf('f32')];
    const body: Step[] = [
      { call: 'convertU8ToFloat', to: floats, from: bytes },
      ...Array.from({ length: dice.whole(0, 4) }, () => this.op(floats, 'inPlace')),
      { call: 'convertFloatToU8', to: bytes, from: floats },
    ];
    return Array.from({ length: dice.whole(1, 3) }, () => body).flat();
  }

  /** More on one image than one pass takes: of steps, or of second images. */
  series(): Step[] {
    const { dice } = this;
    const image = this.any();
    const blend = declarations.find(({ name }) => name === 'blend') as OpDeclaration;
    if (dice.chance(0.5)) {
      return Array.from({ length: dice.whole(18, 30) }, () => this.op(image, 'inPlace'));
    }
    return Array.from({ length: dice.whole(4, 7) }, () => {
      return { call: 'op', image, op: 'blend', options: this.options(blend) };
    });
  }

  /** A smaller result over one that may still wait, and then the whole memory again. */
  shrunk(): Step[] {
    const image = this.any();
    const size = this.slots[image]?.made ?? [1, 1];
    const options = { x: 0, y: 0, width: this.dice.whole(1, 3), height: this.dice.whole(1, 3) };
    return [
      this.op(image, 'inPlace'),
      { call: 'op', image: this.like(image), op: 'crop', options, dst: image },
      { call: 'resize', image, size, by: 'method' },
    ];
  }

  memory(): Step[] {
    const { dice } = this;
    const image = this.any();
    const kind = dice.whole(0, 9);
    if (kind < 2 && this.rules.mistakes) {
      const freed: Step = { call: 'free', image };
      return dice.chance(0.3) ? [freed] : [freed, ...this.replacement(image)];
    }
    if (kind < 4) return this.replacement(image);
    if (kind < 7) {
      const by = dice.of(['width', 'height', 'method'] as const);
      // Back to all that it holds: what a smaller result has left there shows again.
      const made = this.slots[image]?.made;
      if (made && dice.chance(0.4)) return [{ call: 'resize', image, size: made, by: 'method' }];
      return [{ call: 'resize', image, size: [dice.whole(1, 14), dice.whole(1, 9)], by }];
    }
    if (kind < 8) {
      this.pinned.add(image);
      return [{ call: 'asPinned', image }];
    }
    return [{ call: dice.of(['deviceSync', 'memoryUsage', 'trimMemory', 'collect'] as const) }];
  }

  /** Another image in that slot; the one before is nobody's, and collected some time. */
  replacement(image: number): Step[] {
    const { dice } = this;
    const element = dice.chance(0.7)
      ? (this.elements[image] ?? 'f32')
      : dice.of(['f32', 'u8'] as const);
    const size = this.slots[image]?.made ?? [1, 1];
    const made: Step = {
      call: 'make',
      image,
      element,
      size: dice.chance(0.7) ? size : dice.of(sizes),
    };
    this.renewed(image, element);
    const fill: Step = { call: 'upload', image, seed: dice.whole(1, 9999), as: element };
    return dice.chance(0.7) ? [made, fill] : [made];
  }

  steps(): Step[] {
    const [seen] = this.pinned;
    if (seen !== undefined && this.dice.chance(0.1)) {
      return [{ call: 'poke', image: seen, seed: this.dice.whole(1, 9999) }];
    }
    const kind = this.dice.between(0, 1);
    if (kind < 0.5) return [this.op(this.any(), this.dice.chance(0.65) ? 'inPlace' : 'dst')];
    if (kind < 0.64) return [this.conversion()];
    if (kind < 0.69) return this.loop();
    if (kind < 0.7) return this.series();
    if (kind < 0.71 && this.isLegal('crop')) return this.shrunk();
    if (kind < 0.79) return [this.apply()];
    return kind < 0.88 ? this.transfer() : this.memory();
  }
}

export function randomProgram(seed: number, rules: Rules = { mistakes: true }): Program {
  const generator = new Generator(makeDice(seed), rules);
  const length = generator.dice.whole(1, 40);
  const steps: Step[] = [];
  while (steps.length < length) steps.push(...generator.steps());
  return { seed, slots: generator.slots, steps: steps.slice(0, length) };
}

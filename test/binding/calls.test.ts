/** Everything the addon exports, called with what nobody should call it with: a FramelaneError or a value, never a crash. */
import { FramelaneError, ImageU8 } from 'framelane';
import { describe, expect, it } from 'vitest';
import { handleOf } from '../../src/image/image.ts';
import { addon } from '../../src/native/binding.ts';
import { planOf } from '../helpers/native-session.ts';

type Call = (...values: unknown[]) => unknown;
type Constructor = new (...values: unknown[]) => object;

// No number among them is a descriptor that is open, as some calls close what they are given.
const wrong: readonly unknown[] = [
  undefined,
  null,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  -(2 ** 31) - 1,
  1.5,
  1e300,
  2 ** 31,
  2 ** 53,
  2 ** 64,
  10n,
  true,
  '',
  'cpu',
  'cuda:99',
  'x'.repeat(100_000),
  Symbol('no'),
  {},
  [],
  [Number.NaN, {}],
  [Symbol('no'), 0],
  { width: 1e300, height: Number.NaN, format: 'rgba8' },
  { device: Symbol('no') },
  new Float32Array(3),
  new Uint8Array(0),
  new BigInt64Array(2),
  new DataView(new ArrayBuffer(4)),
  new ArrayBuffer(8),
  () => 1,
  new Proxy({}, { get: () => Number.NaN }),
];

/** Every value in every place, the others being the same value, right ones, or none. */
function* argumentLists(right: readonly unknown[]) {
  yield [];
  for (const value of wrong) {
    for (let count = 1; count <= 4; count++) yield Array.from({ length: count }, () => value);
    for (let place = 0; place < right.length; place++) yield right.with(place, value);
  }
}

const failures: string[] = [];

async function check(name: string, call: Call, right: readonly unknown[] = []): Promise<void> {
  for (const values of argumentLists(right)) {
    try {
      await call(...values);
    } catch (error) {
      if (error instanceof FramelaneError && error.code !== 'ERR_INTERNAL') continue;
      failures.push(`${name}(${values.map((value) => typeof value)}): ${error}`);
    }
  }
}

const methodsOf = (object: object): string[] => {
  const prototype = Object.getPrototypeOf(object);
  return Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([name, { value }]) => typeof value === 'function' && name !== 'constructor')
    .map(([name]) => name);
};

async function checkMethods(kind: string, object: object, except: readonly string[] = []) {
  const names = methodsOf(object).filter((name) => !except.includes(name));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const method = Reflect.get(object, name) as Call;
    await check(`${kind}.${name}`, (...values) => method.apply(object, values));
  }
}

const shape = {
  format: 'rgba8',
  width: 4,
  height: 2,
  matrix: 'bt709',
  range: 'full',
} as const;
const newImage = () => handleOf(new ImageU8(4, 2, { device: 'cpu' }));
const owner = {};
const [invert, number] = [addon().opId('invert'), newImage().id];
const newPlan = () => planOf({ shape, outputs: [] }, {});

describe('wrong arguments', () => {
  it('of functions and constructors are FramelaneErrors', async () => {
    const exported = Object.entries(addon()).filter(([name]) => name !== 'initialize');
    expect(exported.length).toBeGreaterThan(15);
    const right: Readonly<Record<string, readonly unknown[]>> = {
      ImageHandle: [number],
      makeImage: [owner, 0, 1, 2, 2],
      makeFrame: [owner, 'cpu', shape],
      record: [invert, number, number, number],
      recordedSize: [invert, number],
      recordCopy: [number, number],
      imageWidth: [number],
      outputSize: [[{ op: 'flip', horizontal: true, vertical: false }], 3, 2],
      apply: [[], newImage(), newImage(), null],
      measure: [{ op: 'histogram' }, newImage()],
      hostMemory: ['cpu', 64],
      setMemoryBudget: ['cpu', 'host', 0],
      GLTextureHandle: ['cpu', 1],
      FrameSourceHandle: [-1, 'cpu', shape],
      FrameSinkHandle: [-1, newPlan(), [1, 25], [25, 1]],
    };
    for (const [name, value] of exported) {
      const isClass = name.endsWith('Handle');
      const call: Call = isClass
        ? (...values) => new (value as unknown as Constructor)(...values)
        : (value as unknown as Call);
      await check(name, call, right[name]);
    }
    addon().setMemoryBudget('cpu', 'host', 0);
    addon().setMemoryBudget('cpu', 'device', 0);
    expect(failures).toEqual([]);
  });

  it('of methods are FramelaneErrors', async () => {
    await checkMethods('image', newImage());
    await checkMethods('plan', newPlan());
    const runner = new (addon().PlanRunnerHandle)('cpu');
    await checkMethods('runner', runner, ['close']);
    await runner.close();
    expect(failures).toEqual([]);
  });

  it('of streams are FramelaneErrors, before and after their end', async () => {
    const [input, output] = [addon().socketPair(), addon().socketPair()];
    const source = new (addon().FrameSourceHandle)(input.local, 'cpu', shape);
    const sink = new (addon().FrameSinkHandle)(output.local, newPlan(), [1, 25], [25, 1]);
    const session = new (addon().SessionHandle)(-1, [
      {
        descriptor: -1,
        plan: newPlan(),
        frameRate: [25, 1],
        constantRate: null,
        start: 0,
        maxFrames: 0,
      },
    ]);
    await checkMethods('source', source, ['close']);
    await checkMethods('sink', sink, ['close', 'finish']);
    await checkMethods('session', session, ['close', 'run', 'finish', 'abort']);
    for (const stream of [source, sink, session]) await stream.close();
    await checkMethods('closed source', source);
    await checkMethods('closed sink', sink);
    await checkMethods('closed session', session);
    for (const { remote } of [input, output]) addon().closeDescriptor(remote);
    expect(failures).toEqual([]);
  });

  it('of initialize leave the error class as it is', () => {
    for (const value of wrong.filter((candidate) => typeof candidate !== 'function')) {
      expect(() => addon().initialize(value as typeof FramelaneError)).toThrow(FramelaneError);
    }
  });

  it('no descriptor is closed for a number that is none', () => {
    for (const number of [Number.NaN, 0.5, 2 ** 32, 1e300, Number.POSITIVE_INFINITY]) {
      expect(() => addon().closeDescriptor(number)).toThrow('expected a file descriptor');
    }
  });
});

/**
 * Random programs of the immediate API do the same whenever their calls run: at once, when somebody looks, or at random in
 * between. FRAMELANE_RANDOM_ROUNDS=10000 runs so many, FRAMELANE_RANDOM_SEED=7 begins at another one.
 */
import { type DeviceId, Stream } from 'framelane';
import { afterAll, describe, expect } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import { difference, exactly, nearly } from '../helpers/immediate/compare.ts';
import { type Rules, randomProgram } from '../helpers/immediate/generate.ts';
import { StepModel } from '../helpers/immediate/model.ts';
import { immediateStats, type Policy, policyText, usePolicy } from '../helpers/immediate/policy.ts';
import { type Program, programText, shrink } from '../helpers/immediate/program.ts';
import { execute, type Outcome } from '../helpers/immediate/run.ts';
import { exactOptions, tameGain, tameOptions } from '../helpers/immediate/tame.ts';

const rounds = (few: number) => Number(process.env['FRAMELANE_RANDOM_ROUNDS'] ?? few);
const firstSeed = Number(process.env['FRAMELANE_RANDOM_SEED'] ?? 1);

afterAll(() => usePolicy({ mode: 'deferred', fold: true }));

type Check = (program: Program) => Promise<string | undefined>;

/** Runs programs until one fails, and says which, as small as it can be made. */
async function checkPrograms(count: number, rules: Rules, check: Check): Promise<void> {
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const program = randomProgram(seed, rules);
    const found = await check(program);
    if (found === undefined) continue;
    const small = await shrink(
      program,
      async (candidate) => (await check(candidate)) !== undefined,
    );
    const again = (await check(small)) ?? `${found} (the first time only)`;
    expect.fail(`${again}\n${programText(small)}`);
  }
}

/** Every chain is one pass, however many images take its value. */
async function runUnder(policy: Policy, program: Program, device: DeviceId, tame = false) {
  usePolicy(policy);
  const before = immediateStats();
  const outcome = await execute(program, { device, tame, gainOf: tame ? tameGain : undefined });
  const { launched, passes } = immediateStats();
  expect(passes - before.passes, policyText(policy)).toBe(launched - before.launched);
  return outcome;
}

/** What differs between a program that runs at once and the same under other policies. */
async function differsFrom(
  expected: Outcome,
  policies: readonly Policy[],
  run: (policy: Policy) => Promise<Outcome>,
  differ = exactly,
): Promise<string | undefined> {
  for (const policy of policies) {
    const found = difference(expected, await run(policy), differ);
    if (found) return `${policyText(policy)}: ${found}`;
  }
  return undefined;
}

describe('random programs', () => {
  onEachDevice('are bit for bit the same whenever their calls run', (device) =>
    checkPrograms(rounds(1500), { mistakes: true }, async (program) => {
      const run = (policy: Policy) => runUnder(policy, program, device);
      const expected = await run({ mode: 'eager', fold: false });
      const policies: Policy[] = [
        { mode: 'deferred', fold: false },
        { mode: 'random', seed: program.seed, fold: false },
        { mode: 'random', seed: program.seed + 7919, fold: false },
      ];
      return differsFrom(expected, policies, run);
    }),
  );

  onEachDevice('are bit for bit the same on several streams', (device) =>
    checkPrograms(rounds(500), { mistakes: true }, async (program) => {
      const expected = await runUnder({ mode: 'eager', fold: false }, program, device);
      using first = new Stream({ device });
      using second = new Stream({ device, priority: 'high' });
      using third = new Stream({ device });
      const policy: Policy = { mode: 'deferred', fold: false };
      usePolicy(policy);
      return await differsFrom(expected, [policy], () =>
        execute(program, { device, streams: [first, second, third] }),
      );
    }),
  );

  // Values stay in 0..1 and opaque, so that what a fold moves in the last bit is not enlarged: see tame.ts.
  onEachDevice('are nearly the same where affine operations fold', (device) =>
    checkPrograms(rounds(300), { options: tameOptions, opaque: true }, async (program) => {
      const run = (policy: Policy) => runUnder(policy, program, device, true);
      const expected = await run({ mode: 'eager', fold: false });
      return differsFrom(expected, [{ mode: 'deferred', fold: true }], run, nearly);
    }),
  );

  onEachDevice('change what each call says and nothing else, and round as they should', (device) =>
    checkPrograms(rounds(300), { options: exactOptions, mistakes: true }, async (program) => {
      usePolicy({ mode: 'eager', fold: false });
      const model = new StepModel();
      await execute(program, { device, observer: model });
      return model.found;
    }),
  );
});

/**
 * Whatever the addon exports sees what has been written to an image, whenever calls run. The rows are held against the
 * addon itself: an export without one fails, so that nobody adds a reader that forgets.
 */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { addon } from '../../src/native/binding.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { glRows } from '../helpers/immediate/gl-exports.ts';
import {
  functionRows,
  imageRows,
  planRows,
  type Rows,
} from '../helpers/immediate/image-exports.ts';
import { interopRows } from '../helpers/immediate/interop-exports.ts';
import { kernelRows } from '../helpers/immediate/kernel-exports.ts';
import { mediaRows } from '../helpers/immediate/media-exports.ts';
import { expectAll, filled, pending, write, written } from '../helpers/immediate/pending.ts';
import { immediateStats, type Policy, usePolicy } from '../helpers/immediate/policy.ts';
import { recordRows } from '../helpers/immediate/record-exports.ts';

const policyRows: Rows = {
  immediatePolicy: (device) => {
    for (const mode of ['eager', 'random', 'deferred'] as const) {
      using image = pending('u8', device);
      usePolicy({ mode });
      expectAll(image, written);
    }
  },
  // What the other rows stand on: that the images which they are given do wait.
  immediateStats: (device) => {
    usePolicy({ mode: 'deferred' });
    using image = filled('u8', device);
    const { recorded, launched } = immediateStats();
    write(image);
    expect(immediateStats()).toMatchObject({ recorded: recorded + 2, launched });
    expectAll(image, written);
    expect(immediateStats().launched).toBe(launched + 1);
  },
};

const rows: Rows = {
  ...functionRows,
  ...imageRows,
  ...planRows,
  ...recordRows,
  ...mediaRows,
  ...glRows,
  ...kernelRows,
  ...interopRows,
  ...policyRows,
};

/** Functions by their names, classes by those of their members, or as a whole where they know no image. */
function exported(): string[] {
  return Object.entries(addon()).flatMap(([name, value]) => {
    const isClass = name.endsWith('Handle');
    if (!isClass) return [name];
    if (Object.hasOwn(rows, `${name}.*`)) return [`${name}.*`];
    return Object.getOwnPropertyNames(value.prototype).map((member) => `${name}.${member}`);
  });
}

it('every export has a row, and every row an export', () => {
  expect(new Set(exported())).toEqual(new Set(Object.keys(rows)));
});

const policies: readonly Policy[] = [
  { mode: 'deferred' },
  { mode: 'random', seed: 3 },
  { mode: 'eager' },
];

describe.each(policies)('$mode', (policy) => {
  beforeEach(() => usePolicy(policy));
  afterAll(() => usePolicy({ mode: 'deferred' }));

  for (const [name, row] of Object.entries(rows)) {
    if (typeof row === 'string') continue; // no image goes in
    onEachDevice(name, async (device) => {
      await row(device);
    });
  }
});

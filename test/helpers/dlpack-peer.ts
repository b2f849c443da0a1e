/** test/native/dlpack_peer.cpp: another addon, compiled when a test first needs it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';

export interface PeerArray {
  readonly bytes: Uint8Array;
  readonly shape: readonly number[];
  readonly strides?: readonly number[];
  /** 0 int, 1 unsigned (the default), 2 float. */
  readonly code?: number;
  readonly bits?: number;
  readonly lanes?: number;
  readonly offset?: number;
  readonly type?: number;
  readonly id?: number;
  readonly major?: number;
  readonly flags?: number;
  /** 1: a DLManagedTensor. */
  readonly plain?: number;
  /** Which count of deletions it adds to. */
  readonly counter?: number;
}

export interface Described {
  readonly major?: number;
  readonly minor?: number;
  readonly flags?: number;
  readonly type: number;
  readonly id: number;
  readonly code: number;
  readonly bits: number;
  readonly lanes: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[] | null;
  readonly address: bigint;
}

export interface DLPackPeer {
  /** An External. */
  produce(array: PeerArray): object;
  /** Adds to the first byte; calls the deleter, in another thread or not, unless it keeps the array. */
  consume(
    external: object,
    version: 0 | 1,
    options?: { add?: number; thread?: 1; keep?: 1 },
  ): Described;
  /** Calls of the deleters of what it produced with that counter. */
  deletions(counter: number): number;
}

let counters = 0;
/** One that nothing else adds to. */
export const newCounter = (): number => ++counters;

let built: DLPackPeer | string | undefined;

function build(): DLPackPeer | string {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const compiler = process.env['CXX'] ?? 'c++';
  const folder = mkdtempSync(join(tmpdir(), 'framelane-peer-'));
  const target = join(folder, 'dlpack_peer.node');
  const headers = join(root, 'node_modules/node-api-headers/include');
  const source = join(root, 'test/native/dlpack_peer.cpp');
  const options = ['-std=c++20', '-O1', '-shared', '-fPIC', '-pthread', `-I${headers}`];
  try {
    const { error, status, stderr } = spawnSync(compiler, [...options, source, '-o', target], {
      encoding: 'utf8',
    });
    if (error) return `there is no compiler: ${error.message}`;
    if (status !== 0) throw new Error(`dlpack_peer.cpp: ${stderr}`);
    return createRequire(import.meta.url)(target) as DLPackPeer;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function dlpackPeer(context: TestContext): DLPackPeer {
  built ??= build();
  if (typeof built === 'string') context.skip(built);
  return built as DLPackPeer;
}

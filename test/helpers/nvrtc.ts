/** NVIDIA's compiler of CUDA, which is there only where somebody has installed it. */
import type { FramelaneError } from 'framelane';
import { it, type TestContext } from 'vitest';
import { addon } from '../../src/native/binding.ts';
import { requireDevice } from './devices.ts';

// The cache has its own test, and is the user's.
process.env['FRAMELANE_CACHE'] = 'off';

export function requireCompiler(context: TestContext): void {
  const reason = whyNoCompiler();
  if (reason === undefined) return;
  if (process.env['FRAMELANE_REQUIRE_CUDA'] === '1') {
    throw new Error(`FRAMELANE_REQUIRE_CUDA=1, but the compiler is missing: ${reason}`);
  }
  context.skip(reason);
}

function whyNoCompiler(): string | undefined {
  try {
    addon().codeCompiler();
    return undefined;
  } catch (error) {
    const { code, message } = error as FramelaneError;
    if (code !== 'ERR_NVRTC_UNAVAILABLE') throw error;
    return message;
  }
}

/** A test that compiles; it needs no GPU. */
export function withCompiler(name: string, body: () => void | Promise<void>): void {
  it(name, (context) => {
    requireCompiler(context);
    return body();
  });
}

/** A test that compiles and launches. */
export function onCuda(name: string, body: () => void | Promise<void>): void {
  it(`${name} on cuda:0`, (context) => {
    requireDevice(context, 'cuda:0');
    requireCompiler(context);
    return body();
  });
}

import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listDevices } from '../../device.ts';
import { reasonOf } from '../../errors/errors.ts';
import { addon } from '../../native/binding.ts';
import type { Finding } from './finding.ts';

/** The addon and the devices it finds. */
export function addonFindings(): Finding[] {
  const name = 'addon';
  try {
    const count = addon()
      .manifest()
      .filter((op) => op.name !== '').length;
    const loaded = { name, ok: true, detail: `${count} operations`, essential: true } as const;
    return [loaded, ...deviceFindings()];
  } catch (error) {
    const detail = (error as Error).message;
    return [{ name, ok: false, detail, remedy: buildCommand(), essential: true }];
  }
}

function buildCommand(): string {
  const root = relative('', fileURLToPath(new URL('../../..', import.meta.url)));
  return root === '' ? 'npm run build:native' : `npm run build:native --prefix ${root}`;
}

function deviceFindings(): Finding[] {
  const { devices, cudaReason } = listDevices();
  const found = devices.map(({ id, name, detail, memoryBytes }) => {
    const memory = memoryBytes > 0 ? `, ${(memoryBytes / 2 ** 30).toFixed(1)} GiB` : '';
    return { name: id, ok: true, detail: `${name}${detail && `, ${detail}`}${memory}` };
  });
  if (devices.some(({ kind }) => kind === 'cuda')) return [...found, compilerFinding()];
  const remedy = 'use an NVIDIA GPU with its driver, and build the addon with nvcc on the PATH';
  return [...found, { name: 'cuda', ok: false, detail: cudaReason, remedy }];
}

/** What compiles own kernels. */
function compilerFinding(): Finding {
  const name = 'nvrtc';
  try {
    const { version, path } = addon().codeCompiler();
    return { name, ok: true, detail: `${version} (${path})` };
  } catch (error) {
    const [detail = '', remedy = ''] = reasonOf(error).split('; ');
    return { name, ok: false, detail, remedy };
  }
}

/** The same rows in Python libraries, if installed and with a GPU. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { DeviceId } from 'framelane';

export interface PeerTime {
  readonly peer: string;
  readonly name: string;
  readonly size: string;
  readonly microseconds: number;
}

export interface Peers {
  readonly times: readonly PeerTime[];
  /** Why a peer has no results. */
  readonly absent: Readonly<Record<string, string>>;
}

const script = join(import.meta.dirname, '../../bench/peers.py');
const names = ['PyImageCUDA', 'torch.compile'];

/** Compiling may take torch minutes. */
const patience = 300_000;

export function peerTimes(device: DeviceId): Peers {
  const none = (reason: string) => ({
    times: [],
    absent: Object.fromEntries(names.map((name) => [name, reason])),
  });
  if (device === 'cpu') return none('needs CUDA');
  const { stdout, error, status } = spawnSync('python3', [script], {
    encoding: 'utf8',
    timeout: patience,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (error) return none(error.message);
  if (status !== 0) return none(`python3 ended with ${status}`);
  const last = stdout.trimEnd().split('\n').at(-1) ?? ''; // libraries may print something before
  return JSON.parse(last) as Peers;
}

/** Memory of a device in two processes; the other one is a Python program that calls the driver itself. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  asTensor,
  CudaBuffer,
  download,
  fromIpc,
  ImageU8,
  type IpcHandle,
  ipcHandle,
  memcpyDtoH,
  memcpyHtoD,
  upload,
} from 'framelane';
import { describe, expect, it, type TestContext } from 'vitest';
import { requireDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import { makeRandom } from '../helpers/random.ts';

class Peer implements Disposable {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  #complaints = '';

  constructor(context: TestContext) {
    requireDevice(context, 'cuda:0');
    if (spawnSync('python3', ['--version']).error) context.skip('there is no python3');
    const program = fileURLToPath(new URL('ipc-peer.py', import.meta.url));
    const child = spawn('python3', [program], { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stderr.on('data', (text) => {
      this.#complaints += text;
    });
    this.#child = child;
    this.#answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  }

  async ask(request: object): Promise<unknown> {
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`the peer has ended: ${this.#complaints}`);
    return JSON.parse(value);
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }
}

describe('IPC', () => {
  it('hands memory to Python, which changes it in place', async (context) => {
    using peer = new Peer(context);
    const random = makeRandom(7);
    const samples = Uint8Array.from({ length: 40 * 30 * 4 }, () => Math.floor(random() * 256));
    using image = new ImageU8(40, 30, { device: 'cuda:0' });
    upload(image, samples);
    const rows = asTensor(image).slice({ H: [10, 20] });
    await peer.ask({ invert: ipcHandle(rows) });
    const expected = samples.map((byte, i) => (i >= 1600 && i < 3200 ? 255 - byte : byte));
    expect(download(image)).toEqual(expected);
  });

  it('opens the memory of Python and changes it in place', async (context) => {
    using peer = new Peer(context);
    const made = (await peer.ask({ make: 1000 })) as IpcHandle;
    using buffer = fromIpc(made);
    const bytes = new Uint8Array(1000);
    memcpyDtoH(bytes, buffer);
    expect(bytes).toEqual(Uint8Array.from({ length: 1000 }, (_, i) => i % 251));
    memcpyHtoD(buffer, bytes.reverse());
    const { bytes: seen } = (await peer.ask({ read: true })) as { bytes: string };
    expect(seen).toBe(Buffer.from(bytes).toString('hex'));
  });

  it('opens no memory of this process', (context) => {
    requireDevice(context, 'cuda:0');
    using buffer = new CudaBuffer([4], 'u8', { device: 'cuda:0' });
    const handle = ipcHandle(buffer);
    expect(JSON.parse(JSON.stringify(handle))).toEqual(handle);
    expect(errorOf(() => fromIpc(handle)).message).toContain('another process');
  });

  it('is refused on the CPU', () => {
    using buffer = new CudaBuffer([4], 'u8', { device: 'cpu' });
    expect(errorOf(() => ipcHandle(buffer)).code).toBe('ERR_UNSUPPORTED_OP');
  });

  it('refuses what is no handle', () => {
    const good = {
      handle: '0'.repeat(128),
      offset: 0,
      byteLength: 4,
      shape: [4],
      dtype: 'u8',
      device: '0'.repeat(32),
      process: 1,
    } as const;
    for (const wrong of [{ handle: 'x' }, { offset: -1 }, { shape: [-1] }, { dtype: 'c' }]) {
      const handle = { ...good, ...wrong } as IpcHandle;
      expect(errorOf(() => fromIpc(handle)).code).toBe('ERR_INVALID_ARGUMENT');
    }
    expect(errorOf(() => fromIpc(good)).code).toBe('ERR_DEVICE_UNAVAILABLE');
  });
});

/** Other libraries' memory: what the interface costs, and copies against what the machine's memory or bus gives. */
import {
  CudaBuffer,
  copy,
  type DeviceId,
  deviceSync,
  Image,
  memcpyDtoD,
  memcpyDtoH,
  memcpyHtoD,
  pinnedSamples,
  toDLPack,
} from 'framelane';
import { median, round } from './statistics.ts';

export interface InteropResult {
  /** Reading `cudaArrayInterface` once; none on the CPU. */
  readonly bufferInterfaceMicroseconds?: number;
  readonly imageInterfaceMicroseconds?: number;
  /** Making a capsule and letting go of it. */
  readonly capsuleMicroseconds: number;
  readonly copies: readonly CopyResult[];
}

export interface CopyResult {
  readonly name: string;
  readonly gigabytesPerSecond: number;
  /** The same bytes by the fastest way there is: host to host by one memcpy, else from pinned memory, else a fused copy. */
  readonly floorGigabytesPerSecond: number;
  readonly ratio: number;
}

const bytes = 1920 * 1080 * 16; // a float image
const rounds = 15;

function microseconds(body: () => unknown, times: number): number {
  const measured = Array.from({ length: rounds }, () => {
    const begin = performance.now();
    for (let i = 0; i < times; i++) body();
    return ((performance.now() - begin) * 1000) / times;
  });
  return round(median(measured), 3);
}

/** In turn, so that drift affects both. */
function compared(name: string, device: DeviceId, own: () => void, floor: () => void): CopyResult {
  const speeds = [own, floor].map((): number[] => []);
  for (let i = 0; i < rounds; i++) {
    for (const [place, body] of [own, floor].entries()) {
      deviceSync(device);
      const begin = performance.now();
      body();
      deviceSync(device);
      speeds[place]?.push(bytes / 1e6 / (performance.now() - begin));
    }
  }
  const [mine, best] = speeds.map(median) as [number, number];
  return {
    name,
    gigabytesPerSecond: round(mine),
    floorGigabytesPerSecond: round(best),
    ratio: round(mine / best),
  };
}

export function benchInterop(device: DeviceId): InteropResult {
  using image = new Image(1920, 1080, { device });
  using target = new Image(1920, 1080, { device });
  const shape = [1080, 1920, 4];
  using buffer = new CudaBuffer(shape, 'f32', { device });
  using other = new CudaBuffer(shape, 'f32', { device });
  const host = new Float32Array(bytes / 4).fill(0.5);
  const hostOther = new Float32Array(bytes / 4).fill(0.25);
  const pinned = pinnedSamples(image, 'f32').fill(0.5);
  memcpyHtoD(buffer, host);
  memcpyHtoD(other, host);
  const onCpu = device === 'cpu';
  const hostCopy = () => hostOther.set(host);
  return {
    ...(!onCpu && {
      bufferInterfaceMicroseconds: microseconds(() => buffer.cudaArrayInterface, 10_000),
      imageInterfaceMicroseconds: microseconds(() => image.cudaArrayInterface, 1000),
    }),
    capsuleMicroseconds: microseconds(() => toDLPack(buffer).free(), 1000),
    copies: [
      compared(
        'host to device',
        device,
        () => memcpyHtoD(buffer, host),
        onCpu ? hostCopy : () => memcpyHtoD(buffer, pinned),
      ),
      compared(
        'device to host',
        device,
        () => memcpyDtoH(hostOther, buffer),
        onCpu ? hostCopy : () => memcpyDtoH(pinned, buffer),
      ),
      compared(
        'device to device',
        device,
        () => memcpyDtoD(other, buffer),
        onCpu ? hostCopy : () => copy(target, image),
      ),
    ],
  };
}

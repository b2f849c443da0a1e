/** DLPack: arrays of this process's other addons, on any device, without a copy. */
import { types } from 'node:util';
import type { DeviceId } from '../device.ts';
import { FramelaneError } from '../errors/errors.ts';
import { invalidArgument } from '../errors/invalid.ts';
import { checkNames, namesOf } from '../errors/option-names.ts';
import { addon } from '../native/binding.ts';
import type { CapsuleHandle } from '../native/interop.ts';
import type { DeviceArray } from './array-view.ts';
import { bufferOf, type CudaBuffer } from './buffer.ts';
import { dtypeOf } from './dtype.ts';
import { viewOf } from './memcpy.ts';

/** 1: a DLManagedTensorVersioned of DLPack 1.x; 0: a DLManagedTensor, as before DLPack 1.0. */
export type DLPackVersion = 0 | 1;

/** What hands an array over, once: a DLPackCapsule, or another addon's object. */
export interface DLPackSource {
  readonly version: DLPackVersion;
  /** An External that points to the structure. The caller owns it from then on, and calls its deleter. */
  take(): object;
}

export interface DLPackOptions {
  readonly version?: DLPackVersion | undefined;
}

let capsuleOf: (handle: CapsuleHandle, version: DLPackVersion) => DLPackCapsule;

/**
 * An array on its way to another addon, which gets it by `take()`. One that nobody takes lets go of its memory by `using`, `free()` or
 * the garbage collector.
 *
 * @example
 * otherAddon.consume(toDLPack(tensor).take())
 */
export class DLPackCapsule implements DLPackSource, Disposable {
  readonly version: DLPackVersion;
  readonly #handle: CapsuleHandle;

  static {
    capsuleOf = (handle, version) => new DLPackCapsule(handle, version);
  }

  private constructor(handle: CapsuleHandle, version: DLPackVersion) {
    this.#handle = handle;
    this.version = version;
  }

  /** Whether it has been taken or freed. */
  get consumed(): boolean {
    return this.#handle.taken;
  }

  /**
   * An External that points to the DLManagedTensorVersioned (or DLManagedTensor). Who takes it calls the deleter once, in any thread:
   * the memory stays until then. ERR_DISPOSED where it has been taken or freed.
   *
   * @example
   * otherAddon.consume(capsule.take())
   */
  take(): object {
    return this.#handle.take();
  }

  free(): void {
    this.#handle.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }
}

/**
 * A buffer or tensor for another addon, without a copy, after our work on it: shape, strides, type, device and whether it is
 * read-only, by DLPack 1.1, or by `version: 0` its predecessor, which cannot say that memory is read-only: ERR_INVALID_ARGUMENT.
 *
 * @example
 * otherAddon.consume(toDLPack(asTensor(image)).take())
 */
export function toDLPack(array: DeviceArray, options: DLPackOptions = {}): DLPackCapsule {
  checkNames(options, namesOf<DLPackOptions>({ version: true }));
  const version = versionOf(options.version);
  const { memory, offset, shape, strides, dtype, readOnly } = viewOf(array, 'array');
  const { owner } = memory as { owner?: unknown }; // of wrapped memory, in JavaScript
  const keep = owner === undefined ? undefined : () => owner;
  const handle = new (addon().CapsuleHandle)(
    memory,
    offset,
    shape,
    strides,
    dtype,
    readOnly,
    version,
    keep,
  );
  return capsuleOf(handle, version);
}

/** Nothing says of an External itself that it has been consumed. */
const consumed = new WeakSet<object>();

/**
 * The array of another addon without a copy: from what has `take()` and `version`, or from an External that points to a
 * DLManagedTensorVersioned (`version: 0`: a DLManagedTensor); one that points to anything else crashes. The producer's work must be
 * done. The deleter is called once: when the buffer goes, or at once where the array is refused. Memory of the host, pinned too, is
 * on the CPU device. ERR_DISPOSED: consumed before. ERR_INVALID_ARGUMENT: another major version, a type or kind of device that we do
 * not have. ERR_DEVICE_UNAVAILABLE: its device is not here.
 *
 * @example
 * using pixels = fromDLPack(otherAddon.produce()); const tensor = Tensor.from(pixels, { layout: 'HWC' })
 */
export function fromDLPack(source: DLPackSource | object, options: DLPackOptions = {}): CudaBuffer {
  checkNames(options, namesOf<DLPackOptions>({ version: true }));
  const { external, version } = taken(source, options);
  if (consumed.has(external)) {
    throw new FramelaneError('ERR_DISPOSED', 'the DLPack array has been consumed');
  }
  consumed.add(external);
  const array = addon().importDLPack(external, version);
  return bufferOf({
    memory: new (addon().MemoryHandle)(array.memory),
    offset: array.offset,
    shape: array.shape,
    strides: array.strides,
    dtype: dtypeOf(array.dtype),
    device: array.device as DeviceId,
    readOnly: array.readOnly,
  });
}

function taken(source: unknown, options: DLPackOptions): { external: object; version: 0 | 1 } {
  if (types.isExternal(source)) {
    return { external: source as object, version: versionOf(options.version) };
  }
  if (typeof source === 'object' && source !== null && 'take' in source) {
    const capsule = source as DLPackSource;
    const version = versionOf(capsule.version);
    const external: unknown = capsule.take();
    if (types.isExternal(external)) return { external: external as object, version };
    throw invalidArgument('source.take()', 'an External', external);
  }
  throw invalidArgument('source', 'an External, or an object with take() and version', source);
}

function versionOf(version: unknown): DLPackVersion {
  if (version === undefined || version === 1) return 1;
  if (version === 0) return 0;
  throw invalidArgument('version', '0 or 1', version);
}

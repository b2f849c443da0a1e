/** Variables of a module. */
import { invalidArgument } from '../errors/invalid.ts';
import type { ModuleHandle } from '../native/kernels.ts';

/** A `__device__` or `__constant__` variable of a `Module`. It can be an argument of a kernel, as a pointer. */
export class ModuleGlobal {
  readonly name: string;
  /** `cuda:0` */
  readonly device: string;
  readonly byteLength: number;
  readonly #symbol: string;
  readonly #module: ModuleHandle;

  /** @internal Use `module.global(name)`. */
  constructor(name: string, symbol: string, device: string, module: ModuleHandle) {
    this.name = name;
    this.device = device;
    this.#symbol = symbol;
    this.#module = module;
    this.byteLength = module.global(symbol).byteLength;
  }

  /** The address on the device, valid until the module is freed. */
  get pointer(): bigint {
    return this.#module.global(this.#symbol).pointer;
  }

  /** The variable as bytes, in the form of `__cuda_array_interface__` version 3. */
  get cudaArrayInterface() {
    return {
      shape: [this.byteLength] as readonly number[],
      typestr: '|u1',
      data: [this.pointer, false] as const,
      strides: null,
      version: 3,
      stream: null,
    } as const;
  }

  /**
   * Sets the variable, or the part from byte `offset` on, after all earlier launches. ERR_INVALID_ARGUMENT beyond its end.
   *
   * @example
   * module.global('weights').write(new Float32Array([0.25, 0.5, 0.25]))
   */
  write(data: ArrayBufferView, offset = 0): void {
    this.#checkRange(data, offset);
    this.#module.writeGlobal(this.#symbol, offset, data);
  }

  /**
   * Fills the array with the variable, or the part from byte `offset` on, after all earlier launches, and returns it.
   *
   * @example
   * const counts = module.global('counts').read(new Uint32Array(256))
   */
  read<T extends ArrayBufferView>(into: T, offset = 0): T {
    this.#checkRange(into, offset);
    this.#module.readGlobal(this.#symbol, offset, into);
    return into;
  }

  #checkRange(data: unknown, offset: number): void {
    const what = `global ${this.name}`;
    if (!ArrayBuffer.isView(data)) {
      throw invalidArgument(what, 'a typed array or a DataView', data);
    }
    const room = this.byteLength - offset;
    if (Number.isInteger(offset) && offset >= 0 && data.byteLength <= room) return;
    const received = `${data.byteLength} at ${offset}`;
    throw invalidArgument(what, `bytes within its ${this.byteLength}`, received);
  }
}

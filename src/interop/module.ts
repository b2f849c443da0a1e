/** CUDA code on a device: compiled from source, or loaded. */
import { readFileSync } from 'node:fs';
import { type DeviceOption, resolveDevice } from '../device.ts';
import { FramelaneError, reasonOf } from '../errors/errors.ts';
import { checkPath, invalidArgument } from '../errors/invalid.ts';
import { checkNames, namesOf } from '../errors/option-names.ts';
import { addon } from '../native/binding.ts';
import type { ModuleHandle } from '../native/kernels.ts';
import {
  type CompileCudaOptions,
  type CompileForOptions,
  type CudaCode,
  compileCuda,
  compileCudaAsync,
} from './compile.ts';
import { Kernel } from './kernel.ts';
import { ModuleGlobal } from './module-global.ts';

export interface ModuleLoadOptions {
  /** A CUDA device; by default that of FRAMELANE_DEVICE, else the first one. */
  readonly device?: DeviceOption | undefined;
}

export interface ModuleOptions extends CompileCudaOptions, ModuleLoadOptions {}

const compileNames = namesOf<ModuleOptions>({
  device: true,
  options: true,
  headers: true,
  names: true,
});
const loadNames = namesOf<ModuleLoadOptions>({ device: true });

/**
 * CUDA code on a device, with its kernels and variables. Freed by `using`, `free()` or the garbage collector; code that launched
 * kernels still run stays until they are done.
 *
 * @example
 * using module = Module.compile('__global__ void twice(float* to) { to[threadIdx.x] *= 2; }')
 * module.kernel('twice').launch({ grid: 1, block: 32 }, buffer)
 */
export class Module {
  /** `cuda:0` */
  readonly device: string;
  /** Warnings of the compiler. */
  readonly log: string;
  readonly #handle: ModuleHandle;
  readonly #symbols: Readonly<Record<string, string>>;
  readonly #kernels = new Map<string, Kernel>();

  private constructor(device: string, { code, symbols, log }: LoadedCode) {
    this.device = device;
    this.log = log;
    this.#symbols = symbols;
    this.#handle = new (addon().ModuleHandle)(device, code);
  }

  /**
   * Compiles CUDA C++ for a device, or takes it from the cache. Errors are those of `compileCuda`; ERR_DEVICE_UNAVAILABLE without a
   * CUDA device.
   *
   * @example
   * using module = Module.compile(source, { names: ['scale<float>'], options: ['-DRADIUS=3'] })
   */
  static compile(source: string, options: ModuleOptions = {}): Module {
    const { device, request } = requestOf(options);
    return new Module(device, compileCuda(source, request));
  }

  /**
   * The same in a thread.
   *
   * @example
   * using module = await Module.compileAsync(source, { device: 'cuda:0' })
   */
  static async compileAsync(source: string, options: ModuleOptions = {}): Promise<Module> {
    const { device, request } = requestOf(options);
    return new Module(device, await compileCudaAsync(source, request));
  }

  /**
   * Loads compiled code: a cubin, a fatbin or PTX as bytes, PTX as text, the path of such a file, or what `compileCuda` returns.
   * ERR_INPUT_INVALID for anything else and for code of another architecture, ERR_INPUT_TRUNCATED for a part of a file,
   * ERR_COMPILE_FAILED for PTX that the driver refuses.
   *
   * @example
   * using module = Module.load('kernels.cubin')
   */
  static load(
    source: string | URL | ArrayBufferView | CudaCode,
    options: ModuleLoadOptions = {},
  ): Module {
    checkNames(options, loadNames);
    const loaded = loadedCode(source);
    addon().codeFormat(loaded.code);
    return new Module(cudaDevice(options.device), loaded);
  }

  /**
   * A kernel by its name in the source, an instance of a template that `names` listed (`scale<float>`), or its symbol.
   * ERR_INVALID_ARGUMENT lists the module's kernels.
   *
   * @example
   * const kernel = module.kernel('twice')
   */
  kernel(name: string): Kernel {
    if (typeof name !== 'string') throw invalidArgument('kernel', 'a name', name);
    const known = this.#kernels.get(name);
    if (known !== undefined) return known;
    const native = this.#handle.kernel(this.#symbolOf(name), name);
    const kernel = new Kernel(name, this.device, this.#handle, native);
    this.#kernels.set(name, kernel);
    return kernel;
  }

  /**
   * A `__device__` or `__constant__` variable by its name. ERR_INVALID_ARGUMENT if there is none; the compiler drops those that no
   * kernel uses.
   *
   * @example
   * module.global('weights').write(new Float32Array([0.25, 0.5, 0.25]))
   */
  global(name: string): ModuleGlobal {
    if (typeof name !== 'string') throw invalidArgument('global', 'a name', name);
    return new ModuleGlobal(name, this.#symbolOf(name), this.device, this.#handle);
  }

  /** Frees the code once kernels under way are done; later use is ERR_DISPOSED, freeing again does nothing. */
  free(): void {
    this.#handle.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }

  /** Names of variables are compiled as addresses: `&own::lut`. */
  #symbolOf(name: string): string {
    const listed = [name, `&${name}`].find((key) => Object.hasOwn(this.#symbols, key));
    return (listed === undefined ? undefined : this.#symbols[listed]) ?? name;
  }
}

type LoadedCode = Pick<CudaCode, 'symbols' | 'log'> & { readonly code: ArrayBufferView };

/** The CUDA device of that option; ERR_DEVICE_UNAVAILABLE says why there is none. */
function cudaDevice(option?: DeviceOption): string {
  const wanted = option ?? (process.env['FRAMELANE_DEVICE'] as DeviceOption | undefined) ?? 'auto';
  const device = resolveDevice(wanted === 'auto' ? 'cuda' : wanted);
  if (device !== 'cpu') return device;
  const message = 'device: expected a CUDA device, received cpu, which runs no CUDA code';
  throw new FramelaneError('ERR_DEVICE_UNAVAILABLE', message, { path: 'device' });
}

function requestOf(options: ModuleOptions): {
  readonly device: string;
  readonly request: CompileForOptions;
} {
  checkNames(options, compileNames);
  const { device: wanted, ...rest } = options;
  const device = cudaDevice(wanted);
  return { device, request: { ...rest, architecture: addon().codeArchitecture(device) } };
}

function loadedCode(source: string | URL | ArrayBufferView | CudaCode): LoadedCode {
  const bare = { symbols: {}, log: '' };
  if (ArrayBuffer.isView(source)) return { ...bare, code: source };
  if (typeof source === 'string' && source.includes('\n')) {
    return { ...bare, code: Buffer.from(source) };
  }
  if (typeof source === 'string' || source instanceof URL) {
    if (typeof source === 'string') checkPath(source, 'source', 'a path, PTX or bytes');
    return { ...bare, code: readCode(source) };
  }
  if (typeof source === 'object' && source !== null && ArrayBuffer.isView(source.code)) {
    return { code: source.code, symbols: source.symbols, log: source.log };
  }
  throw invalidArgument('source', 'a path, PTX or bytes', source);
}

function readCode(path: string | URL): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new FramelaneError('ERR_INPUT_NOT_FOUND', `${path}: ${reasonOf(cause)}`, { cause });
  }
}

/** Compiling CUDA C++ at run time. */
import { invalidArgument, invalidOption } from '../errors/invalid.ts';
import { checkNames, namesOf } from '../errors/option-names.ts';
import { addon } from '../native/binding.ts';
import type { CompileJob, CompileOutcome } from '../native/kernels.ts';
import { compileError } from './compile-error.ts';

export interface CompileCudaOptions {
  /** Options of NVRTC, such as `--use_fast_math` or `-DRADIUS=3`. */
  readonly options?: readonly string[] | undefined;
  /** Files in memory that the source can include, by their names. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Instances of templates to compile, such as `scale<float>`. Also names in namespaces, to find them later. */
  readonly names?: readonly string[] | undefined;
}

export interface CompileForOptions extends CompileCudaOptions {
  /** `sm_90` for machine code of one architecture, `compute_90` for PTX, which runs on that and all later ones. */
  readonly architecture: string;
}

/** Compiled code, which `Module.load` takes. */
export interface CudaCode {
  readonly code: Uint8Array<ArrayBuffer>;
  readonly format: 'cubin' | 'ptx';
  readonly architecture: string;
  /** The symbols of `names`. */
  readonly symbols: Readonly<Record<string, string>>;
  /** Warnings. */
  readonly log: string;
  /** Whether it comes from the cache. */
  readonly wasCached: boolean;
}

const optionNames = namesOf<CompileForOptions>({
  architecture: true,
  options: true,
  headers: true,
  names: true,
});

/**
 * Compiles CUDA C++ for an architecture, without a GPU. Results are kept in a folder of at most 256 MiB: `FRAMELANE_CACHE_DIR`, else
 * framelane in `$XDG_CACHE_HOME` or `~/.cache`; `FRAMELANE_CACHE=off` keeps none. Source with include paths is not kept.
 * ERR_COMPILE_FAILED has the line and column of the first error, and `log`; ERR_NVRTC_UNAVAILABLE says how to get the compiler.
 *
 * @example
 * const { code } = compileCuda('__global__ void fill(float* to) { to[threadIdx.x] = 1; }', { architecture: 'sm_90' })
 */
export function compileCuda(source: string, options: CompileForOptions): CudaCode {
  const job = compileJob(source, options);
  return codeOf(job, addon().compileCode(job));
}

/**
 * The same in a thread.
 *
 * @example
 * const code = await compileCudaAsync('__global__ void nothing() {}', { architecture: 'compute_80' })
 */
export async function compileCudaAsync(
  source: string,
  options: CompileForOptions,
): Promise<CudaCode> {
  const job = compileJob(source, options);
  return codeOf(job, await addon().compileCodeAsync(job));
}

export function compileJob(source: string, given: CompileForOptions): CompileJob {
  checkNames(given, optionNames);
  const { architecture, options = [], headers = {}, names = [] } = given;
  if (typeof source !== 'string') throw invalidArgument('source', 'CUDA C++ as text', source);
  if (typeof architecture !== 'string' || !/^(sm|compute)_\d{2,3}[af]?$/.test(architecture)) {
    throw invalidOption('architecture', 'sm_… or compute_… and a number', architecture);
  }
  checkTexts('options', options);
  checkTexts('names', names);
  if (typeof headers !== 'object' || headers === null) {
    throw invalidOption('headers', 'texts by their names', headers);
  }
  for (const [name, text] of Object.entries(headers)) {
    if (typeof text !== 'string') throw invalidOption(`headers.${name}`, 'text', text);
  }
  const own = options.find((option) => /^(-arch\b|--gpu-architecture\b)/.test(option));
  if (own !== undefined) {
    throw invalidOption('options', 'the architecture in its own option, architecture', own);
  }
  return {
    source,
    architecture,
    options: [...options],
    headerNames: Object.keys(headers),
    headerTexts: Object.values(headers),
    names: [...names],
  };
}

function checkTexts(path: string, texts: unknown): void {
  if (!Array.isArray(texts)) throw invalidOption(path, 'an array of texts', texts);
  for (const [index, text] of texts.entries()) {
    if (typeof text !== 'string') throw invalidOption(`${path}[${index}]`, 'text', text);
  }
}

function codeOf(job: CompileJob, outcome: CompileOutcome): CudaCode {
  if (outcome.failure !== undefined) throw compileError(outcome.failure, outcome.log);
  const { code, log, symbols, wasCached } = outcome;
  return {
    code,
    format: job.architecture.startsWith('sm_') ? 'cubin' : 'ptx',
    architecture: job.architecture,
    symbols: Object.fromEntries(job.names.map((name, index) => [name, symbols[index] ?? ''])),
    log,
    wasCached,
  };
}

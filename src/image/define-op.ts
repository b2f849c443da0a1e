/** Operations that a program defines, as functions on images. */
import { declareKernelOp, declareOp, declareStencilOp, kernelOf } from '../custom/declare.ts';
import type {
  DefinedOptions,
  KernelOpDefinition,
  OpDefinition,
  OpHead,
  ParamsOf,
  PrimaryOf,
  StencilOpDefinition,
} from '../custom/definition.ts';
import type { Call, Scope } from '../ops/index.ts';
import type { DefinedOp } from '../ops/registry.ts';
import type { OpDeclaration } from '../schema/declaration.ts';
import type { Buffers } from './apply.ts';
import type { AnyImage } from './image.ts';
import type { OnStream } from './on-stream.ts';
import { callOf, stageCallOf } from './op-call.ts';

/** The arguments after the image: the options, or the primary value and the other options. */
type Arguments<D extends OpHead, Extra> = Call<
  DefinedOptions<ParamsOf<D>> & Extra,
  PrimaryOf<D>,
  Omit<DefinedOptions<ParamsOf<D>>, PrimaryOf<D> & string> & Extra
>;

/** An operation on single pixels: changes the image and returns it. Also a stage: `pipeline().op(grade)`. */
export interface PixelOp<D extends OpDefinition> extends DefinedOp<Arguments<D, Scope>> {
  <T extends AnyImage>(image: T, ...args: Arguments<D, Scope & OnStream>): T;
}

/** An operation that makes an image, or fills `dst`. Also a stage: `pipeline().op(edges)`. */
export interface StencilOp<D extends OpHead> extends DefinedOp<Arguments<D, Scope>> {
  <T extends AnyImage>(image: T, ...args: Arguments<D, Buffers<T> & Scope>): T;
}

/**
 * Defines an operation on single pixels by its text, in a language like GLSL (docs/custom-ops.md). It can then be called on images, and be a
 * stage of pipelines: `pipeline().op(grade, …)`, `{ "op": "grade", … }`. A text or a definition that is wrong is ERR_INVALID_OP, and so is the name of
 * a built-in operation, or of one defined otherwise; the same definition again returns the same operation.
 *
 * @example
 * const fade = defineOp({ name: 'fade', params: { amount: { type: 'number', default: 0.5 } }, pixel: 'c.rgb = mix(c.rgb, vec3(luma(c.rgb)), amount)' })
 * fade(image, { amount: 0.8 })
 */
export function defineOp<const D extends OpDefinition>(definition: D): PixelOp<D> {
  return callable(declareOp(definition)) as unknown as PixelOp<D>;
}

/**
 * Defines an operation that reads neighbours: `at(dx, dy)` is the pixel so far to the right and down, up to `radius` (1 to 8 pixels), at
 * the edges the nearest one. Colours are multiplied by their alpha. Otherwise as `defineOp`, but a call makes an image, or fills `dst`.
 *
 * @example
 * const soften = defineStencilOp({ name: 'soften', radius: 1, pixel: 'c = (at(-1, 0) + c + at(1, 0)) / 3.0' })
 * using softer = soften(image)
 */
export function defineStencilOp<const D extends StencilOpDefinition>(definition: D): StencilOp<D> {
  return callable(declareStencilOp(definition)) as unknown as StencilOp<D>;
}

/**
 * Defines an operation by a CUDA kernel, which NVRTC compiles when a plan with it is made on a CUDA device (docs/custom-ops.md):
 * `extern "C" __global__ void name(const float4* in, float4* out, int width, int height, Params params)`. Pixels are straight RGBA, 0 to 1. On the
 * CPU, `cpu` runs instead; without it a plan is ERR_DEVICE_UNAVAILABLE. ERR_COMPILE_FAILED has the operation's name and the line. Otherwise as `defineStencilOp`.
 *
 * @example
 * const mirror = defineKernelOp({ name: 'mirror', kernel: `extern "C" __global__ void mirror(const float4* in, float4* out, int width, int height) {
 *   const int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
 *   if (x < width && y < height) out[y * width + x] = in[y * width + width - 1 - x];
 * }` })
 */
export function defineKernelOp<const D extends KernelOpDefinition>(definition: D): StencilOp<D> {
  return callable(declareKernelOp(definition)) as unknown as StencilOp<D>;
}

const callables = new WeakMap<OpDeclaration, DefinedOp>();

function callable(declaration: OpDeclaration): DefinedOp {
  const known = callables.get(declaration);
  if (known !== undefined) return known;
  const call = kernelOf(declaration) ? stageCallOf(declaration) : callOf(declaration, {});
  Object.defineProperty(call, 'name', { value: declaration.name });
  const made = Object.freeze(Object.assign(call, { declaration }));
  callables.set(declaration, made);
  return made;
}

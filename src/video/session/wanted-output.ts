/** The outputs requested of a session, parsed and checked before anything starts. */
import { resolve } from 'node:path';
import { checkPath, invalidOption } from '../../errors/invalid.ts';
import { checkNames } from '../../errors/option-names.ts';
import { type Pipeline, pipelineOption } from '../../pipeline/pipeline.ts';
import { resolveEncoding } from '../output/encoder-options.ts';
import type { Encoding } from '../output/encoding.ts';
import { type SessionOutputOptions, sessionOutputNames } from './options.ts';

export interface WantedOutput {
  readonly path: string;
  /** Which frame a picture shows; see `SessionOutputOptions`. */
  readonly at: number | undefined;
  /** Stages that run after those of the session's pipeline. */
  readonly pipeline: Pipeline;
  /** Undefined for `null:`, which discards the frames. */
  readonly encoding: Encoding | undefined;
}

/** The name of an output that discards its frames. */
const nullOutput = 'null:';

/** Errors are ERR_INVALID_OPTION and ERR_OUTPUT_INVALID. */
export function wantedOutputs(outputs: readonly SessionOutputOptions[]): readonly WantedOutput[] {
  if (!Array.isArray(outputs))
    throw invalidOption('outputs', 'a path or an array of outputs', outputs);
  if (outputs.length === 0) throw invalidOption('outputs', 'at least one output', outputs);
  const wanted = outputs.map((output, index) => wantedOutput(output, `outputs[${index}]`));
  const twice = duplicatePath(wanted);
  if (twice !== undefined) throw invalidOption('outputs', 'each path once', twice);
  return wanted;
}

function wantedOutput(options: SessionOutputOptions, name: string): WantedOutput {
  checkNames(options, sessionOutputNames, name);
  const { path, at } = options;
  checkPath(path, `${name}.path`);
  const pipeline = pipelineOption(options.pipeline, `${name}.pipeline`);
  if (at !== undefined && !(typeof at === 'number' && Number.isFinite(at) && at >= 0)) {
    throw invalidOption('at', 'seconds of at least 0', at);
  }
  const encoding = path === nullOutput ? undefined : resolveEncoding(path, options);
  if (at !== undefined && encoding !== undefined && encoding.kind !== 'picture') {
    throw invalidOption('at', `nothing, because ${path} is not a single picture`, at);
  }
  return { path, at, pipeline, encoding };
}

/** A path that two outputs share. */
function duplicatePath(outputs: readonly WantedOutput[]): string | undefined {
  const files = new Set<string>();
  for (const { path, encoding } of outputs) {
    if (encoding === undefined) continue;
    const file = path === '-' ? path : resolve(path);
    if (files.has(file)) return path;
    files.add(file);
  }
  return undefined;
}

/** Changing a single value of a pipeline by its place: `stages[2].radius`. */
import { checkPath, invalidPipeline } from '../errors/invalid.ts';
import { didYouMean } from '../errors/suggest.ts';
import type { StageInput } from '../ops/index.ts';
import { opOf } from '../ops/registry.ts';
import { isPlainObject, ownValue } from '../schema/declaration.ts';
import { type Pipeline, pipeline } from './pipeline.ts';

/**
 * The pipeline with another value at a place: `stages[2].radius`, `stages[0].color[3]`. The result is validated like a new
 * pipeline; undefined resets to the default.
 */
export function withValue({ stages }: Pipeline, path: string, value: unknown): Pipeline {
  checkPath(path, 'path', 'a place such as "stages[0].radius"');
  const [, number, rest] = /^stages\[(\d+)\]((?:\.\w+|\[\d+\])+)$/.exec(path) ?? [];
  if (rest === undefined) {
    throw invalidPipeline('', 'a place such as "stages[0].radius"', path, nearest(stages, path));
  }
  const index = Number(number);
  if (stages[index] === undefined) {
    const last = stages.length - 1;
    const expected = last < 0 ? 'a pipeline with stages' : `a stage from 0 to ${last}`;
    throw invalidPipeline(`stages[${index}]`, expected, index, nearest(stages, path));
  }
  const keys = rest.match(/\w+/g) ?? [];
  const changed = replaced(stages[index], keys, value, `stages[${index}]`);
  return pipeline(stages.map((stage, i) => (i === index ? changed : stage)) as StageInput[]);
}

/** A copy with the value replaced; everything below the first key must exist. */
function replaced(whole: unknown, keys: readonly string[], value: unknown, path: string): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (Array.isArray(whole)) {
    const at = `${path}[${key}]`;
    if (!(Number(key) < whole.length)) {
      throw invalidPipeline(at, `a place from 0 to ${whole.length - 1}`, key);
    }
    return whole.map((item, i) => (i === Number(key) ? replaced(item, rest, value, at) : item));
  }
  if (!isPlainObject(whole)) throw invalidPipeline(path, `something that has "${key}"`, whole);
  return { ...whole, [key]: replaced(ownValue(whole, key), rest, value, `${path}.${key}`) };
}

function nearest(stages: Pipeline['stages'], path: string): string {
  const places = stages.flatMap((stage, index) =>
    Object.keys(opOf(stage).parameters).map((name) => `stages[${index}].${name}`),
  );
  const ending = places.find((place) => place.endsWith(`.${path}`));
  return ending === undefined ? didYouMean(path, places) : ` (did you mean "${ending}"?)`;
}

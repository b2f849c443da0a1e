/** Maps inputs to outputs, and rejects conflicts before any work. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describeValue } from '../errors/errors.ts';
import { invalidOption } from '../errors/invalid.ts';
import { checkOptions, type EncodeOptions } from '../image/encode-options.ts';
import type { WritableFormat } from '../image/formats.ts';
import { checkReading, type ReadOptions } from '../image/load.ts';
import { formatFor } from '../image/save.ts';
import { invalidOutput, outputExists } from '../output-file.ts';
import { expandTemplate } from './placeholders.ts';

/** One picture of a batch. */
export interface Job {
  readonly index: number;
  readonly input: string;
  readonly output: string;
  readonly format: WritableFormat;
}

export interface JobOptions {
  readonly reading: ReadOptions;
  readonly encoding: EncodeOptions;
  readonly overwrite: boolean;
}

export async function planJobs(
  inputs: readonly string[],
  template: string,
  { reading, encoding, overwrite }: JobOptions,
): Promise<Job[]> {
  if (typeof template !== 'string' || template === '') {
    throw invalidOutput(describeValue(template), 'expected a path');
  }
  if (typeof overwrite !== 'boolean') throw invalidOption('overwrite', 'a boolean', overwrite);
  checkReading(reading);
  const jobs = inputs.map((input, index): Job => {
    const output = expandTemplate(template, { input, index, count: inputs.length });
    const format = formatFor(output, undefined);
    checkOptions(format, encoding);
    return { index, input, output, format };
  });
  rejectCollisions(jobs);
  await rejectExisting(jobs, overwrite);
  return jobs;
}

function rejectCollisions(jobs: readonly Job[]): void {
  const takers = new Map<string, string>();
  for (const { input, output } of jobs) {
    const other = takers.get(resolve(output));
    if (other !== undefined) {
      const reason = `${other} and ${input} would both become it; distinguish them by {name}, {dir}, {ext} or {index}`;
      throw invalidOutput(output, reason);
    }
    takers.set(resolve(output), input);
  }
}

async function rejectExisting(jobs: readonly Job[], overwrite: boolean): Promise<void> {
  const identityOf = async (path: string) => {
    const info = await stat(path).catch(() => undefined);
    return info && `${info.dev}:${info.ino}`;
  };
  const read = new Set(await Promise.all(jobs.map(({ input }) => identityOf(input))));
  for (const { output } of jobs) {
    const identity = await identityOf(output);
    if (identity === undefined) continue;
    if (read.has(identity)) throw invalidOutput(output, 'is a file that is read; use another name');
    if (!overwrite) throw outputExists(output);
  }
}

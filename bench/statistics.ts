export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export const round = (value: number, digits = 2) => Number(value.toFixed(digits));

export interface Contender {
  readonly name: string;
  /** One run; resolves to its seconds. */
  readonly run: () => Promise<number>;
}

/** Runs the contenders in turn, `rounds` times, and returns the median seconds of each, so that drift affects all of them. */
export async function interleave(
  contenders: readonly Contender[],
  rounds: number,
): Promise<ReadonlyMap<string, number>> {
  const seconds = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of contenders) seconds.get(name)?.push(await run());
  }
  return new Map([...seconds].map(([name, values]) => [name, median(values)]));
}

/** How an input is read, checked before anything is started. */
import { invalidOption } from '../invalid-option.ts';

/** What to read of the input, in seconds from its start. */
export interface SectionOptions {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Everything about reading an input. */
export interface InputOptions extends SectionOptions {}

export function checkSection({ from, to }: SectionOptions): void {
  for (const [path, value] of Object.entries({ from, to })) {
    if (value === undefined) continue;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
      throw invalidOption(path, 'seconds of at least 0', value);
    }
  }
  if (to !== undefined && to <= (from ?? 0)) {
    throw invalidOption('to', `seconds after from (${from ?? 0})`, to);
  }
}

/** Lists the values that a preview can change: the variables of a pipeline file and the options of its stages. */
import type { Stage } from '../../ops/index.ts';
import { opOf } from '../../ops/registry.ts';
import type { PipelineFile } from '../../pipeline/file.ts';
import { isPlainObject, ownValue } from '../../schema/declaration.ts';
import type { AnyParameter } from '../../schema/kind.ts';
import { kindOf } from '../../schema/parameter.ts';
import type { Step } from '../../schema/steps.ts';
import type { LiveParameter, ParameterValue } from './live-parameter.ts';
import { stepOf } from './parameter-steps.ts';
import { variableParameter } from './variable-parameter.ts';

/** A parameter, its place in the file, and what to write there for a given value. */
export interface PlacedParameter extends LiveParameter {
  readonly place: string;
  readonly written: (value: ParameterValue) => unknown;
}

/** A value in the file, which may be several parameters: a colour has one per channel. */
interface Slot {
  readonly name: string;
  readonly label: string;
  readonly stage: number | undefined;
  readonly place: string;
  /** As written; undefined for an omitted option. */
  readonly raw: unknown;
  /** The parsed value. */
  readonly value: unknown;
  readonly default: unknown;
  /** The value in the saved file; undefined if the file omits it. */
  readonly saved: unknown;
  readonly changed: boolean;
}

/**
 * Variables come first. `stages` are what `file` builds; `savedAt` returns the value at a place of the file on disk. Values
 * that cannot be stepped (omitted optional options, texts, files) are left out, and so are options set by a variable.
 */
export function listParameters(
  file: PipelineFile,
  stages: readonly Stage[],
  savedAt: (place: string) => unknown,
): PlacedParameter[] {
  const slotAt = (place: string, raw: unknown) => {
    const saved = savedAt(place);
    return { place, raw, saved, changed: JSON.stringify(raw) !== JSON.stringify(saved) };
  };
  const variables = Object.entries(file.variables).flatMap(([name, variable]) => {
    const value = variable.default;
    const slot = slotAt(`variables.${name}.default`, value);
    const at = { ...slot, name, label: name, stage: undefined, value, default: slot.saved };
    return parametersOf(variableParameter(name, variable, file.stages), at);
  });
  const options = stages.flatMap((stage, index) =>
    Object.entries(opOf(stage).parameters).flatMap(([option, parameter]) => {
      const written = file.stages[index];
      const raw = isPlainObject(written) ? ownValue(written, option) : undefined;
      if (JSON.stringify(raw ?? null).includes('${')) return [];
      const name = `stages[${index}].${option}`;
      const fallback = 'default' in parameter ? parameter.default : undefined;
      return parametersOf(parameter, {
        ...slotAt(name, raw),
        name,
        label: `${stage.op} ${option}`,
        stage: index,
        value: ownValue(stage, option),
        default: fallback,
      });
    }),
  );
  return [...variables, ...options];
}

function parametersOf(parameter: AnyParameter | undefined, slot: Slot): PlacedParameter[] {
  if (parameter === undefined || slot.value === undefined) return [];
  const steps = kindOf(parameter).steps?.(parameter) ?? [];
  return steps.flatMap((step) => {
    const value = step.read(slot.value);
    return value === undefined ? [] : [liveParameter(step, value, slot)];
  });
}

function liveParameter(step: Step, value: ParameterValue, slot: Slot): PlacedParameter {
  const { name: part, scale } = step;
  const fallback = step.read(slot.default);
  const saved = step.read(slot.saved);
  const size = typeof value === 'number' ? stepOf(scale, Number(saved ?? fallback ?? value)) : 1;
  const { min, exclusiveMin } = scale;
  return {
    name: part === '' ? slot.name : `${slot.name}.${part}`,
    label: part === '' ? slot.label : `${slot.label} ${part}`,
    stage: slot.stage,
    kind: scale.kind,
    value,
    default: fallback,
    min: min ?? (exclusiveMin === undefined ? undefined : exclusiveMin + size),
    max: scale.max,
    step: size,
    unit: scale.unit,
    values: scale.values,
    // A channel that still has its saved value is unchanged, although another channel of the colour is not.
    changed: slot.changed && (part === '' || value !== (saved ?? fallback)),
    place: slot.place,
    written: (next) => step.write(slot.value, next, slot.raw),
  };
}

/** What can be changed in a running preview: the variables of a pipeline file and the options of its stages. */
import { ops, type Stage } from '../../ops/index.ts';
import type { PipelineFile } from '../../pipeline/file.ts';
import { isPlainObject, type OpDeclaration, ownValue } from '../../schema/declaration.ts';
import type { AnyParameter } from '../../schema/kind.ts';
import { kindOf } from '../../schema/parameter.ts';
import type { Step } from '../../schema/steps.ts';
import type { LiveParameter, ParameterValue } from './live-parameter.ts';
import { stepOf } from './parameter-steps.ts';
import { variableParameter } from './variable-parameter.ts';

/** A parameter, the place in the file that decides it, and what must stand there for it to have a value. */
export interface PlacedParameter extends LiveParameter {
  readonly place: string;
  readonly written: (value: ParameterValue) => unknown;
}

/** A value in the file, before it is told whether that is one parameter or, as for a colour, several. */
interface Slot {
  readonly name: string;
  readonly label: string;
  readonly stage: number | undefined;
  readonly place: string;
  /** As it is written; undefined for an option that is left out. */
  readonly raw: unknown;
  /** What it means. */
  readonly value: unknown;
  readonly default: unknown;
  /** What the saved file says instead; undefined where it says nothing. */
  readonly saved: unknown;
  readonly changed: boolean;
}

/**
 * The parameters, variables first. `stages` are what `file` builds; `savedAt` tells what the file on disk has at a place.
 * What has no value to step from (a left out optional option, a text, a file) is not among them, nor is an option that a
 * variable decides.
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
    Object.entries((ops[stage.op] as OpDeclaration).parameters).flatMap(([option, parameter]) => {
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
    // Of several parts, those that say what the file said are not what has been changed.
    changed: slot.changed && (part === '' || value !== (saved ?? fallback)),
    place: slot.place,
    written: (next) => step.write(slot.value, next, slot.raw),
  };
}

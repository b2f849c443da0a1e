/** What can be changed in a running preview: the variables of a pipeline file and the options of its stages. */
import { parseColor, type Rgba } from '../color.ts';
import { ops, type Stage } from '../ops/index.ts';
import type { Parameter } from '../parameter.ts';
import type { PipelineFile } from '../pipeline-file.ts';
import { isPlainObject, type OpDeclaration, ownValue } from '../schema.ts';
import { stepOf } from './parameter-steps.ts';
import { variableParameter } from './variable-parameter.ts';

export type ParameterValue = number | boolean | string;

/** One value that can be changed while frames run through the pipeline. */
export interface LiveParameter {
  /** Unique: `strength` for a variable, `stages[1].radius`, `stages[5].color.red`. */
  readonly name: string;
  /** For people: `strength`, `gaussianBlur radius`, `vignette color red`. */
  readonly label: string;
  /** Index of its stage in the file; undefined for a variable. */
  readonly stage: number | undefined;
  readonly kind: 'number' | 'integer' | 'boolean' | 'enum';
  readonly value: ParameterValue;
  /** Of the operation, or of the variable in the saved file; undefined where there is none. */
  readonly default: ParameterValue | undefined;
  /** Where a change by steps ends. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** One step of a number; 1 for the others. */
  readonly step: number;
  readonly unit: string | undefined;
  /** Of an enum. */
  readonly values: readonly string[] | undefined;
  /** Whether it differs from what the file says. */
  readonly changed: boolean;
}

/** A parameter, the place in the file that decides it, and what must stand there for it to have a value. */
export interface PlacedParameter extends LiveParameter {
  readonly place: string;
  readonly written: (value: ParameterValue) => unknown;
}

/** A value in the file, before it is told whether that is one parameter or, for a colour, four. */
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

function parametersOf(parameter: Parameter | undefined, slot: Slot): PlacedParameter[] {
  if (parameter === undefined || slot.value === undefined) return [];
  switch (parameter.kind) {
    case 'number':
    case 'integer':
    case 'boolean':
    case 'enum':
      return [single(parameter, slot, (value) => value)];
    case 'color':
      return channels(slot);
    case 'image':
    case 'lut':
    case 'text':
      return [];
  }
}

function single(
  parameter: Extract<Parameter, { kind: LiveParameter['kind'] }>,
  slot: Slot,
  written: PlacedParameter['written'],
): PlacedParameter {
  const { name, label, stage, place, changed } = slot;
  const value = slot.value as ParameterValue;
  const isNumeric = parameter.kind === 'number' || parameter.kind === 'integer';
  const start = Number(slot.saved ?? slot.default ?? value);
  const step = isNumeric ? stepOf(parameter, start) : 1;
  const { min, exclusiveMin, max } = isNumeric ? parameter : {};
  return {
    name,
    label,
    stage,
    kind: parameter.kind,
    value,
    default: slot.default as ParameterValue | undefined,
    min: min ?? (exclusiveMin === undefined ? undefined : exclusiveMin + step),
    max,
    step,
    unit: parameter.unit,
    values: parameter.kind === 'enum' ? parameter.values : undefined,
    changed,
    place,
    written,
  };
}

const channelNames = ['red', 'green', 'blue', 'alpha'] as const;

function channels(slot: Slot): PlacedParameter[] {
  const rgba = parseColor(slot.value);
  if (rgba === undefined) return [];
  const fallback = parseColor(slot.default);
  const saved = parseColor(slot.saved);
  return channelNames.map((channel, index) =>
    single(
      { kind: 'number', doc: '', min: 0, max: 1 },
      {
        ...slot,
        name: `${slot.name}.${channel}`,
        label: `${slot.label} ${channel}`,
        value: rgba[index],
        default: fallback?.[index],
        saved: saved?.[index],
        changed: slot.changed && rgba[index] !== (saved ?? fallback)?.[index],
      },
      (value) => writeColor(rgba.with(index, Number(value)) as unknown as Rgba, slot.raw),
    ),
  );
}

/** In the notation that stands there; a list has an alpha where it had one or needs one. */
function writeColor(rgba: Rgba, raw: unknown): unknown {
  if (typeof raw === 'string') {
    const hex = rgba.map((value) => Math.round(Math.min(1, Math.max(0, value)) * 255));
    const digits = hex.map((code) => code.toString(16).padStart(2, '0'));
    const hadAlpha = raw.length === 5 || raw.length === 9;
    return `#${(hadAlpha || hex[3] !== 255 ? digits : digits.slice(0, 3)).join('')}`;
  }
  const list = rgba.map((value) => Number(value.toPrecision(6)));
  return Array.isArray(raw) && raw.length === 3 && rgba[3] === 1 ? list.slice(0, 3) : list;
}

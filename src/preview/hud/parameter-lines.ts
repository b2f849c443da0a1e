/** The parameters around the selected one. */
import type { LiveParameter } from '../live/live-parameter.ts';
import { heading, left, lineColumns, right, span } from './columns.ts';
import type { HudState } from './hud-state.ts';
import type { Line } from './text.ts';

const shownParameters = 5;

export function parameterLines({ parameters, selected }: HudState): Line[] {
  if (parameters.length === 0) return [];
  const last = Math.max(0, parameters.length - shownParameters);
  const first = Math.min(last, Math.max(0, selected - Math.floor(shownParameters / 2)));
  const changes = parameters.filter(({ changed }) => changed).length;
  const hint = changes > 0 ? [span(`   ${changes} changed, w writes them`, 'warn')] : [];
  const place = `${selected + 1} of ${parameters.length}`;
  return [
    [heading('Parameter'), span(place, 'label'), ...hint],
    ...parameters
      .slice(first, first + shownParameters)
      .map((parameter, index) => parameterLine(parameter, first + index === selected)),
  ];
}

function parameterLine(parameter: LiveParameter, isSelected: boolean): Line {
  const { label, stage, unit = '', changed } = parameter;
  const name = stage === undefined ? label : `${stage + 1} ${label}`;
  const plain = isSelected ? 'value' : 'label';
  const value = `${showValue(parameter.value)}${unit === '' ? '' : ` ${unit}`}`;
  return [
    span(isSelected ? '▸ ' : '  ', 'accent', isSelected),
    span(left(name, 26), plain, isSelected),
    span(right(value, 13), changed ? 'warn' : plain, isSelected),
    span(changed ? ' * ' : '   ', 'warn'),
    span(left(describeChoice(parameter), lineColumns - 44).trimEnd(), 'off'),
  ];
}

function describeChoice({ kind, values = [], min, max, default: fallback }: LiveParameter): string {
  const standard = fallback === undefined ? '' : `default ${showValue(fallback)}`;
  if (kind === 'enum') return values.join(' ');
  if (kind === 'boolean') return standard;
  return [describeRange(min, max), standard].filter((text) => text !== '').join('  ');
}

function describeRange(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `${showValue(min)} … ${showValue(max)}`;
  if (min !== undefined) return `≥ ${showValue(min)}`;
  return max === undefined ? '' : `≤ ${showValue(max)}`;
}

function showValue(value: LiveParameter['value']): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(5))) : String(value);
}

/** The stages of the pipeline with their values and whether they are on. */
import { opOf } from '../../ops/registry.ts';
import { fileOf } from '../../pipeline/stage-files.ts';
import { heading, left, lineColumns, span } from './columns.ts';
import type { HudState } from './hud-state.ts';
import type { Line } from './text.ts';

const mostStages = 12;

export function stageLines({ stages }: HudState): Line[] {
  if (stages.length === 0) return [];
  const rest = stages.length - mostStages;
  return [
    [heading('Stages')],
    ...stages.slice(0, mostStages).map(({ stage, on }, index) => {
      const { op, ...options } = stage;
      const values = Object.entries(options).map(([name, value]: [string, unknown]) => {
        return `${name} ${show(fileOf(opOf(stage), name, value)?.file ?? value)}`;
      });
      return [
        span(`  ${index < 9 ? index + 1 : ' '} `, 'accent'),
        span(on ? '● ' : '○ ', on ? 'good' : 'off'),
        span(left(op, 14), on ? 'value' : 'off'),
        span(left(values.join('  '), lineColumns - 20).trimEnd(), on ? 'label' : 'off'),
      ];
    }),
    ...(rest > 0 ? [[span(`  and ${rest} more`, 'label')]] : []),
  ];
}

function show(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(4)));
  if (Array.isArray(value)) return value.map(show).join(' ');
  if (typeof value === 'string') return value.slice(value.lastIndexOf('/') + 1);
  return typeof value === 'object' ? '' : String(value);
}

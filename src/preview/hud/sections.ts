/** The sections of the HUD as text. */
import type { MemoryCount } from '../../native/native.ts';
import {
  bytes,
  clock,
  duration,
  heading,
  labelColumns,
  left,
  lineColumns,
  pairs,
  right,
  span,
  wrap,
} from './columns.ts';
import type { HudState, HudView } from './hud-state.ts';
import { keyGroups, keyLabels } from './keys.ts';
import { parameterLines } from './parameter-lines.ts';
import { stageLines } from './stage-lines.ts';
import type { Line } from './text.ts';

export interface Section {
  readonly name: string;
  readonly ground: 'panel' | 'header' | 'error';
  readonly lines: readonly Line[];
  /** Frame times to draw below the text, in seconds, oldest first, and their target. */
  readonly graph?: { readonly intervals: readonly number[]; readonly target: number };
}

/** The order in which sections are left out if the window is too low. */
export const leftOutFirst: readonly string[] = ['passes', 'flow', 'stages', 'source', 'frames'];

const textColumns = lineColumns - labelColumns;

/** The sections of a view, top to bottom. */
export function sectionsOf(view: HudView, state: HudState): Section[] {
  const { error, note } = view;
  const sections: Section[] = [];
  if (error !== undefined) sections.push(errorSection(error));
  if (note !== undefined) {
    const lines = wrap(note, lineColumns, 3).map((text) => [span(text)]);
    sections.push({ name: 'note', ground: 'header', lines });
  }
  if (view.help) sections.push(...helpSections());
  else if (view.statistics) sections.push(...statistics(state));
  return sections;
}

function errorSection({ title, message }: NonNullable<HudView['error']>): Section {
  const text = wrap(message, lineColumns, 8).map((line) => [span(line)]);
  const head = [span(left(title, lineColumns).trimEnd(), 'bad', true)];
  return { name: 'error', ground: 'error', lines: [head, ...text] };
}

function statistics(state: HudState): Section[] {
  const sections: Section[] = [
    { name: 'source', ground: 'header', lines: sourceLines(state) },
    { name: 'frames', ground: 'panel', lines: frameLines(state), ...graphOf(state) },
    { name: 'flow', ground: 'panel', lines: flowLines(state) },
  ];
  const optional: [string, Line[]][] = [
    ['passes', passLines(state)],
    ['stages', stageLines(state)],
    ['parameters', parameterLines(state)],
  ];
  for (const [name, lines] of optional) {
    if (lines.length > 0) sections.push({ name, ground: 'panel', lines });
  }
  return sections;
}

function sourceLines({ source, format, device, display, ...state }: HudState): Line[] {
  const [mark, tone, what] = playback(state);
  const time = `${mark} ${clock(state.position)}`;
  const length = state.duration === undefined ? '' : ` / ${clock(state.duration)}`;
  const speed = state.speed === 1 ? '' : `   ${state.speed}×`;
  return [
    [
      span(left('framelane', labelColumns), 'accent', true),
      span(time, tone, true),
      span(left(`${length}${speed}   ${what}`, textColumns - time.length - 6), 'label'),
      span('?', 'accent'),
      span(' help', 'label'),
    ],
    [heading('Source'), span(left(source, textColumns))],
    [heading(''), span(left(format, textColumns), 'label')],
    [heading('Device'), span(left(device, textColumns))],
    [heading('Display'), span(left(display, textColumns))],
  ];
}

function playback({ live, paused, ended }: Pick<HudState, 'live' | 'paused' | 'ended'>) {
  if (ended) return ['■', 'label', 'end'] as const;
  if (paused) return ['‖', 'warn', 'paused'] as const;
  return live ? (['●', 'bad', 'live'] as const) : (['▶', 'good', ''] as const);
}

function graphOf({ intervals, frameInterval, frameTimes }: HudState): Pick<Section, 'graph'> {
  if (frameTimes.count === 0) return {};
  return {
    graph: { intervals: Array.from(intervals), target: frameInterval ?? frameTimes.p50 },
  };
}

function frameLines({ frameTimes, frameInterval }: HudState): Line[] {
  const { count, fps, p50, p95, p99, max } = frameTimes;
  const target = frameInterval ?? p50;
  const toneOf = (time: number) =>
    time > 1.8 * target ? 'bad' : time > 1.3 * target ? 'warn' : 'value';
  const wanted = frameInterval === undefined ? '' : ` of ${(1 / frameInterval).toFixed(2)}`;
  const rate = [
    heading('Frames'),
    span(count > 0 ? fps.toFixed(2) : '–', 'value', true),
    span(`${wanted} fps`, 'label'),
  ];
  if (count === 0) return [rate];
  return [
    rate,
    [
      heading(''),
      ...pairs([
        ['p50', duration(p50), toneOf(p50)],
        ['p95', duration(p95), toneOf(p95)],
        ['p99', duration(p99), toneOf(p99)],
        ['max', duration(max), toneOf(max)],
      ]),
    ],
  ];
}

function flowLines({ shown, dropped, late, queues, memory }: HudState): Line[] {
  const counted = (count: number) => (count > 0 ? 'warn' : 'value');
  return [
    [
      heading('Shown'),
      span(left(String(shown), 9)),
      ...pairs([
        ['dropped', String(dropped), counted(dropped)],
        ['late', String(late), counted(late)],
      ]),
    ],
    [heading('Queues'), ...queues.flatMap(queueSpans)],
    memoryLine('Device', memory.device),
    memoryLine('Host', memory.host),
  ];
}

function queueSpans({ name, length, capacity }: HudState['queues'][number], index: number): Line {
  const width = Math.min(8, capacity);
  // A change of the pipeline puts frames back, so a queue may exceed its capacity.
  const filled = Math.round(Math.min(1, length / Math.max(1, capacity)) * width);
  return [
    span(`${index === 0 ? '' : '   '}${name} `, 'label'),
    span('■'.repeat(filled), length === 0 ? 'warn' : 'accent'),
    span('□'.repeat(width - filled), 'off'),
    span(` ${length}/${capacity}`),
  ];
}

function memoryLine(label: string, { live, pooled, peak }: MemoryCount): Line {
  return [
    heading(`${label === 'Device' ? 'Memory' : ''}`),
    span(left(label.toLowerCase(), 7), 'label'),
    span(right(bytes(live), 10)),
    span(' in use', 'label'),
    span(right(bytes(pooled), 11)),
    span(' kept', 'label'),
    span(right(bytes(peak), 11)),
    span(' at most', 'label'),
  ];
}

const mostPasses = 8;

function passLines({ passes }: HudState): Line[] {
  if (passes.length === 0) return [];
  const total = passes.reduce((sum, { p50 }) => sum + p50, 0);
  const shown = passes.slice(0, mostPasses);
  const rest = passes.length - shown.length;
  const columns = lineColumns - 18;
  return [
    [
      heading('Passes'),
      span(left(`${duration(total)} together`, columns - labelColumns), 'label'),
      span(`${right('p50', 9)}${right('p95', 9)}`, 'label'),
    ],
    ...shown.map(({ text, p50, p95 }) => [
      span(`  ${left(text, columns - 2)}`),
      span(right(duration(p50), 9)),
      span(right(duration(p95), 9), 'label'),
    ]),
    ...(rest > 0 ? [[span(`  and ${rest} more`, 'label')]] : []),
  ];
}

function helpSections(): Section[] {
  const columns = 31;
  return keyGroups.map(({ title, rows }, index) => ({
    name: `help ${title}`,
    ground: index === 0 ? 'header' : 'panel',
    lines: [
      [span(title, 'accent', true)],
      ...rows.map((row) => [
        span(`  ${left(keyLabels(row).join(' '), columns)}`),
        span(row.does, 'label'),
      ]),
    ],
  }));
}

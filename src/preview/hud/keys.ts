/** The keys and their commands: one table for the window, its help and docs/display.md. */

export type Command =
  | { readonly type: 'togglePause' }
  | { readonly type: 'seekBy'; readonly seconds: number }
  | { readonly type: 'seekTo'; readonly seconds: number }
  | { readonly type: 'stepFrames'; readonly frames: 1 | -1 }
  | { readonly type: 'changeSpeed'; readonly steps: 1 | -1 }
  | { readonly type: 'screenshot' }
  | { readonly type: 'toggleSplit' }
  | { readonly type: 'toggleHud' }
  | { readonly type: 'toggleHelp' }
  | { readonly type: 'toggleFullscreen' }
  | { readonly type: 'nextViewMode' }
  | { readonly type: 'resetView' }
  | { readonly type: 'zoom'; readonly factor: number }
  /** `index` counts the stages of the file from 0. */
  | { readonly type: 'toggleStage'; readonly index: number }
  | { readonly type: 'selectParameter'; readonly steps: 1 | -1 }
  | { readonly type: 'changeParameter'; readonly steps: 1 | -1 | 10 | -10 }
  | { readonly type: 'resetParameter' }
  | { readonly type: 'save' }
  /** Leaves fullscreen, or quits outside it. */
  | { readonly type: 'leave' }
  | { readonly type: 'quit' };

/** A key as a window reports it; `key` is named as KeyboardEvent.key names it. */
export interface KeyPress {
  readonly key: string;
  readonly repeat?: boolean;
  readonly shift?: boolean;
  readonly ctrl?: boolean;
}

interface Binding {
  /** How the key is printed. */
  readonly label: string;
  readonly key: string;
  /** Required state of Shift; any by default, because a character already implies it. */
  readonly shift?: boolean;
  readonly command: Command;
}

export interface KeyRow {
  readonly does: string;
  readonly bindings: readonly Binding[];
  /** Whether holding the key repeats the command. */
  readonly repeats?: true;
  /** Replaces the labels of the bindings. */
  readonly label?: string;
}

export interface KeyGroup {
  readonly title: string;
  readonly rows: readonly KeyRow[];
}

const bind = (key: string, command: Command, label = key): Binding => ({ label, key, command });

const digits = Array.from({ length: 9 }, (_, index) =>
  bind(String(index + 1), { type: 'toggleStage', index }),
);

export const keyGroups: readonly KeyGroup[] = [
  {
    title: 'Playback',
    rows: [
      { does: 'pause, go on', bindings: [bind(' ', { type: 'togglePause' }, 'Space')] },
      {
        does: 'seek 5 s back, forward',
        repeats: true,
        bindings: [
          bind('ArrowLeft', { type: 'seekBy', seconds: -5 }, '←'),
          bind('ArrowRight', { type: 'seekBy', seconds: 5 }, '→'),
        ],
      },
      { does: 'seek to the start', bindings: [bind('Home', { type: 'seekTo', seconds: 0 })] },
      {
        does: 'pause and step a frame back, forward',
        repeats: true,
        bindings: [
          bind(',', { type: 'stepFrames', frames: -1 }),
          bind('.', { type: 'stepFrames', frames: 1 }),
        ],
      },
      {
        does: 'play slower, faster',
        repeats: true,
        bindings: [
          bind('[', { type: 'changeSpeed', steps: -1 }),
          bind(']', { type: 'changeSpeed', steps: 1 }),
        ],
      },
    ],
  },
  {
    title: 'Pipeline',
    rows: [
      { does: 'turn a stage off, on', label: '1 … 9', bindings: digits },
      {
        does: 'select the next, previous parameter',
        repeats: true,
        bindings: [
          { ...bind('Tab', { type: 'selectParameter', steps: 1 }), shift: false },
          {
            ...bind('Tab', { type: 'selectParameter', steps: -1 }, 'Shift+Tab'),
            shift: true,
          },
          bind('PageDown', { type: 'selectParameter', steps: 1 }),
          bind('PageUp', { type: 'selectParameter', steps: -1 }),
        ],
      },
      {
        does: 'raise, lower it by a step',
        repeats: true,
        bindings: [
          { ...bind('ArrowUp', { type: 'changeParameter', steps: 1 }, '↑'), shift: false },
          { ...bind('ArrowDown', { type: 'changeParameter', steps: -1 }, '↓'), shift: false },
        ],
      },
      {
        does: 'by ten steps',
        repeats: true,
        bindings: [
          { ...bind('ArrowUp', { type: 'changeParameter', steps: 10 }, 'Shift+↑'), shift: true },
          { ...bind('ArrowDown', { type: 'changeParameter', steps: -10 }, 'Shift+↓'), shift: true },
        ],
      },
      {
        does: 'back to the value in the file',
        bindings: [bind('Backspace', { type: 'resetParameter' })],
      },
      { does: 'write the values to the file', bindings: [bind('w', { type: 'save' })] },
    ],
  },
  {
    title: 'View',
    rows: [
      {
        does: 'compare before and after; drag the line',
        bindings: [bind('b', { type: 'toggleSplit' })],
      },
      { does: 'fit, fill, 100 %', bindings: [bind('v', { type: 'nextViewMode' })] },
      {
        does: 'zoom in, out; or the wheel, drag to pan',
        repeats: true,
        bindings: [
          bind('+', { type: 'zoom', factor: 1.25 }),
          bind('-', { type: 'zoom', factor: 0.8 }),
        ],
      },
      { does: 'reset the view', bindings: [bind('0', { type: 'resetView' })] },
      {
        does: 'screenshot: the exact pixels, as PNG',
        bindings: [bind('s', { type: 'screenshot' })],
      },
    ],
  },
  {
    title: 'Window',
    rows: [
      { does: 'statistics', bindings: [bind('h', { type: 'toggleHud' })] },
      { does: 'this help', bindings: [bind('?', { type: 'toggleHelp' })] },
      { does: 'fullscreen', bindings: [bind('f', { type: 'toggleFullscreen' })] },
      { does: 'leave fullscreen, else quit', bindings: [bind('Escape', { type: 'leave' }, 'Esc')] },
      { does: 'quit', bindings: [bind('q', { type: 'quit' })] },
    ],
  },
];

const rows = keyGroups.flatMap((group) => group.rows);

/** The command of a key press, if it has one. */
export function commandFor(press: KeyPress): Command | undefined {
  if (press.ctrl) return undefined;
  // Caps Lock changes nothing.
  const key = /^[A-Z]$/.test(press.key) ? press.key.toLowerCase() : press.key;
  for (const { bindings, repeats } of rows) {
    const found = bindings.find((binding) => {
      const { shift = press.shift ?? false } = binding;
      return binding.key === key && shift === (press.shift ?? false);
    });
    if (found) return press.repeat && !repeats ? undefined : found.command;
  }
  return undefined;
}

/** The printed keys of a row. */
export function keyLabels({ label, bindings }: KeyRow): readonly string[] {
  return label === undefined ? bindings.map((binding) => binding.label) : [label];
}

/** The table for docs/display.md. */
export function keyTableMarkdown(): string {
  const cells = keyGroups.flatMap(({ title, rows: groupRows }) =>
    groupRows.map((row, index) => {
      const keys = keyLabels(row).map((label) => `\`${label}\``);
      return [index === 0 ? title : '', keys.join(' '), row.does];
    }),
  );
  const table = [['', 'key', ''], ...cells];
  const widths = [0, 1, 2].map((column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(table[0] as string[]), rule, ...table.slice(1).map(line)].join('\n');
}

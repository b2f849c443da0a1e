import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandFor, keyGroups, keyTableMarkdown } from '../../src/preview/hud/keys.ts';
import { nextSpeed } from '../../src/preview/player/speeds.ts';

const command = (key: string, more = {}) =>
  commandFor({ key, repeat: false, shift: false, ctrl: false, ...more });

describe('commandFor', () => {
  it.each([
    [' ', { type: 'togglePause' }],
    ['ArrowLeft', { type: 'seekBy', seconds: -5 }],
    ['ArrowRight', { type: 'seekBy', seconds: 5 }],
    ['.', { type: 'stepFrames', frames: 1 }],
    [',', { type: 'stepFrames', frames: -1 }],
    ['[', { type: 'changeSpeed', steps: -1 }],
    [']', { type: 'changeSpeed', steps: 1 }],
    ['s', { type: 'screenshot' }],
    ['b', { type: 'toggleSplit' }],
    ['h', { type: 'toggleHud' }],
    ['f', { type: 'toggleFullscreen' }],
    ['q', { type: 'quit' }],
    ['Escape', { type: 'leave' }],
    ['1', { type: 'toggleStage', index: 0 }],
    ['9', { type: 'toggleStage', index: 8 }],
    ['0', { type: 'resetView' }],
    ['?', { type: 'toggleHelp' }],
    ['ArrowUp', { type: 'changeParameter', steps: 1 }],
    ['ArrowDown', { type: 'changeParameter', steps: -1 }],
    ['Tab', { type: 'selectParameter', steps: 1 }],
    ['PageUp', { type: 'selectParameter', steps: -1 }],
    ['PageDown', { type: 'selectParameter', steps: 1 }],
    ['Backspace', { type: 'resetParameter' }],
    ['w', { type: 'save' }],
    ['v', { type: 'nextViewMode' }],
  ])('%s', (key, expected) => {
    expect(command(key)).toEqual(expected);
  });

  it('tells shift from no shift where that decides, and takes characters as they come', () => {
    expect(command('Tab', { shift: true })).toEqual({ type: 'selectParameter', steps: -1 });
    expect(command('ArrowUp', { shift: true })).toEqual({ type: 'changeParameter', steps: 10 });
    expect(command('ArrowDown', { shift: true })).toEqual({ type: 'changeParameter', steps: -10 });
    expect(command('?', { shift: true })).toEqual({ type: 'toggleHelp' });
    expect(command('S', { shift: true })).toEqual({ type: 'screenshot' });
    expect(command('Q')).toEqual({ type: 'quit' });
  });

  it('leaves other keys, and those with control, alone', () => {
    for (const key of ['x', 'F1', 'Enter', '', 'Shift', 'toString', '10']) {
      expect(command(key), key).toBeUndefined();
    }
    expect(command('s', { ctrl: true })).toBeUndefined();
  });

  it('repeats what goes somewhere and never what switches', () => {
    for (const key of ['ArrowRight', '.', ']', 'ArrowUp', 'Tab']) {
      expect(command(key, { repeat: true }), key).toEqual(command(key));
    }
    for (const key of [' ', 's', 'b', 'h', 'f', 'q', '?', 'w', '1', 'v', 'Escape']) {
      expect(command(key, { repeat: true }), key).toBeUndefined();
    }
  });
});

describe('the table', () => {
  const bindings = keyGroups.flatMap(({ rows }) => rows.flatMap((row) => row.bindings));

  it('gives no key twice', () => {
    const keys = bindings.map(({ key, shift }) => `${shift ?? ''} ${key}`);
    expect(keys).toEqual([...new Set(keys)]);
    // Either all or none of a key's bindings look at shift, or one would hide the other.
    for (const { key, shift } of bindings) {
      const others = bindings.filter((other) => other.key === key);
      expect(new Set(others.map((other) => other.shift === undefined)).size, key).toBe(1);
      expect(shift === undefined || others.length === 2, key).toBe(true);
    }
  });

  it('does for every key what it says', () => {
    for (const { key, shift, command: expected } of bindings) {
      expect(command(key, { shift: shift ?? false })).toBe(expected);
    }
  });

  it('is the one in docs/display.md', () => {
    const docs = readFileSync('docs/display.md', 'utf8');
    const section = docs.split(/^## /m).find((text) => text.startsWith('Keys\n')) ?? '';
    const table = section.split('\n').filter((line) => line.startsWith('|'));
    expect(table.join('\n')).toBe(keyTableMarkdown());
  });
});

describe('nextSpeed', () => {
  it('goes through the speeds and stays at the ends', () => {
    const up = [1];
    while (up.length < 8) up.push(nextSpeed(up.at(-1) as number, 1));
    expect(up).toEqual([1, 1.25, 1.5, 2, 3, 4, 4, 4]);
    const down = [1];
    while (down.length < 7) down.push(nextSpeed(down.at(-1) as number, -1));
    expect(down).toEqual([1, 0.75, 0.5, 0.25, 0.25, 0.25, 0.25]);
  });

  it('finds its way from any other speed', () => {
    expect(nextSpeed(1.1, 1)).toBe(1.25);
    expect(nextSpeed(1.1, -1)).toBe(1);
    expect(nextSpeed(100, -1)).toBe(4);
    expect(nextSpeed(0.01, 1)).toBe(0.25);
  });
});

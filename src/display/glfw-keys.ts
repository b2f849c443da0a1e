/** GLFW's keys as KeyboardEvent.key names. */
import type { NativeWindowEvent } from '../native/gl.ts';
import type { WindowEvent } from './window.ts';

/** Keys without a character (glfw3.h). */
const names = new Map<number, string>([
  [256, 'Escape'],
  [257, 'Enter'],
  [258, 'Tab'],
  [259, 'Backspace'],
  [260, 'Insert'],
  [261, 'Delete'],
  [262, 'ArrowRight'],
  [263, 'ArrowLeft'],
  [264, 'ArrowDown'],
  [265, 'ArrowUp'],
  [266, 'PageUp'],
  [267, 'PageDown'],
  [268, 'Home'],
  [269, 'End'],
  [280, 'CapsLock'],
  [281, 'ScrollLock'],
  [282, 'NumLock'],
  [283, 'PrintScreen'],
  [284, 'Pause'],
  ...Array.from({ length: 25 }, (_, i) => [290 + i, `F${i + 1}`] as const),
  [335, 'Enter'],
  [340, 'Shift'],
  [341, 'Control'],
  [342, 'Alt'],
  [343, 'Meta'],
  [344, 'Shift'],
  [345, 'Control'],
  [346, 'Alt'],
  [347, 'Meta'],
  [348, 'ContextMenu'],
]);

type KeyEvent = Extract<WindowEvent, { type: 'key' }>;
type NativeKey = Extract<NativeWindowEvent, { type: 'key' }>;

/**
 * GLFW reports a key with a character twice: as a key, with the modifiers, then as a character, by the layout and Shift. With
 * Ctrl, Alt or Super it reports no character, so the label of the key in the layout is used.
 */
export class KeyTranslator {
  #modifiers = { repeat: false, shift: false, ctrl: false };

  pressed({ code, name, repeat, shift, ctrl, altOrSuper }: NativeKey): KeyEvent | undefined {
    const key = names.get(code) ?? (ctrl || altOrSuper ? name || (code === 32 ? ' ' : '') : '');
    this.#modifiers = { repeat, shift, ctrl };
    return key === '' ? undefined : { type: 'key', key, repeat, shift, ctrl };
  }

  typed(character: number): KeyEvent {
    return { type: 'key', key: String.fromCodePoint(character), ...this.#modifiers };
  }
}

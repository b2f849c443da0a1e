/** Preview windows that nobody sees: what they show is read back, what the user does is injected. */
import type { PreviewWindow } from 'framelane';
import type { HeadlessWindow } from '../../src/display/headless.ts';

export const unseen = { device: 'cpu', audio: false, provider: 'headless' } as const;

export const headless = (preview: PreviewWindow) => preview.window as HeadlessWindow;

export function press(preview: PreviewWindow, key: string, shift = false): void {
  headless(preview).inject({ type: 'key', key, shift, ctrl: false, repeat: false });
}

export function shownRgb(preview: PreviewWindow): Buffer {
  const { data } = preview.readPixels();
  return Buffer.from(data.filter((_, index) => index % 4 !== 3));
}

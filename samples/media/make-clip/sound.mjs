// The sound of the clip.
import { seconds } from './scene.mjs';

/** Stereo s16 at 48 kHz: a slow chord, and the beeps. */
export function renderSound() {
  const sampleRate = 48000;
  const sound = new Int16Array(seconds * sampleRate * 2);
  const detune = [1 - 0.0013, 1 + 0.0013];
  const chord = [110, 164.81, 220, 277.18, 329.63];
  for (let i = 0; i < seconds * sampleRate; i++) {
    const t = i / sampleRate;
    const swell = Math.sin((Math.PI * t) / seconds) ** 0.6;
    const sinceBeep = (t + 0.5) % 1;
    const envelope =
      sinceBeep < 0.08 ? Math.min(1, sinceBeep / 0.001, (0.08 - sinceBeep) / 0.008) : 0;
    const beep = 0.5 * envelope * Math.sin(2 * Math.PI * 1000 * sinceBeep);
    for (let side = 0; side < 2; side++) {
      let pad = 0;
      chord.forEach((hertz, note) => {
        const drift =
          0.5 + 0.5 * Math.sin(2 * Math.PI * (0.07 + 0.03 * note) * t + note + side * 1.3);
        pad += drift * Math.sin(2 * Math.PI * hertz * detune[side] * t + note);
      });
      sound[i * 2 + side] = 32767 * (beep + 0.014 * swell * pad);
    }
  }
  return Buffer.from(sound.buffer);
}

/** Shifts the times in an MPEG program stream (.mpg, .vob), in place. */
import { type ClockShift, shiftPacket, shiftTime } from './clock-shift.ts';

const packStart = 0xba;
const privateStream = 0xbd;
/** The longest header: of MPEG-2 with a substream id, or of MPEG-1 with stuffing. */
const headBytes = 6 + 3 + 255 + 1;

export class ProgramStream {
  readonly #shift: ClockShift;
  /** Bytes of the current packet that are still to come. */
  #rest = 0;

  constructor(shift: ClockShift) {
    this.#shift = shift;
  }

  /** Shifts the complete packets in `bytes`, which lie at `position` of the file; returns how many bytes are done. */
  rewrite(bytes: Uint8Array, position: number): number {
    const skipped = Math.min(this.#rest, bytes.length);
    this.#rest -= skipped;
    let at = skipped;
    while (at + headBytes <= bytes.length) {
      if (bytes[at] !== 0 || bytes[at + 1] !== 0 || bytes[at + 2] !== 1) {
        at++;
        continue;
      }
      at += this.#packet(bytes, at, position);
    }
    if (at <= bytes.length) return at;
    this.#rest = at - bytes.length;
    return bytes.length;
  }

  /** Headers are never split, so nothing is patched later. */
  takePatches(): [] {
    return [];
  }

  /** Shifts a packet; returns its length. */
  #packet(bytes: Uint8Array, at: number, position: number): number {
    const id = bytes[at + 3] as number;
    if (id === packStart || id < packStart) return 4;
    const length = ((bytes[at + 4] as number) << 8) | (bytes[at + 5] as number);
    const timed = id === privateStream || id === 0xfd || (id >= 0xc0 && id <= 0xef);
    if (timed) {
      const second = ((bytes[at + 6] as number) & 0xc0) === 0x80;
      const payload = second ? at + 9 + (bytes[at + 8] as number) : at + 6;
      const key = id === privateStream ? (id << 8) | (bytes[payload] as number) : id;
      const offset = this.#shift.at(position + at, key);
      if (offset !== 0 && second) shiftPacket(bytes, at, offset);
      else if (offset !== 0) shiftFirst(bytes, at + 6, offset);
    }
    return 6 + length;
  }
}

/** MPEG-1: stuffing, the size of a buffer, then the times. */
function shiftFirst(bytes: Uint8Array, from: number, offset: number): void {
  let at = from;
  while (bytes[at] === 0xff && at < from + 16) at++;
  if (((bytes[at] as number) & 0xc0) === 0x40) at += 2;
  const kind = (bytes[at] as number) & 0xf0;
  if (kind !== 0x20 && kind !== 0x30) return;
  shiftTime(bytes, at, offset);
  if (kind === 0x30) shiftTime(bytes, at + 5, offset);
}

/** The repaired times of the streams of a recording: the stored ones, shifted from given positions on. */
import { type ClockChange, mpegWrap } from '../format/clock-jumps.ts';

export class ClockShift {
  readonly #changes: readonly ClockChange[];
  readonly #slack: number;
  /** By the id of the stream in the file. */
  readonly #offsets = new Map<number, number>();
  readonly #keys = new Map<number, number>();
  /** The offset of streams that were not scanned. */
  #latest = 0;
  #next = 0;
  #late: ClockChange[] = [];

  /** `slack` is how many bytes a packet may lie from the position that ffprobe reports. */
  constructor(changes: readonly ClockChange[], slack: number) {
    this.#changes = [...changes].sort((a, b) => a.position - b.position);
    this.#slack = slack;
  }

  /** The offset of the packet that begins at a position; positions must increase. */
  at(position: number, key: number): number {
    while (this.#next < this.#changes.length) {
      const change = this.#changes[this.#next] as ClockChange;
      if (change.position - this.#slack > position) break;
      this.#next++;
      this.#latest = change.offset;
      if (change.exact && position - change.position <= this.#slack) {
        this.#keys.set(change.stream, key);
        this.#offsets.set(key, change.offset);
      } else {
        this.#late.push(change);
      }
    }
    this.#applyLate(key);
    return this.#offsets.get(key) ?? this.#latest;
  }

  /** A change whose position is inside a packet applies from that stream's next packet on. */
  #applyLate(key: number): void {
    if (this.#late.length === 0) return;
    this.#late = this.#late.filter((change) => {
      const own = this.#keys.get(change.stream);
      if (own !== key) return own !== undefined;
      this.#offsets.set(key, change.offset);
      return false;
    });
  }
}

/** Shifts a 33-bit time as MPEG writes it: a prefix of four bits, and a marker after 3, 15 and 15 bits. */
export function shiftTime(bytes: Uint8Array, at: number, offset: number): void {
  const byte = (index: number) => bytes[at + index] as number;
  const high = ((byte(0) >> 1) & 7) * 2 ** 30;
  const time = high + (byte(1) << 22) + ((byte(2) >> 1) << 15) + (byte(3) << 7) + (byte(4) >> 1);
  const moved = (((time + offset) % mpegWrap) + mpegWrap) % mpegWrap;
  const low = moved % 2 ** 30;
  bytes[at] = (byte(0) & 0xf1) | (Math.floor(moved / 2 ** 30) << 1);
  bytes[at + 1] = low >> 22;
  bytes[at + 2] = (byte(2) & 1) | ((low >> 14) & 0xfe);
  bytes[at + 3] = low >> 7;
  bytes[at + 4] = (byte(4) & 1) | ((low << 1) & 0xfe);
}

/** Shifts the times in the header of a PES packet, whose start code is at `at`. */
export function shiftPacket(bytes: Uint8Array, at: number, offset: number): void {
  const flags = bytes[at + 7] as number;
  if (((bytes[at + 6] as number) & 0xc0) !== 0x80 || (flags & 0x80) === 0) return;
  shiftTime(bytes, at + 9, offset);
  if (flags & 0x40) shiftTime(bytes, at + 14, offset);
}

/** Shifts the times in an MPEG transport stream, in place. */
import { type ClockShift, shiftPacket } from './clock-shift.ts';

const sync = 0x47;
const size = 188;
/** Broadcast, Blu-ray (four bytes before each) and DVB with error correction (sixteen after each). */
const strides = [188, 192, 204];
/** Start code, stream, length, flags, and two times. */
const headBytes = 19;
/** How many sync bytes in a row confirm a stride. */
const certain = 5;

/** The header of a PES packet, which may be split over several transport packets. */
interface Head {
  readonly bytes: Uint8Array;
  readonly places: number[];
  readonly offset: number;
}

export interface Patch {
  readonly position: number;
  readonly byte: number;
}

export class TransportStream {
  readonly #shift: ClockShift;
  readonly #heads = new Map<number, Head>();
  #stride: number | undefined;
  #patches: Patch[] = [];

  constructor(shift: ClockShift) {
    this.#shift = shift;
  }

  /** Shifts the complete packets in `bytes`, which lie at `position` of the file; returns how many bytes are done. */
  rewrite(bytes: Uint8Array, position: number): number {
    let at = 0;
    while (at < bytes.length) {
      if (this.#stride === undefined || bytes[at] !== sync) {
        const found = this.#findSync(bytes, at);
        if (found === undefined) return Math.max(at, bytes.length - certain * 204);
        at = found;
      }
      if (at + size > bytes.length) return at;
      this.#packet(bytes, at, position);
      at += this.#stride as number;
    }
    return Math.min(at, bytes.length);
  }

  /** Changes of bytes before the last `position`, known only when their header was complete. */
  takePatches(): Patch[] {
    const patches = this.#patches;
    this.#patches = [];
    return patches;
  }

  #findSync(bytes: Uint8Array, from: number): number | undefined {
    for (let at = from; at + size <= bytes.length; at++) {
      if (bytes[at] !== sync) continue;
      const stride = strides.find((step) => {
        for (let n = 1; n < certain; n++) {
          const next = at + n * step;
          if (next >= bytes.length) return n > 1;
          if (bytes[next] !== sync) return false;
        }
        return true;
      });
      if (stride === undefined) continue;
      this.#stride = stride;
      return at;
    }
    return undefined;
  }

  #packet(bytes: Uint8Array, at: number, position: number): void {
    const flags = bytes[at + 1] as number;
    const control = bytes[at + 3] as number;
    const pid = ((flags & 0x1f) << 8) | (bytes[at + 2] as number);
    const damaged = flags & 0x80;
    const scrambled = control & 0xc0;
    if (damaged || scrambled || !(control & 0x10) || pid === 0x1fff) return;
    const payload = at + 4 + (control & 0x20 ? 1 + (bytes[at + 4] as number) : 0);
    const end = at + size;
    if (payload >= end) return;
    if (flags & 0x40) {
      const starts = bytes[payload] === 0 && bytes[payload + 1] === 0 && bytes[payload + 2] === 1;
      this.#heads.delete(pid);
      if (!starts || payload + 3 > end) return;
      const offset = this.#shift.at(position + at, pid);
      if (payload + headBytes <= end) {
        if (offset !== 0) shiftPacket(bytes, payload, offset);
        return;
      }
      this.#heads.set(pid, { bytes: new Uint8Array(headBytes), places: [], offset });
    }
    const head = this.#heads.get(pid);
    if (head !== undefined) this.#collect(head, pid, bytes, payload, end, position);
  }

  /** Collects the rest of a header that was split. */
  #collect(
    head: Head,
    pid: number,
    bytes: Uint8Array,
    from: number,
    end: number,
    position: number,
  ): void {
    const { places } = head;
    for (let at = from; at < end && places.length < headBytes; at++) {
      head.bytes[places.length] = bytes[at] as number;
      places.push(position + at);
    }
    if (places.length < headBytes) return;
    this.#heads.delete(pid);
    shiftPacket(head.bytes, 0, head.offset);
    for (const [index, place] of places.entries()) {
      const byte = head.bytes[index] as number;
      if (place >= position) bytes[place - position] = byte;
      else this.#patches.push({ position: place, byte });
    }
  }
}

/** Transport streams whose clock is set otherwise, and in the layouts of discs and of broadcasts. */

const size = 188;
const wrap = 1n << 33n;

/** A packet's own clock: its PID, and how many of that PID have begun before it. */
export type Shift = (pid: number, index: number) => number;

/** Moves the times of each packet (PES) by as many ticks as `shift` says. */
export function shifted(stream: Buffer, shift: Shift): Buffer {
  const result = Buffer.from(stream);
  const begun = new Map<number, number>();
  for (let at = 0; at + size <= result.length; at += size) {
    const pid = result.readUInt16BE(at + 1) & 0x1fff;
    const begins = (result.readUInt8(at + 1) & 0x40) !== 0;
    const control = result.readUInt8(at + 3);
    const payload = at + 4 + (control & 0x20 ? 1 + result.readUInt8(at + 4) : 0);
    if (!begins || !(control & 0x10) || payload + 19 > at + size) continue;
    if (result.readUIntBE(payload, 3) !== 1) continue;
    const index = begun.get(pid) ?? 0;
    begun.set(pid, index + 1);
    const flags = result.readUInt8(payload + 7) >> 6;
    if (flags & 2) move(result, payload + 9, shift(pid, index));
    if (flags === 3) move(result, payload + 14, shift(pid, index));
  }
  return result;
}

function move(bytes: Buffer, at: number, ticks: number): void {
  const coded = BigInt(bytes.readUIntBE(at, 5));
  const time = ((coded >> 33n) << 30n) | (((coded >> 17n) & 0x7fffn) << 15n);
  const whole = (time & ((7n << 30n) | (0x7fffn << 15n))) | ((coded >> 1n) & 0x7fffn);
  const moved = (((whole + BigInt(ticks)) % wrap) + wrap) % wrap;
  const prefix = (coded >> 36n) << 36n;
  const parts = ((moved >> 30n) << 33n) | (((moved >> 15n) & 0x7fffn) << 17n);
  const next = prefix | parts | ((moved & 0x7fffn) << 1n) | (1n << 32n) | (1n << 16n) | 1n;
  bytes.writeUIntBE(Number(next), at, 5);
}

/** Each piece with bytes before or after it. */
export function padded(stream: Buffer, before: number, after: number): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at + size <= stream.length; at += size) {
    pieces.push(Buffer.alloc(before, 1), stream.subarray(at, at + size), Buffer.alloc(after, 2));
  }
  return Buffer.concat(pieces);
}

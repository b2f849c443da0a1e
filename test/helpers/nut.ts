/** NUT with times no muxer would write: FFmpeg's own makes them increase. One stream of gray frames of one byte value each. */

export interface NutFrame {
  /** In milliseconds; `delta` after the frame before where it is undefined. */
  readonly time: number | bigint | undefined;
  readonly value: number;
}

export interface NutOptions {
  readonly width: number;
  readonly height: number;
  /** What the frame code of a frame without a time adds to the one before. */
  readonly delta?: bigint;
  /** The time of the syncpoint at the start, as it is coded. */
  readonly syncpoint?: bigint;
  /** So many low bits of a time are sent where it is smaller than 2 to their power. */
  readonly ptsShift?: number;
}

const bytes = (...values: number[]) => Buffer.from(values);

function number(value: number | bigint): Buffer {
  const whole = BigInt(value);
  const groups = [Number(whole % 128n)];
  for (let rest = whole / 128n; rest > 0n; rest /= 128n) groups.unshift(128 + Number(rest % 128n));
  return bytes(...groups);
}

const numbers = (...values: (number | bigint)[]) => Buffer.concat(values.map(number));
const signed = (value: bigint) => (value > 0n ? 2n * value - 1n : -2n * value);

/** CRC-32 of polynomial 0x04C11DB7, most significant bit first, from 0. */
function checksum(data: Buffer): Buffer {
  let crc = 0;
  for (const byte of data) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  }
  const result = Buffer.alloc(4);
  result.writeInt32BE(crc | 0);
  return result;
}

function packet(startcode: string, body: Buffer): Buffer {
  const checked = Buffer.concat([body, checksum(body)]);
  return Buffer.concat([Buffer.from(startcode, 'hex'), number(checked.length), checked]);
}

export function nutOf(
  frames: readonly NutFrame[],
  { width, height, delta = 0n, syncpoint = 0n, ptsShift = 0 }: NutOptions,
): Buffer {
  const invalid = (count: number) => numbers(8192, 6, 0, 1, 0, 0, 0, count);
  const key = numbers(1 + 8 + 32 + 64, 6, 0, 1, 0, 0, 0, 1); // key frame, pts, size, checksum
  const next = numbers(1 + 32 + 64, 6, signed(delta), 1, 0, 0, 0, 1);
  const main = [numbers(3, 1, 65536, 1, 1, 1000), invalid(1), key, next, invalid(252), numbers(0)];
  const gray = Buffer.from('Y800');
  const stream = [
    numbers(0, 0, 4),
    gray,
    numbers(0, ptsShift, 1000, 0, 0, 0, width, height, 1, 1, 0),
  ];
  const parts = [
    Buffer.from('nut/multimedia container\0'),
    packet('4e4d7a561f5f04ad', Buffer.concat(main)),
    packet('4e5311405bf2f9db', Buffer.concat(stream)),
    packet('4e4be4adeeca4569', numbers(syncpoint, 0)),
  ];
  for (const { time, value } of frames) {
    const coded = time === undefined ? [] : [number(BigInt(time) + (1n << BigInt(ptsShift)))];
    const code = time === undefined ? 2 : 1;
    const head = Buffer.concat([bytes(code), ...coded, numbers(width * height)]);
    parts.push(head, checksum(head), Buffer.alloc(width * height, value));
  }
  return Buffer.concat(parts);
}

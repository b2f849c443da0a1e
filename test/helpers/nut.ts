/** NUT with times no muxer would write: FFmpeg's own makes them increase. One stream of gray frames of one byte value each. */

export interface NutFrame {
  /** In milliseconds. */
  readonly time: number;
  readonly value: number;
}

const bytes = (...values: number[]) => Buffer.from(values);

function number(value: number): Buffer {
  const groups = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    groups.unshift(128 + (rest % 128));
  }
  return bytes(...groups);
}

const numbers = (...values: number[]) => Buffer.concat(values.map(number));

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
  { width, height }: { readonly width: number; readonly height: number },
): Buffer {
  const invalid = (count: number) => numbers(8192, 6, 0, 1, 0, 0, 0, count);
  const key = numbers(1 + 8 + 32 + 64, 6, 0, 1, 0, 0, 0, 1); // key frame, pts, size, checksum
  const main = [numbers(3, 1, 65536, 1, 1, 1000), invalid(1), key, invalid(253), numbers(0)];
  const gray = Buffer.from('Y800');
  const stream = [numbers(0, 0, 4), gray, numbers(0, 0, 1000, 0, 0, 0, width, height, 1, 1, 0)];
  const parts = [
    Buffer.from('nut/multimedia container\0'),
    packet('4e4d7a561f5f04ad', Buffer.concat(main)),
    packet('4e5311405bf2f9db', Buffer.concat(stream)),
    packet('4e4be4adeeca4569', numbers(0, 0)),
  ];
  for (const { time, value } of frames) {
    const head = Buffer.concat([bytes(1), numbers(time + 1, width * height)]);
    parts.push(head, checksum(head), Buffer.alloc(width * height, value));
  }
  return Buffer.concat(parts);
}

/** Unpacks WOFF 1.0 files: npm has web fonts, but Pango reads only TrueType and OpenType. */
import { inflateSync } from 'node:zlib';

const signature = 0x774f4646; // 'wOFF'
const headerSize = 12;
const entrySize = 16;

/** Whether bytes are a WOFF 1.0 file. */
export const isWoff = (bytes: Buffer) => bytes.length > 44 && bytes.readUInt32BE(0) === signature;

/** Larger than any font, including CJK families with all weights. */
const largestFont = 2 ** 27;

/**
 * The TrueType or OpenType file inside a WOFF file (W3C WOFF 1.0 §4), with some tables replaced, or removed (null). Throws if a
 * table is outside the file or has another length than declared.
 */
export function unpackWoff(
  woff: Buffer,
  changes: Readonly<Record<string, Buffer | null>> = {},
): Buffer {
  let room = largestFont;
  const tables = Array.from({ length: woff.readUInt16BE(12) }, (_, i) => {
    const entry = 44 + 20 * i;
    const [offset, packed, length] = [4, 8, 12].map((at) => woff.readUInt32BE(entry + at)) as [
      number,
      number,
      number,
    ];
    const tag = woff.toString('latin1', entry, entry + 4);
    room -= length;
    if (room < 0 || packed > length || offset + packed > woff.length) {
      throw new RangeError('a table with an impossible size');
    }
    const data = woff.subarray(offset, offset + packed);
    const unpack = () => {
      const table = inflateSync(data, { maxOutputLength: Math.max(1, length) });
      if (table.length !== length) throw new RangeError('a table with another length');
      return table;
    };
    const change = changes[tag];
    const content = change !== undefined ? change : packed === length ? data : unpack();
    return {
      tag,
      sum: woff.readUInt32BE(entry + 16),
      content: content ?? Buffer.alloc(0),
    };
  }).filter(({ tag }) => changes[tag] !== null);

  const directory = Buffer.alloc(headerSize + entrySize * tables.length);
  const power = 2 ** Math.floor(Math.log2(tables.length));
  directory.writeUInt32BE(woff.readUInt32BE(4)); // the flavour of the font inside
  directory.writeUInt16BE(tables.length, 4);
  directory.writeUInt16BE(16 * power, 6);
  directory.writeUInt16BE(Math.log2(power), 8);
  directory.writeUInt16BE(16 * (tables.length - power), 10);

  const parts: Buffer[] = [directory];
  let offset = directory.length;
  for (const [i, { tag, sum, content }] of tables.entries()) {
    const entry = headerSize + entrySize * i;
    directory.write(tag, entry, 'latin1');
    directory.writeUInt32BE(sum, entry + 4);
    directory.writeUInt32BE(offset, entry + 8);
    directory.writeUInt32BE(content.length, entry + 12);
    const padding = Buffer.alloc(-content.length & 3);
    parts.push(content, padding);
    offset += content.length + padding.length;
  }
  return Buffer.concat(parts);
}

/** A name table with only the family (OpenType, format 0, Windows, Unicode, English). */
export function nameTable(family: string): Buffer {
  const names = [1, 4, 6].map((id) => [3, 1, 0x409, id, 2 * family.length, 0]);
  const words = [0, names.length, 6 + 12 * names.length, ...names.flat()];
  const table = Buffer.alloc(2 * words.length);
  words.forEach((word, i) => {
    table.writeUInt16BE(word, 2 * i);
  });
  return Buffer.concat([table, Buffer.from(family, 'utf16le').swap16()]);
}

/** The family in the name table of a font file; undefined if it is not a font. */
export function familyName(font: Buffer): string | undefined {
  try {
    const count = font.readUInt16BE(4);
    for (let i = 0; i < count; i++) {
      const entry = headerSize + entrySize * i;
      if (font.toString('latin1', entry, entry + 4) !== 'name') continue;
      return familyIn(font.subarray(font.readUInt32BE(entry + 8)));
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // truncated, so not a font
  }
  return undefined;
}

function familyIn(names: Buffer): string | undefined {
  const texts = names.readUInt16BE(4);
  for (let i = 0; i < names.readUInt16BE(2); i++) {
    const record = 6 + 12 * i;
    const [platform, , , id, length, offset] = [0, 2, 4, 6, 8, 10].map((at) =>
      names.readUInt16BE(record + at),
    ) as [number, number, number, number, number, number];
    if (id !== 1) continue;
    const text = names.subarray(texts + offset, texts + offset + length);
    if (platform === 1) return text.toString('latin1');
    return Buffer.from(text).swap16().toString('utf16le');
  }
  return undefined;
}

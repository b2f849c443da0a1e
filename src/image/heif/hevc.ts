/** One coded HEVC picture as HEIF stores it: its parameter sets in an hvcC box, its slices with their lengths. */
import { FramelaneError } from '../../errors/errors.ts';

export interface HevcPicture {
  /** The hvcC box (ISO/IEC 14496-15 §8.3.3.1). */
  readonly configuration: Buffer;
  readonly slices: Buffer;
}

const [vps, sps, pps] = [32, 33, 34];
const typeOf = (unit: Buffer) => ((unit[0] as number) >> 1) & 63;

/** `stream` is an H.265 byte stream (Annex B) of one picture; `chroma` its chroma_format_idc. */
export function hevcPicture(stream: Buffer, chroma: 0 | 1 | 3, bits: 8 | 10 = 8): HevcPicture {
  const units = splitUnits(stream);
  const sets = [vps, sps, pps].map((type) => units.filter((unit) => typeOf(unit) === type));
  const slices = units.filter((unit) => typeOf(unit) < vps);
  if (sets.some((list) => list.length !== 1) || slices.length === 0) {
    const found = units.map(typeOf).join(', ');
    throw new FramelaneError('ERR_INTERNAL', `libx265: expected one picture, received ${found}`);
  }
  return {
    configuration: configurationBox(sets.flat(), chroma, bits),
    slices: Buffer.concat(slices.flatMap((unit) => [lengthOf(unit, 4), unit])),
  };
}

/** Units lie between start codes 00 00 01; zeros before one belong to none. */
function splitUnits(stream: Buffer): Buffer[] {
  const units: Buffer[] = [];
  const startCode = Buffer.from([0, 0, 1]);
  let start = stream.indexOf(startCode);
  while (start >= 0) {
    const next = stream.indexOf(startCode, start + 3);
    let end = next < 0 ? stream.length : next;
    while (end > start + 3 && stream[end - 1] === 0) end--;
    units.push(stream.subarray(start + 3, end));
    start = next;
  }
  return units;
}

function lengthOf(unit: Buffer, bytes: 2 | 4): Buffer {
  const length = Buffer.alloc(bytes);
  length.writeUIntBE(unit.length, 0, bytes);
  return length;
}

function configurationBox(sets: readonly Buffer[], chroma: number, bits: number): Buffer {
  const parameters = withoutEmulationPrevention(sets[1] as Buffer);
  // After the unit's header: the set's id, layers and nesting in a byte, then the 12 bytes of profile, tier and level.
  const profileTierLevel = parameters.subarray(3, 15);
  const nested = (parameters[2] as number) & 1;
  const arrays = sets.flatMap((unit) => [
    Buffer.from([0x80 | typeOf(unit), 0, 1]), // complete, one unit
    lengthOf(unit, 2),
    unit,
  ]);
  const body = Buffer.concat([
    Buffer.from([1]),
    profileTierLevel,
    // No segmentation, unknown parallelism; chroma, bits above 8 of luma and chroma.
    Buffer.from([0xf0, 0, 0xfc, 0xfc | chroma, 0xf8 | (bits - 8), 0xf8 | (bits - 8)]),
    // No frame rate; one layer, lengths of 4 bytes.
    Buffer.from([0, 0, 0x08 | (nested << 2) | 3]),
    Buffer.from([sets.length]),
    ...arrays,
  ]);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + body.length, 0);
  header.write('hvcC', 4, 'latin1');
  return Buffer.concat([header, body]);
}

/** A 3 after two zeros only keeps start codes from appearing. */
function withoutEmulationPrevention(unit: Buffer): Buffer {
  return Buffer.from(
    unit.filter((byte, i) => !(byte === 3 && i > 1 && unit[i - 1] === 0 && unit[i - 2] === 0)),
  );
}

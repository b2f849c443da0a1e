/** Where the frames of a GIF end (GIF89a): libvips returns the rest of a truncated GIF as if it were complete. */

const [extension, image] = [0x21, 0x2c];

/** Whether the bytes end before the end of frame `frame`, from 0, or before the trailer if there are fewer frames. */
export function gifIsCut(bytes: Buffer, frame: number): boolean {
  const tableSize = (at: number) => {
    const flags = bytes.readUInt8(at);
    return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
  };
  const afterBlocks = (start: number) => {
    let at = start;
    for (let size = bytes.readUInt8(at); size > 0; size = bytes.readUInt8(at)) at += 1 + size;
    return at + 1;
  };
  try {
    let at = 13 + tableSize(10);
    for (let whole = 0; whole <= frame; ) {
      const block = bytes.readUInt8(at);
      if (block === extension) {
        at = afterBlocks(at + 2);
      } else if (block === image) {
        at = afterBlocks(at + 11 + tableSize(at + 9));
        whole++;
      } else {
        break; // the trailer, or damage
      }
    }
    return false;
  } catch (error) {
    if (error instanceof RangeError) return true;
    throw error;
  }
}

/** Messages over a pipe: two lengths, a head in JSON, and bytes. */

export interface Message {
  readonly head: unknown;
  readonly bytes: Buffer;
}

const prefix = 12;

/** The lengths and the head in one buffer, and the bytes, which are not copied. */
export function packed(head: object, bytes: Uint8Array = new Uint8Array()) {
  const json = Buffer.from(JSON.stringify(head));
  const start = Buffer.alloc(prefix);
  start.writeUInt32LE(json.length);
  start.writeBigUInt64LE(BigInt(bytes.length), 4);
  return { head: Buffer.concat([start, json]), bytes };
}

/** Assembles messages from chunks. */
export class MessageReader {
  readonly #onMessage: (message: Message) => void;
  /** The incomplete head. */
  #before: Buffer = Buffer.alloc(0);
  #head: unknown;
  /** Filled in place, because images are large. */
  #bytes: Buffer | undefined;
  #filled = 0;

  constructor(onMessage: (message: Message) => void) {
    this.#onMessage = onMessage;
  }

  add(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) rest = this.#bytes === undefined ? this.#start(rest) : this.#fill(rest);
  }

  /** Each consumes its part and returns the rest. */
  #start(chunk: Buffer): Buffer {
    const all = Buffer.concat([this.#before, chunk]);
    const end = all.length < prefix ? prefix : prefix + all.readUInt32LE();
    this.#before = all;
    if (all.length < prefix || all.length < end) return Buffer.alloc(0);
    this.#before = Buffer.alloc(0);
    this.#head = JSON.parse(all.toString('utf8', prefix, end));
    this.#bytes = Buffer.allocUnsafeSlow(Number(all.readBigUInt64LE(4)));
    this.#filled = 0;
    return this.#fill(all.subarray(end));
  }

  #fill(chunk: Buffer): Buffer {
    const bytes = this.#bytes as Buffer;
    const part = chunk.subarray(0, bytes.length - this.#filled);
    part.copy(bytes, this.#filled);
    this.#filled += part.length;
    if (this.#filled === bytes.length) {
      this.#bytes = undefined;
      this.#onMessage({ head: this.#head, bytes });
    }
    return chunk.subarray(part.length);
  }
}

/**
 * The length of the last frame in MP4 and MOV. FFmpeg knows a frame's length from the time of the next one; where the rate is
 * not constant it writes 0 for the last, ends the edit list there, and then drops that frame when it reads the file.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { type Rational, toNumber } from './rational.ts';

/** Gives a last frame without length that of a usual frame; a file in which every frame has one stays as it is. */
export async function lengthenLastFrame(path: string, frameRate: Rational): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const moov = await readMovie(file);
    if (moov === undefined || !lengthen(moov.data, 1 / toNumber(frameRate))) return;
    await file.write(moov.data, 0, moov.data.length, moov.position);
  } finally {
    await file.close();
  }
}

async function readMovie(
  file: FileHandle,
): Promise<{ data: Buffer; position: number } | undefined> {
  const { size: end } = await file.stat();
  const head = Buffer.alloc(16);
  for (let position = 0; position + 16 <= end; ) {
    await file.read(head, 0, 16, position);
    const size = boxSize(head, 0, end - position);
    if (size < 8) return undefined;
    if (head.toString('latin1', 4, 8) === 'moov') {
      const data = Buffer.alloc(size);
      await file.read(data, 0, size, position);
      return { data, position };
    }
    position += size;
  }
  return undefined;
}

/** 1 says that the size is in the 8 bytes after the name, 0 that the box goes to the end. */
function boxSize(data: Buffer, at: number, rest: number): number {
  const size = data.readUInt32BE(at);
  if (size === 0) return rest;
  return size === 1 ? Number(data.readBigUInt64BE(at + 8)) : size;
}

/** The bodies of the boxes with that name inside a box's body. */
function children(body: Buffer, name: string): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 8 <= body.length; ) {
    const size = boxSize(body, at, body.length - at);
    if (size < 8) break;
    if (body.toString('latin1', at + 4, at + 8) === name)
      found.push(body.subarray(at + 8, at + size));
    at += size;
  }
  return found;
}

function descend(body: Buffer, ...names: readonly string[]): Buffer | undefined {
  let box: Buffer | undefined = body;
  for (const name of names) box = box && children(box, name)[0];
  return box;
}

/** A number of 4 bytes in version 0 of a box and of 8 in version 1, whose fields before it are that many times as wide. */
class Length {
  readonly #body: Buffer;
  readonly #wide: boolean;
  readonly #at: number;

  constructor(body: Buffer, at0: number, at1: number) {
    this.#body = body;
    this.#wide = body[0] === 1;
    this.#at = this.#wide ? at1 : at0;
  }

  get value(): number {
    return this.#wide
      ? Number(this.#body.readBigUInt64BE(this.#at))
      : this.#body.readUInt32BE(this.#at);
  }

  set value(value: number) {
    if (this.#wide) this.#body.writeBigUInt64BE(BigInt(value), this.#at);
    else this.#body.writeUInt32BE(value, this.#at);
  }
}

/** The ticks per second before a length. */
function ticksBefore(body: Buffer): number {
  return body.readUInt32BE(body[0] === 1 ? 20 : 12);
}

function lengthen(moov: Buffer, seconds: number): boolean {
  const movie = moov.subarray(8);
  const movieHeader = descend(movie, 'mvhd');
  const track = children(movie, 'trak').find((trak) => descend(trak, 'mdia', 'minf', 'vmhd'));
  const trackHeader = track && descend(track, 'tkhd');
  const mediaHeader = track && descend(track, 'mdia', 'mdhd');
  const table = track && descend(track, 'mdia', 'minf', 'stbl', 'stts');
  if (!movieHeader || !trackHeader || !mediaHeader || !table) return false;
  const entries = table.readUInt32BE(4);
  const last = 8 + 8 * (entries - 1);
  if (entries < 1 || table.readUInt32BE(last) !== 1 || table.readUInt32BE(last + 4) !== 0)
    return false;

  const ticks = Math.round(seconds * ticksBefore(mediaHeader));
  const movieTicks = Math.round(seconds * ticksBefore(movieHeader));
  table.writeUInt32BE(ticks, last + 4);
  new Length(mediaHeader, 16, 24).value += ticks;
  const trackLength = new Length(trackHeader, 20, 28);
  trackLength.value += movieTicks;
  const movieLength = new Length(movieHeader, 16, 24);
  movieLength.value = Math.max(movieLength.value, trackLength.value);
  const edits = descend(track, 'edts', 'elst');
  const edit = edits && lastEdit(edits);
  if (edit) edit.value += movieTicks;
  return true;
}

function lastEdit(edits: Buffer): Length | undefined {
  const index = edits.readUInt32BE(4) - 1;
  return index < 0 ? undefined : new Length(edits, 8 + 12 * index, 8 + 20 * index);
}

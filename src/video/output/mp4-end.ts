/**
 * Sets the length of the last frame in MP4 and MOV. FFmpeg takes a frame's length from the time of the next one; at a variable
 * rate it writes 0 for the last, ends the edit list there, and drops that frame when it reads the file.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { type Rational, toNumber } from '../format/rational.ts';

/**
 * Ends the last frame at `end` seconds from the start of the movie, by its length in the index. Where the index has no room for
 * that, only the edit list is changed, which can end it earlier but not later.
 */
export async function endMovieAt(path: string, end: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const moov = await readMovie(file);
    if (moov === undefined) return;
    let changed = endedAt(Buffer.from(moov.data), end, true);
    const more = (changed?.length ?? 0) - moov.data.length;
    if (more > 0 && !(await hasRoom(file, moov.position + moov.data.length, more))) {
      changed = endedAt(moov.data, end, false);
    }
    if (changed !== undefined) await file.write(changed, 0, changed.length, moov.position);
  } finally {
    await file.close();
  }
}

/** Whether the index can grow: it is at the end of the file, or followed by the empty box that FFmpeg puts before the frames. */
async function hasRoom(file: FileHandle, position: number, bytes: number): Promise<boolean> {
  const head = Buffer.alloc(8);
  const { bytesRead } = await file.read(head, 0, 8, position);
  if (bytesRead === 0) return true;
  return head.readUInt32BE(0) === bytes && /^(free|wide)$/.test(head.toString('latin1', 4, 8));
}

/** Gives a last frame of length 0 the usual length; other files stay unchanged. */
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

/** A size of 1 means that the size is in the 8 bytes after the name, 0 that the box extends to the end. */
function boxSize(data: Buffer, at: number, rest: number): number {
  const size = data.readUInt32BE(at);
  if (size === 0) return rest;
  return size === 1 ? Number(data.readBigUInt64BE(at + 8)) : size;
}

/** The bodies of the boxes of a name inside a box's body. */
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

/** A duration field: 4 bytes at `at0` in version 0 of a box, 8 bytes at `at1` in version 1. */
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

/** The ticks per second of a header's duration. */
function ticksBefore(body: Buffer): number {
  return body.readUInt32BE(body[0] === 1 ? 20 : 12);
}

function lengthen(moov: Buffer, seconds: number): boolean {
  const track = videoTrack(moov);
  if (track === undefined) return false;
  const { table } = track;
  const last = 8 * table.readUInt32BE(4);
  if (last === 0 || table.readUInt32BE(last) !== 1 || table.readUInt32BE(last + 4) !== 0)
    return false;
  const ticks = Math.round(seconds * ticksBefore(track.mediaHeader));
  const movieTicks = Math.round(seconds * ticksBefore(track.movieHeader));
  table.writeUInt32BE(ticks, last + 4);
  addLength(track, ticks, movieTicks);
  return true;
}

function addLength({ movieHeader, ...track }: VideoTrack, ticks: number, movieTicks: number): void {
  new Length(track.mediaHeader, 16, 24).value += ticks;
  const trackLength = new Length(track.trackHeader, 20, 28);
  trackLength.value += movieTicks;
  const lengths = track.trackHeaders.map((header) => new Length(header, 20, 28).value);
  new Length(movieHeader, 16, 24).value = Math.max(...lengths);
  if (track.edit) track.edit.value += movieTicks;
}

/** Seconds: smaller differences are rounding between the time bases of movie and track. */
const sameTime = 1.5e-3;

function endedAt(moov: Buffer, end: number, inIndex: boolean): Buffer | undefined {
  const track = videoTrack(moov);
  if (track === undefined) return undefined;
  const movieTicks = ticksBefore(track.movieHeader);
  const { edit, table } = track;
  const played = track.edits.reduce((sum, { value }) => sum + value, 0) / movieTicks;
  const rate = ticksBefore(track.mediaHeader);
  const now = edit === undefined ? new Length(track.mediaHeader, 16, 24).value / rate : played;
  if (Math.abs(end - now) < sameTime) return undefined;
  const ticks = Math.round((end - now) * rate);
  const entry = 8 * table.readUInt32BE(4);
  if (entry === 0) return undefined;
  const [count, length] = [table.readUInt32BE(entry), table.readUInt32BE(entry + 4)];
  const movieChange = Math.round(end * movieTicks) - Math.round(now * movieTicks);
  if (!inIndex || length + ticks < 1) {
    if (edit === undefined || ticks > 0) return undefined;
    addLength(track, 0, movieChange);
    return moov;
  }
  addLength(track, ticks, movieChange);
  if (count === 1) {
    table.writeUInt32BE(length + ticks, entry + 4);
    return moov;
  }
  table.writeUInt32BE(count - 1, entry);
  table.writeUInt32BE(table.readUInt32BE(4) + 1, 4);
  return withEntry(moov, table, entry + 8, length + ticks);
}

/** A copy with another entry for one frame in a table; enlarges every box around it. */
function withEntry(moov: Buffer, table: Buffer, at: number, length: number): Buffer {
  const position = table.byteOffset - moov.byteOffset + at;
  const added = Buffer.alloc(8);
  added.writeUInt32BE(1, 0);
  added.writeUInt32BE(length, 4);
  const copy = Buffer.concat([moov.subarray(0, position), added, moov.subarray(position)]);
  for (const name of ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stts']) {
    const start = startOf(moov, name, table.byteOffset - moov.byteOffset);
    copy.writeUInt32BE(copy.readUInt32BE(start) + added.length, start);
  }
  return copy;
}

/** The start of the box of a name that contains a position. */
function startOf(data: Buffer, name: string, position: number): number {
  let [begin, end] = [0, data.length];
  for (;;) {
    let at = begin;
    let size = boxSize(data, at, end - at);
    while (at + size < position) {
      at += size;
      size = boxSize(data, at, end - at);
    }
    if (data.toString('latin1', at + 4, at + 8) === name) return at;
    [begin, end] = [at + 8, at + size];
  }
}

interface VideoTrack {
  readonly movieHeader: Buffer;
  readonly trackHeader: Buffer;
  /** The headers of all tracks. */
  readonly trackHeaders: readonly Buffer[];
  readonly mediaHeader: Buffer;
  readonly table: Buffer;
  readonly edits: readonly Length[];
  /** The last edit. */
  readonly edit: Length | undefined;
}

function videoTrack(moov: Buffer): VideoTrack | undefined {
  const movie = moov.subarray(8);
  const movieHeader = descend(movie, 'mvhd');
  const track = children(movie, 'trak').find((trak) => descend(trak, 'mdia', 'minf', 'vmhd'));
  const trackHeader = track && descend(track, 'tkhd');
  const mediaHeader = track && descend(track, 'mdia', 'mdhd');
  const table = track && descend(track, 'mdia', 'minf', 'stbl', 'stts');
  if (!movieHeader || !trackHeader || !mediaHeader || !table) return undefined;
  const trackHeaders = children(movie, 'trak').flatMap((trak) => descend(trak, 'tkhd') ?? []);
  const list = descend(track, 'edts', 'elst');
  const count = list?.readUInt32BE(4) ?? 0;
  const edits = Array.from({ length: count }, (_, index) => {
    return new Length(list as Buffer, 8 + 12 * index, 8 + 20 * index);
  });
  return { movieHeader, trackHeader, trackHeaders, mediaHeader, table, edits, edit: edits.at(-1) };
}

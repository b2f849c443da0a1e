/**
 * Sets the end of a video in Matroska and WebM. FFmpeg writes durations as if the last frame had the usual length, and players
 * show the last frame until the end of the file.
 */
import { type FileHandle, open } from 'node:fs/promises';

const ids = { segment: 0x18538067, info: 0x1549a966, duration: 0x4489, scale: 0x2ad7b1 } as const;
const tags = { tags: 0x1254c367, tag: 0x7373, simple: 0x67c8, name: 0x45a3, text: 0x4487 } as const;

interface Element {
  readonly id: number;
  /** Position of its content. */
  readonly begin: number;
  readonly end: number;
}

/** Ends the video, the first stream, at `end` seconds; `alone` if it is the only stream. Patches the file in place. */
export async function endMatroskaAt(path: string, end: number, alone: boolean): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const segment = (await elementsIn(file, 0, size)).find(({ id }) => id === ids.segment);
    if (segment === undefined) return;
    const parts = await elementsIn(file, segment.begin, Math.min(segment.end, size));
    const info = parts.find(({ id }) => id === ids.info);
    const texts = await durationTexts(
      file,
      parts.find(({ id }) => id === tags.tags),
    );
    const [video] = texts;
    if (info === undefined) return;
    if (video !== undefined) {
      const text = clockText(end, video.end - video.begin);
      await file.write(text, 0, text.length, video.begin);
    }
    const others = await Promise.all(texts.slice(1).map((text) => secondsAt(file, text)));
    // WebM has no such tags, and other streams may be longer.
    const least = video === undefined && !alone ? await durationOf(file, info) : 0;
    await writeDuration(file, info, Math.max(end, least, ...others));
  } finally {
    await file.close();
  }
}

/** The texts of the tags DURATION, which FFmpeg writes for each stream in order. */
async function durationTexts(file: FileHandle, all: Element | undefined): Promise<Element[]> {
  if (all === undefined) return [];
  const found: Element[] = [];
  for (const tag of await elementsIn(file, all.begin, all.end)) {
    for (const simple of await elementsIn(file, tag.begin, tag.end)) {
      if (simple.id !== tags.simple) continue;
      const parts = await elementsIn(file, simple.begin, simple.end);
      const [name, text] = [tags.name, tags.text].map((id) => parts.find((part) => part.id === id));
      if (name && text && (await bytesOf(file, name)).toString('latin1') === 'DURATION')
        found.push(text);
    }
  }
  return found;
}

/** The duration element, and its unit in nanoseconds. */
async function findDuration(file: FileHandle, info: Element) {
  const parts = await elementsIn(file, info.begin, info.end);
  const duration = parts.find(({ id }) => id === ids.duration);
  const scale = parts.find(({ id }) => id === ids.scale);
  if (duration === undefined || duration.end - duration.begin !== 8) return undefined;
  const nanoseconds = scale
    ? (await bytesOf(file, scale)).readUIntBE(0, scale.end - scale.begin)
    : 1e6;
  return { duration, nanoseconds };
}

async function durationOf(file: FileHandle, info: Element): Promise<number> {
  const found = await findDuration(file, info);
  if (found === undefined) return 0;
  return ((await bytesOf(file, found.duration)).readDoubleBE(0) * found.nanoseconds) / 1e9;
}

async function writeDuration(file: FileHandle, info: Element, seconds: number): Promise<void> {
  const found = await findDuration(file, info);
  if (found === undefined) return;
  const { duration, nanoseconds } = found;
  const value = Buffer.alloc(8);
  value.writeDoubleBE((seconds * 1e9) / nanoseconds);
  await file.write(value, 0, 8, duration.begin);
}

/** `00:00:10.000000000`, padded with zero bytes as FFmpeg does. */
function clockText(seconds: number, length: number): Buffer {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const fraction = (seconds % 60).toFixed(9).padStart(12, '0');
  const text = `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${fraction}`;
  return Buffer.concat([Buffer.from(text), Buffer.alloc(length)]).subarray(0, length);
}

async function secondsAt(file: FileHandle, text: Element): Promise<number> {
  const clock = (await bytesOf(file, text)).toString('latin1').replaceAll('\0', '');
  return clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) || 0;
}

async function bytesOf(file: FileHandle, { begin, end }: Element): Promise<Buffer> {
  const bytes = Buffer.alloc(end - begin);
  await file.read(bytes, 0, bytes.length, begin);
  return bytes;
}

/** The elements between two positions; one of unknown size extends to the end. */
async function elementsIn(file: FileHandle, begin: number, end: number): Promise<Element[]> {
  const found: Element[] = [];
  const head = Buffer.alloc(12);
  for (let at = begin; at + 2 <= end; ) {
    await file.read(head, 0, 12, at);
    const idLength = Math.clz32(head[0] as number) - 23;
    const sizeLength = Math.clz32(head[idLength] as number) - 23;
    if (idLength > 4 || sizeLength > 8) return found;
    const id = head.readUIntBE(0, idLength);
    const known = head.subarray(idLength, idLength + sizeLength);
    known[0] = (known[0] as number) - 2 ** (8 - sizeLength); // removes the length marker
    const size = known.reduce((sum, byte) => sum * 256 + byte, 0);
    const start = at + idLength + sizeLength;
    const unknown = size === 2 ** (7 * sizeLength) - 1;
    const stop = unknown ? end : Math.min(end, start + size);
    found.push({ id, begin: start, end: stop });
    at = stop;
  }
  return found;
}

/** Bundled fonts, font files, and checks that a family exists: Pango silently substitutes a missing one. */
import { randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import sharp from 'sharp';
import { FramelaneError } from '../errors/errors.ts';
import { kindOf } from '../system/input-stream.ts';
import { perform } from '../threads/pool.ts';
import { familyName, isWoff, nameTable, unpackWoff } from './woff.ts';

const { resolve: locate } = createRequire(import.meta.url);

const styles = ['400-normal', '700-normal', '400-italic', '700-italic'];
const bundled: Readonly<Record<string, readonly string[]>> = {
  'DejaVu Sans': styles.map((style) => `dejavu-sans/files/dejavu-sans-latin-${style}.woff`),
  'DejaVu Sans Mono': styles.map((style) => `dejavu-mono/files/dejavu-mono-latin-${style}.woff`),
  emoji: ['noto-color-emoji/files/noto-color-emoji-emoji-400-normal.woff'],
};
const generic: Readonly<Record<string, string>> = {
  sans: 'DejaVu Sans',
  'sans-serif': 'DejaVu Sans',
  mono: 'DejaVu Sans Mono',
  monospace: 'DejaVu Sans Mono',
};

/** The family that Pango requests for colour emoji, independent of the text's family. */
export const emojiFamily = 'emoji';

const known = new Map<string, Promise<string>>();

/** Caches successes only: a failure may succeed later. */
function once(key: string, make: () => Promise<string>): Promise<string> {
  const made = known.get(key) ?? make();
  known.set(key, made);
  made.catch(() => known.delete(key));
  return made;
}

/** Prepares a family and returns its name for Pango; ERR_FONT_NOT_FOUND if this machine does not have it. */
export function fontFamily(font: string): Promise<string> {
  const family = generic[font.toLowerCase()] ?? font;
  return once(`family ${family}`, async () => {
    const files = bundled[family];
    if (!files) return expectInstalled(family);
    for (const file of files) {
      // Under the name that Pango requests, because a machine without fonts has no aliases either.
      const name = family === emojiFamily ? { name: nameTable(family) } : {};
      await register(await unpacked(locate(`@fontsource/${file}`), name));
    }
    return family;
  });
}

/** Prepares a font file and returns the name of its family. */
export function fontFileFamily(path: string): Promise<string> {
  const absolute = resolve(path);
  const stats = statSync(absolute, { throwIfNoEntry: false });
  if (stats === undefined) throw notFound('fontFile', `there is no file ${path}`);
  if (!stats.isFile()) {
    const message = `fontFile: expected a font file, received ${kindOf(stats)}: ${path}`;
    throw new FramelaneError('ERR_INPUT_INVALID', message, { path: 'fontFile' });
  }
  const changed = stats.mtimeMs;
  return once(`file ${changed} ${absolute}`, async () => {
    const bytes = readFont(absolute, path);
    const font = await sfntOf(bytes);
    const family = font && familyName(font);
    if (family === undefined) {
      const message = `fontFile: ${path} is not a TrueType, OpenType or WOFF 1 font`;
      throw new FramelaneError('ERR_INPUT_INVALID', message, { path: 'fontFile' });
    }
    await register(font === bytes ? absolute : await unpacked(absolute));
    return family;
  });
}

function readFont(absolute: string, path: string): Buffer {
  try {
    return readFileSync(absolute);
  } catch (cause) {
    const message = `fontFile: ${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`;
    throw new FramelaneError('ERR_INPUT_INVALID', message, { path: 'fontFile', cause });
  }
}

/** The unpacked font; undefined if it is damaged. */
async function sfntOf(bytes: Buffer): Promise<Buffer | undefined> {
  if (!isWoff(bytes)) return bytes;
  try {
    return await unpack(bytes);
  } catch {
    return undefined;
  }
}

async function unpack(
  woff: Buffer,
  changes: Readonly<Record<string, Buffer | null>> = {},
): Promise<Buffer> {
  const font = await perform('unpackWoff', unpackWoff, [woff, changes], 20 * woff.length);
  return Buffer.from(font.buffer, font.byteOffset, font.byteLength);
}

/** Rendering a text with a file makes libvips add it to the fonts of the process; fontconfig needs no changes. */
const register = (fontfile: string) => sharp({ text: { text: '.', fontfile } }).metadata();

/** The TrueType file of a WOFF file, cached between runs. */
async function unpacked(
  path: string,
  changes: Readonly<Record<string, Buffer>> = {},
): Promise<string> {
  const { size, mtimeMs } = statSync(path);
  const file = join(cacheFolder(), `${size}-${Math.floor(mtimeMs)}-${basename(path, '.woff')}.ttf`);
  if (statSync(file, { throwIfNoEntry: false })) return file;
  const temporary = `${file}.${randomUUID()}`;
  // SVG glyphs are for browsers; without them the emoji font has 5 MB instead of 25.
  const font = await unpack(readFileSync(path), { ...changes, 'SVG ': null });
  writeFileSync(temporary, font, { flag: 'wx' });
  renameSync(temporary, file);
  return file;
}

/** The number changes with the output of `unpacked`. */
let folder: string | undefined;
function cacheFolder(): string {
  if (folder) return folder;
  folder = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'framelane', 'fonts-1');
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch {
    folder = mkdtempSync(join(tmpdir(), 'framelane-fonts-')); // the home folder is not writable
  }
  return folder;
}

/** Many scripts, so that a font for any of them is detected. */
const probe = 'Ag1 é Ж ψ א ع अ ก 中 あ 한 😀 ★ ♪';

/** With a fallback family, a missing family is rendered like the fallback, for any fallback. */
async function expectInstalled(family: string): Promise<string> {
  for (const other of ['DejaVu Sans', 'DejaVu Sans Mono']) {
    await fontFamily(other);
    const [both, alone] = await Promise.all([draw(`${family},${other}`), draw(other)]);
    if (!both.equals(alone)) return family;
  }
  throw notFound('font', `this machine has no font family ${JSON.stringify(family)}`);
}

const draw = (font: string) =>
  sharp({ text: { text: probe, font: `${font}, 24`, dpi: 72 } })
    .raw()
    .toBuffer();

function notFound(path: string, what: string): FramelaneError {
  const message = `${path}: ${what}; sans and mono are always available, fontFile takes any font`;
  return new FramelaneError('ERR_FONT_NOT_FOUND', message, { path });
}

/** Finds FFmpeg and ffprobe, and reads once which encoders and muxers an FFmpeg has. */
import { accessSync, chmodSync, constants, existsSync, statSync } from 'node:fs';
import { FramelaneError } from '../errors/errors.ts';
import { listedNames } from './lists.ts';
import { bundledPrograms, capture } from './process.ts';

export interface Ffmpeg {
  readonly path: string;
  /** As the program names it: `5.1.9`, or `N-47683-g0e8eb07980-static` for a development build. */
  readonly version: string;
  /** libavcodec's major version: 58 is FFmpeg 4, 59 is 5, 60 is 6. */
  readonly libavcodec: number;
  readonly encoders: ReadonlySet<string>;
  readonly muxers: ReadonlySet<string>;
  /** The options by which this version keeps every frame at its own time, and neither duplicates nor drops any. */
  readonly passthrough: readonly string[];
  /** The value of `-enc_time_base` that keeps the time base of the input. */
  readonly inputTicks: string;
}

type Tool = 'ffmpeg' | 'ffprobe';

const variables = { ffmpeg: 'FRAMELANE_FFMPEG', ffprobe: 'FRAMELANE_FFPROBE' } as const;

/** The program's path: the option, else FRAMELANE_FFMPEG or FRAMELANE_FFPROBE, else the build that npm installed. */
export async function findTool(tool: Tool, option?: string): Promise<string> {
  const fromUser = option ?? process.env[variables[tool]];
  if (fromUser) {
    if (fromUser.includes('/') && !existsSync(fromUser)) {
      throw new FramelaneError(
        'ERR_FFMPEG_NOT_FOUND',
        `${tool}: no such file ${fromUser} (from ${option ? `the option ${tool}` : variables[tool]})`,
      );
    }
    return fromUser;
  }
  const path = makeExecutable(await bundled(tool));
  bundledPrograms.add(path);
  return path;
}

async function bundled(tool: Tool): Promise<string> {
  try {
    const installer = (await (tool === 'ffmpeg'
      ? import('@ffmpeg-installer/ffmpeg')
      : import('@ffprobe-installer/ffprobe'))) as { default: { path: string } };
    return installer.default.path;
  } catch (cause) {
    throw new FramelaneError(
      'ERR_FFMPEG_NOT_FOUND',
      `${tool}: the package @${tool}-installer/${tool} has no build for this platform; set the option ${tool} or ${variables[tool]} to the path of one`,
      { cause },
    );
  }
}

/** Some ways to unpack the package lose the executable bit. */
function makeExecutable(path: string): string {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    try {
      chmodSync(path, statSync(path).mode | 0o111);
    } catch (cause) {
      throw new FramelaneError('ERR_FFMPEG_NOT_FOUND', `${path}: is not executable`, { cause });
    }
  }
  return path;
}

/** libavformat's major version in FFmpeg 4. */
const oldestLibavformat = 58;

const known = new Map<string, Promise<Ffmpeg>>();

/** An FFmpeg and its capabilities, read once per program. */
export async function openFfmpeg(option?: string): Promise<Ffmpeg> {
  const path = await findTool('ffmpeg', option);
  const asked = known.get(path) ?? ask(path);
  known.set(path, asked);
  asked.catch(() => known.delete(path)); // the program may be repaired meanwhile
  return asked;
}

async function ask(path: string): Promise<Ffmpeg> {
  const [version, encoders, muxers] = await Promise.all([
    capture(path, ['-version']),
    capture(path, ['-hide_banner', '-encoders']),
    capture(path, ['-hide_banner', '-muxers']),
  ]);
  const name = /^ffmpeg version (\S+)/m.exec(version.stdout)?.[1];
  // Development builds have no version number, but the libraries of every build do: 59.27 is FFmpeg 5.1, 61 is 7.0.
  const library = /^libavformat\s+(\d+)\.\s*(\d+)/m.exec(version.stdout);
  if (name === undefined || library === null) {
    throw new FramelaneError(
      'ERR_FFMPEG_NOT_FOUND',
      `${path}: expected FFmpeg, but "-version" says ${JSON.stringify(version.stdout.slice(0, 80))}`,
    );
  }
  const major = Number(library[1]);
  if (major < oldestLibavformat) {
    const message = `${path}: expected FFmpeg 4.1 or newer, received ${name}`;
    throw new FramelaneError('ERR_FFMPEG_CAPABILITY', message);
  }
  const hasMode = major > 59 || (major === 59 && Number(library[2]) >= 27);
  return {
    path,
    version: name,
    libavcodec: Number(/^libavcodec\s+(\d+)\./m.exec(version.stdout)?.[1]),
    encoders: listedNames(encoders.stdout),
    muxers: listedNames(muxers.stdout, 'Muxing'),
    passthrough: [hasMode ? '-fps_mode' : '-vsync', 'passthrough'],
    inputTicks: major >= 61 ? 'demux' : '-1',
  };
}

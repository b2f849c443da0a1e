/** Chooses the streams to read: the main video rather than a cover, and the audio that belongs to it. */
import { FramelaneError } from '../../errors/errors.ts';
import { invalidOption } from '../../errors/invalid.ts';
import { toNumber } from '../format/rational.ts';
import {
  type AudioStream,
  codecName,
  type PictureStream,
  type StreamInfo,
} from '../format/stream-info.ts';
import {
  checkSpecifier,
  matchingStreams,
  type StreamSpecifier,
} from '../format/stream-specifier.ts';
import type { Program } from '../format/video-info.ts';

/** The streams that the caller requests; by default the main video and all of its audio. */
export interface StreamChoice {
  /** The video: its index as `probe` lists it, or FFmpeg's `v:0`, `#0x101`, or a language, `eng`. */
  readonly videoStream?: StreamSpecifier | undefined;
  /** A service of a broadcast or a variant of an HLS stream: its number, or its name. */
  readonly program?: number | string | undefined;
  /** The audio, one or several, in this order: indices, `a:0`, `#0x102`, or languages, `eng`; all that belongs to the video by default. */
  readonly audioStreams?: StreamSpecifier | readonly StreamSpecifier[] | undefined;
}

export function checkChoice({ videoStream, program, audioStreams }: StreamChoice): void {
  if (videoStream !== undefined) checkSpecifier('videoStream', videoStream);
  if (audioStreams !== undefined) {
    const wanted: readonly unknown[] = Array.isArray(audioStreams) ? audioStreams : [audioStreams];
    if (wanted.length === 0) throw invalidOption('audioStreams', 'at least one stream', wanted);
    for (const specifier of wanted) checkSpecifier('audioStreams', specifier);
  }
  const named = typeof program === 'string' && program !== '';
  if (program !== undefined && !named && !(Number.isInteger(program) && Number(program) >= 0)) {
    throw invalidOption('program', 'the number or the name of a program', program);
  }
}

interface Holdings {
  readonly path: string;
  readonly streams: readonly StreamInfo[];
  readonly programs: readonly Program[];
}

/** Cover pictures and thumbnails, which are not the main video. */
export function isCover(stream: StreamInfo): boolean {
  return stream.disposition.includes('attached_pic') || isTimed(stream);
}

/** Thumbnails of chapters. */
export function isTimed({ disposition }: StreamInfo): boolean {
  return disposition.includes('timed_thumbnails');
}

export function chooseVideo(file: Holdings, choice: StreamChoice): PictureStream {
  const { path } = file;
  const videos = inProgram(file, choice).filter((stream) => stream.kind === 'video');
  const { videoStream } = choice;
  if (videoStream !== undefined) {
    const [chosen] = matchingStreams(videos, videoStream);
    if (chosen !== undefined && chosen.problem === undefined) return chosen;
    throw wrongChoice('videoStream', videoStream, path, chosen ?? 'video', videos);
  }
  const films = videos.filter((stream) => !isCover(stream) && stream.problem === undefined);
  const [best] = films.toSorted(
    (a, b) => byMerit(b, films) - byMerit(a, films) || area(b) - area(a),
  );
  if (best !== undefined) return best;
  const unusable = videos.find(({ problem }) => problem !== undefined);
  const held = file.streams.map((stream) => describeShortly(stream)).join(', ') || 'no stream';
  const why = unusable && `: stream ${unusable.index} cannot be read, ${unusable.problem}`;
  throw new FramelaneError(
    'ERR_INPUT_INVALID',
    `${path}: expected a video stream, received ${held}${why ?? ''}`,
  );
}

/** Ranks moving video above single pictures, and the file's default streams above others. */
function byMerit(stream: PictureStream, others: readonly PictureStream[]): number {
  const { disposition } = stream;
  const moves = !isStill(stream, others) && !/still_image|dependent/.test(disposition.join());
  return (moves ? 2 : 0) + (disposition.includes('default') ? 1 : 0);
}

/** Codecs of pictures, whose tracks may be thumbnails. */
const pictures = /^(mjpeg|png|bmp|gif|tiff|webp|jpeg2000)$/;

/** A single frame beside other videos, or less than one frame per second in a picture codec. */
function isStill(stream: PictureStream, others: readonly PictureStream[]): boolean {
  const { codec, frameCount, frameRate } = stream;
  if (others.length < 2) return false;
  const slow = frameRate !== undefined && toNumber(frameRate) < 1;
  return frameCount === 1 || (pictures.test(codec) && slow);
}

function area({ width, height }: PictureStream): number {
  return width * height;
}

/** The requested audio, else all usable audio that belongs to the video. */
export function chooseAudio(
  file: Holdings,
  video: PictureStream,
  { audioStreams }: StreamChoice,
): { audio: readonly AudioStream[]; unusable: readonly AudioStream[] } {
  const sound = file.streams.filter((stream) => stream.kind === 'audio');
  if (audioStreams === undefined) {
    const own = sound.filter((stream) => belongs(stream, video));
    const audio = own.filter(({ problem }) => problem === undefined);
    return { audio, unusable: own.filter(({ problem }) => problem !== undefined) };
  }
  const wanted = Array.isArray(audioStreams) ? audioStreams : [audioStreams as StreamSpecifier];
  const chosen = wanted.flatMap((specifier) => {
    const found = matchingStreams(sound, specifier);
    const usable = found.filter(({ problem }) => problem === undefined);
    if (usable.length > 0) return usable;
    throw wrongChoice('audioStreams', specifier, file.path, found[0] ?? 'audio', sound);
  });
  return { audio: [...new Set(chosen)], unusable: [] };
}

/** Whether a stream is in a program of the video, or in none. */
export function belongs({ programs }: StreamInfo, video: PictureStream): boolean {
  const own = video.programs;
  return own.length === 0 || programs.length === 0 || programs.some((one) => own.includes(one));
}

function inProgram({ path, streams, programs }: Holdings, { program }: StreamChoice) {
  if (program === undefined) return streams;
  const wanted = String(program).toLowerCase();
  const found = programs.find(({ number, name }) => {
    return String(number) === wanted || name?.toLowerCase() === wanted;
  });
  if (found !== undefined) return streams.filter(({ index }) => found.streams.includes(index));
  const known = programs.map(({ number, name }) => (name ? `${number} (${name})` : `${number}`));
  const expected = known.length === 0 ? 'no programs' : `the programs ${known.join(', ')}`;
  throw invalidOption('program', `one of ${path}, which has ${expected}`, program);
}

function wrongChoice(
  option: string,
  received: StreamSpecifier,
  path: string,
  found: StreamInfo | string,
  existing: readonly StreamInfo[],
): FramelaneError {
  if (typeof found !== 'string') {
    const { index, problem } = found;
    const expected = `a stream that can be read (${path}, stream ${index}: ${problem})`;
    return invalidOption(option, expected, received);
  }
  const has = existing.map(describeShortly).join(', ') || 'none';
  return invalidOption(option, `one of the ${found} streams of ${path}: ${has}`, received);
}

/** `2 (h264 640x360, eng)`. */
function describeShortly(stream: StreamInfo): string {
  const { index, kind, language } = stream;
  const size = kind === 'video' && stream.width > 0 ? ` ${stream.width}x${stream.height}` : '';
  const name = codecName(stream);
  const spoken = language === undefined || language === 'und' ? '' : `, ${language}`;
  const program = stream.programs.length === 0 ? '' : `, program ${stream.programs.join(' and ')}`;
  return `${index} (${kind} ${name}${size}${spoken}${program})`;
}

/** The audio of an output: copied where the container takes it, else converted, losslessly if possible. */
import { FramelaneError } from '../../errors/errors.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { type NamedContainer, takesAudio } from '../format/container.ts';
import {
  type AudioEncoding,
  depthOf,
  losslessEncodings,
  nearlyLosslessEncodings,
} from '../format/lossless.ts';
import { codecName } from '../format/stream-info.ts';
import type { AudioStream, VideoInfo } from '../format/video-info.ts';
import { audioTrialError } from './audio-trial.ts';
import type { Carried } from './carried.ts';
import { requireEncoder } from './encoder-support.ts';
import type { Encoding } from './encoding.ts';

/** The layouts that libopus takes; it rejects FFmpeg's 5.1(side). */
export const opusLayouts = 'aformat=channel_layouts=mono|stereo|3.0|quad|5.0|5.1|6.1|7.1';

/** The audio streams of the output; `warn` receives warnings of streams that are converted or left out. */
export async function carriedAudio(
  ffmpeg: Ffmpeg,
  info: VideoInfo,
  { container, output }: Encoding,
  warn: (warning: string) => void,
): Promise<Carried[]> {
  const { audio: wanted = 'copy', audioBitrate } = output;
  if (wanted === 'none') return [];
  if (wanted !== 'copy') requireEncoder(ffmpeg, wanted, 'audio');
  const taken = wanted === 'copy' ? container.audio.length > 0 : true;
  const converted = new Set(
    wanted === 'copy' ? await uncopyableAudio(ffmpeg, info, container) : info.audio,
  );
  const carried: Carried[] = [];
  for (const stream of info.audio) {
    const what = `${info.path}: audio stream ${stream.index} (${codecName(stream)})`;
    if (!taken) {
      warn(`${what} is left out, ${container.name} takes none`);
      continue;
    }
    if (!converted.has(stream)) {
      carried.push({ stream, encoder: undefined, options: [] });
      continue;
    }
    const encodings =
      wanted === 'copy'
        ? encodingsFor(ffmpeg, container, stream)
        : [{ encoder: wanted, options: [] }];
    const found = await firstThatWorks(ffmpeg, info, stream, encodings, container, audioBitrate);
    if (typeof found === 'string') {
      const undecodable = await audioTrialError(ffmpeg, info, [decoded(stream)], nowhere);
      if (wanted !== 'copy' && undecodable === undefined) throw refusal(wanted, what, found);
      warn(`${what} is left out: it can be neither copied nor converted (${undecodable ?? found})`);
      continue;
    }
    if (wanted === 'copy') warn(`${what} ${conversion(found, stream, container)}`);
    carried.push({ stream, encoder: found.encoder, options: found.options });
  }
  return carried;
}

/** The streams that the container cannot hold: by our table, or because a trial of their first packet fails. */
async function uncopyableAudio(
  ffmpeg: Ffmpeg,
  info: VideoInfo,
  container: NamedContainer,
): Promise<AudioStream[]> {
  const copy = ({ index }: AudioStream) => ({ index, options: ['-c:#', 'copy'] });
  const listed = info.audio.filter((stream) => takesAudio(container, stream.codec, ffmpeg));
  const others = info.audio.filter((stream) => !listed.includes(stream));
  const all = await audioTrialError(ffmpeg, info, listed.map(copy), container);
  if (all === undefined) return others;
  const refused: AudioStream[] = [];
  for (const stream of listed) {
    const one = await audioTrialError(ffmpeg, info, [copy(stream)], container);
    if (one !== undefined) refused.push(stream);
  }
  return [...others, ...refused];
}

/** The encodings that a stream may be converted to, best first. */
function encodingsFor(
  ffmpeg: Ffmpeg,
  container: NamedContainer,
  stream: AudioStream,
): AudioEncoding[] {
  const depth = depthOf(stream);
  const exact = depth === undefined ? [] : losslessEncodings(container, stream, depth);
  const near = depth === undefined ? [] : nearlyLosslessEncodings(container);
  const rest = container.audioEncoders.map((encoder) => ({
    encoder,
    options: [],
    loss: depth && 'with loss',
  }));
  return [...exact, ...near, ...rest].filter(({ encoder }) => ffmpeg.encoders.has(encoder));
}

/** The first encoding that passes a trial; else FFmpeg's error of the last one. */
async function firstThatWorks(
  ffmpeg: Ffmpeg,
  info: VideoInfo,
  stream: AudioStream,
  encodings: readonly AudioEncoding[],
  container: NamedContainer,
  bitrate: number | undefined,
): Promise<AudioEncoding | string> {
  let reason = `this FFmpeg has none of ${container.audioEncoders.join(', ')}`;
  for (const encoding of encodings) {
    const options = [...encoding.options, ...bitrateOf(encoding.encoder, stream, bitrate)];
    const layouts = encoding.encoder === 'libopus' ? ['-filter:#', opusLayouts] : [];
    const tried = ['-c:#', encoding.encoder, ...options, ...layouts];
    const refused = await audioTrialError(
      ffmpeg,
      info,
      [{ index: stream.index, options: tried }],
      container,
    );
    if (refused === undefined) return { ...encoding, options };
    reason = refused;
  }
  return reason;
}

const nowhere = { muxer: 'null' } as const;

function decoded({ index }: AudioStream) {
  return { index, options: ['-c:#', 'pcm_s16le'] };
}

function conversion(
  { encoder, loss }: AudioEncoding,
  stream: AudioStream,
  { name, undelayed }: NamedContainer,
): string {
  const exact = depthOf(stream) !== undefined && loss === undefined;
  const how = [encoder, exact ? 'without loss' : loss].filter((part) => part).join(', ');
  const why = undelayed?.includes(stream.codec)
    ? `${name} cannot store its encoder delay`
    : `${name} does not take it as it is`;
  return `is converted by ${how}: ${why}`;
}

/** The bit rate option; for surround too, because FFmpeg's default is meant for stereo. */
function bitrateOf(
  encoder: string,
  { channels }: AudioStream,
  asked: number | undefined,
): string[] {
  if (/^(pcm_|flac$|alac$)/.test(encoder)) return [];
  const surround = channels > 2 && /^(aac|libopus)$/.test(encoder);
  const bits = asked ?? (surround ? 64_000 * channels : undefined);
  return bits === undefined ? [] : ['-b:#', String(bits)];
}

function refusal(encoder: string, what: string, reason: string): FramelaneError {
  const message = `audio: ${what} cannot be converted by ${encoder}: ${reason}`;
  return new FramelaneError('ERR_FFMPEG_CAPABILITY', message, { path: 'audio' });
}

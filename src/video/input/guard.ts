/** Limits which protocols and formats FFmpeg may open for an input, because a file of any name can refer to other files. */
import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { FramelaneError } from '../../errors/errors.ts';
import { listedNames } from '../../ffmpeg/lists.ts';
import { capture } from '../../ffmpeg/process.ts';
import type { InputSource } from '../format/source.ts';
import { protocolOf } from './network-source.ts';

/**
 * Formats that open further files or addresses, or run a script. Other formats read only the given file, and segments beside it
 * that share its name.
 */
const playlists = new Set([
  ...['hls', 'applehttp', 'dash', 'webm_dash_manifest', 'concat', 'imf', 'sdp', 'sap'],
  ...['rtp', 'rtsp', 'vobsub', 'dvdvideo', 'avisynth', 'vapoursynth'],
]);

const playlistNames = /^\.(m3u8?|mpd|ffconcat)$/i;

/** For each protocol, the protocols that it needs. */
const carriers: Readonly<Record<string, string>> = {
  http: 'http,https,httpproxy,tcp,tls,crypto,data',
  https: 'http,https,httpproxy,tcp,tls,crypto,data',
  rtmp: 'rtmp,rtmpt,ffrtmphttp,http,tcp',
  rtmps: 'rtmps,rtmpts,ffrtmphttp,http,https,tcp,tls',
  rtsp: 'rtsp,rtp,srtp,udp,tcp,tls,http,https',
  srt: 'srt',
  tcp: 'tcp',
  udp: 'udp',
};

const local = 'file,crypto,data';
const anywhere = 'file,crypto,data,http,https,httpproxy,tcp,tls';

/**
 * FFmpeg's options that restrict a source: its protocols always; its formats unless its name or `allowPlaylists` permits a
 * playlist. `program` is the FFmpeg or ffprobe that opens it.
 */
export async function guardArgs(
  source: Pick<InputSource, 'url' | 'kind' | 'options'>,
  program: string,
  allowPlaylists: boolean,
): Promise<string[]> {
  const { url, kind, options } = source;
  if (kind === 'capture' || kind === 'pattern') return [];
  if (options.includes('image2')) return ['-protocol_whitelist', 'file'];
  const protocol = kind === 'network' ? protocolOf(url) : undefined;
  const isPlaylist = allowPlaylists || protocol === 'rtsp' || playlistNames.test(extension(url));
  const beyond = allowPlaylists ? anywhere : local;
  const reachable = protocol === undefined ? (isPlaylist ? beyond : 'file') : carriers[protocol];
  const protocols = ['-protocol_whitelist', reachable ?? 'file'];
  if (isPlaylist) return [...protocols, ...(await hiddenList(source, allowPlaylists))];
  return [...protocols, '-format_whitelist', await plainFormats(program)];
}

/** FFmpeg detects an HLS playlist by its content only if its name is that of a playlist, so others need `-f hls`. */
async function hiddenList({ url, kind }: Pick<InputSource, 'url' | 'kind'>, allowed: boolean) {
  if (!allowed || kind !== undefined || playlistNames.test(extension(url))) return [];
  const file = await open(url.replace(/^file:/, ''));
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(7), 0, 7, 0);
    return buffer.toString('latin1', 0, bytesRead) === '#EXTM3U' ? ['-f', 'hls'] : [];
  } finally {
    await file.close();
  }
}

function extension(url: string): string {
  return extname(URL.canParse(url) ? new URL(url).pathname : url);
}

const asked = new Map<string, Promise<string>>();

function plainFormats(program: string): Promise<string> {
  const answer = asked.get(program) ?? askFormats(program);
  asked.set(program, answer);
  answer.catch(() => asked.delete(program)); // the program may be repaired meanwhile
  return answer;
}

async function askFormats(program: string): Promise<string> {
  const { stdout } = await capture(program, ['-hide_banner', '-demuxers']);
  const names = [...listedNames(stdout, 'Demuxing')];
  return names.filter((name) => !playlists.has(name)).join(',');
}

/** The error for a source that FFmpeg rejected because it refers to others; undefined for other messages. */
export function guardFailure(path: string, said: string): FramelaneError | undefined {
  const format =
    /\[(\w+)[^\]]*\] Format not on whitelist/.exec(said)?.[1] ??
    /Not detecting m3u8\/(hls)/.exec(said)?.[1];
  const protocol = /Protocol '(\w+)' not on whitelist/.exec(said)?.[1];
  if (format === undefined && protocol === undefined) return undefined;
  const what =
    format === undefined
      ? `it refers to a source read by the protocol ${protocol}`
      : `it is a playlist (${format}), which is followed only where its name ends in .m3u8, .mpd or .ffconcat`;
  const remedy = 'allowPlaylists (--allow-playlists) permits it';
  return new FramelaneError(
    'ERR_INPUT_INVALID',
    `${path}: expected a video, but ${what}; ${remedy}`,
  );
}

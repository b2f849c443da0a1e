/** Streams and files behind a URL. */
import type { InputSource } from './input-source.ts';

/** What a connection may be silent for, in microseconds. */
const silence = '10000000';

/** FFmpeg's options by protocol: none may wait for ever. RTSP over UDP would lose packets without a word. */
const protocols: Readonly<Record<string, readonly string[]>> = {
  http: ['-rw_timeout', silence],
  https: ['-rw_timeout', silence],
  rtmp: ['-rw_timeout', silence],
  rtmps: ['-rw_timeout', silence],
  rtsp: ['-rtsp_transport', 'tcp'],
  srt: ['-timeout', silence],
  tcp: ['-timeout', silence],
  udp: ['-timeout', silence, '-overrun_nonfatal', '1', '-fifo_size', '50000'],
};

/** Of these nothing that has passed can be had again. */
const neverSeekable = /^(srt|tcp|udp)$/;

/** The source that a URL stands for; undefined where the name is none of a known protocol. */
export function findNetworkSource(path: string): InputSource | undefined {
  const protocol = protocolOf(path);
  const options = protocol === undefined ? undefined : protocols[protocol];
  if (protocol === undefined || options === undefined) return undefined;
  const once = neverSeekable.test(protocol);
  return { path: withoutPassword(path), url: path, options, warnings: [], kind: 'network', once };
}

/** The protocol of a URL, as FFmpeg lists it. */
export function protocolOf(url: string): string | undefined {
  return /^([a-z]+):\/\//i.exec(url)?.[1]?.toLowerCase();
}

/** How long RTSP may be silent: FFmpeg 5 gave the option that 4 has another name. */
export function silenceArgs({ url }: InputSource, libavcodec: number): string[] {
  if (protocolOf(url) !== 'rtsp') return [];
  return [libavcodec >= 59 ? '-timeout' : '-stimeout', silence];
}

/** For messages and logs of ours. */
function withoutPassword(url: string): string {
  return url.replace(/^(\w+:\/\/[^/@:]*):[^/@]*@/, '$1:***@');
}

/** Streams and files behind a URL. */
import type { InputSource } from '../format/source.ts';

/** FFmpeg's options by protocol: none may wait for ever. RTSP over UDP would lose packets without a word. */
const protocols: Readonly<Record<string, (silence: string) => readonly string[]>> = {
  http: (silence) => ['-rw_timeout', silence],
  https: (silence) => ['-rw_timeout', silence],
  rtmp: (silence) => ['-rw_timeout', silence],
  rtmps: (silence) => ['-rw_timeout', silence],
  rtsp: () => ['-rtsp_transport', 'tcp'],
  srt: (silence) => ['-timeout', silence],
  tcp: (silence) => ['-timeout', silence],
  udp: (silence) => ['-timeout', silence, '-overrun_nonfatal', '1', '-fifo_size', '50000'],
};

/** Of these nothing that has passed can be had again. */
const neverSeekable = /^(srt|tcp|udp)$/;

/** The source that a URL stands for; undefined where the name is none of a known protocol. */
export function findNetworkSource(path: string, timeout: number): InputSource | undefined {
  const protocol = protocolOf(path);
  if (protocol === undefined || !Object.hasOwn(protocols, protocol)) return undefined;
  return {
    path: withoutPassword(path),
    url: path,
    options: protocols[protocol]?.(microseconds(timeout)) ?? [],
    warnings: [],
    kind: 'network',
    once: neverSeekable.test(protocol),
    timeout,
  };
}

/** The protocol of a URL, as FFmpeg lists it. */
export function protocolOf(url: string): string | undefined {
  return /^([a-z]+):\/\//i.exec(url)?.[1]?.toLowerCase();
}

/** How long RTSP may be silent: FFmpeg 5 gave the option that 4 has another name. */
export function silenceArgs({ url, timeout }: InputSource, libavcodec: number): string[] {
  if (timeout === undefined || protocolOf(url) !== 'rtsp') return [];
  return [libavcodec >= 59 ? '-timeout' : '-stimeout', microseconds(timeout)];
}

function microseconds(time: number): string {
  return String(Math.ceil(time * 1e6));
}

/** For messages and logs of ours. */
function withoutPassword(url: string): string {
  return url.replace(/^(\w+:\/\/[^/@:]*):[^/@]*@/, '$1:***@');
}

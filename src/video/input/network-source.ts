/** Streams and files at a URL. */
import type { InputSource } from '../format/source.ts';

/** FFmpeg's options by protocol: none may wait forever. RTSP uses TCP, because over UDP it loses packets silently. */
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

/** Protocols that cannot seek. */
const neverSeekable = /^(srt|tcp|udp)$/;

/** The source at a URL; undefined where it is not a URL of a known protocol. */
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

/** How long RTSP may be silent; FFmpeg 5 renamed the option. */
export function silenceArgs({ url, timeout }: InputSource, libavcodec: number): string[] {
  if (timeout === undefined || protocolOf(url) !== 'rtsp') return [];
  return [libavcodec >= 59 ? '-timeout' : '-stimeout', microseconds(timeout)];
}

function microseconds(time: number): string {
  return String(Math.ceil(time * 1e6));
}

/** The URL for messages and logs. */
function withoutPassword(url: string): string {
  return url.replace(/^(\w+:\/\/[^/@:]*):[^/@]*@/, '$1:***@');
}

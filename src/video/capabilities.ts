/** Lists that an FFmpeg gives of itself, asked once each. */
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { capture } from '../ffmpeg/process.ts';

const patterns = {
  decoders: /^ V[.FSXBD]{5} (\S+)/gm,
  filters: /^ [T.][S.][C.]? (\S+) +\S+->\S+/gm,
  hwaccels: /^(?!Hardware)(\w+)\s*$/gm,
  protocols: /^ {2}(\w+)$/gm,
  // A row may name several: `video4linux2,v4l2`.
  captures: /^ D[E ] (\w+)/gm,
  playbacks: /^ [D ]E (\w+)/gm,
} as const;

const lists: Readonly<Record<keyof typeof patterns, string>> = {
  decoders: 'decoders',
  filters: 'filters',
  hwaccels: 'hwaccels',
  protocols: 'protocols',
  captures: 'devices',
  playbacks: 'devices',
};

const asked = new Map<string, Promise<ReadonlySet<string>>>();

/** The names of the video decoders, filters, hardware accelerations, protocols or devices of an FFmpeg. */
export function capabilities(
  ffmpeg: Ffmpeg,
  kind: keyof typeof patterns,
): Promise<ReadonlySet<string>> {
  const key = `${ffmpeg.path} ${kind}`;
  const answer = asked.get(key) ?? ask(ffmpeg.path, kind);
  asked.set(key, answer);
  answer.catch(() => asked.delete(key)); // it may be repaired
  return answer;
}

async function ask(path: string, kind: keyof typeof patterns): Promise<ReadonlySet<string>> {
  const { stdout } = await capture(path, ['-hide_banner', `-${lists[kind]}`]);
  return new Set(Array.from(stdout.matchAll(patterns[kind]), (match) => match[1] ?? ''));
}

/** Lists that an FFmpeg gives of itself, asked once each. */
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { capture } from '../ffmpeg/process.ts';

const patterns = {
  decoders: /^ V[.FSXBD]{5} (\S+)/gm,
  filters: /^ [T.][S.][C.]? (\S+) +\S+->\S+/gm,
  hwaccels: /^(?!Hardware)(\w+)\s*$/gm,
} as const;

const asked = new Map<string, Promise<ReadonlySet<string>>>();

/** The names of the video decoders, filters or hardware accelerations of an FFmpeg. */
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
  const { stdout } = await capture(path, ['-hide_banner', `-${kind}`]);
  return new Set(Array.from(stdout.matchAll(patterns[kind]), (match) => match[1] ?? ''));
}

/** The lists that an FFmpeg prints of its own capabilities, each read once. */
import type { Ffmpeg } from './ffmpeg.ts';
import { listedNames, namesBelow } from './lists.ts';
import { capture } from './process.ts';

const lists = {
  decoders: { option: '-decoders', names: (text: string) => listedNames(text, 'Video') },
  otherDecoders: {
    option: '-decoders',
    names: (text: string) =>
      new Set([...listedNames(text, 'Audio'), ...listedNames(text, 'Subtitle')]),
  },
  filters: { option: '-filters', names: (text: string) => listedNames(text) },
  hwaccels: {
    option: '-hwaccels',
    names: (text: string) => namesBelow(text, 'Hardware acceleration methods:'),
  },
  protocols: { option: '-protocols', names: (text: string) => namesBelow(text, 'Input:') },
  captures: { option: '-devices', names: (text: string) => listedNames(text, 'Demuxing') },
  playbacks: { option: '-devices', names: (text: string) => listedNames(text, 'Muxing') },
} as const;

const asked = new Map<string, Promise<ReadonlySet<string>>>();

/** The names of the video decoders, the other decoders, filters, hardware accelerations, protocols or devices of an FFmpeg. */
export function capabilities(
  ffmpeg: Ffmpeg,
  kind: keyof typeof lists,
): Promise<ReadonlySet<string>> {
  const key = `${ffmpeg.path} ${kind}`;
  const answer = asked.get(key) ?? ask(ffmpeg.path, kind);
  asked.set(key, answer);
  answer.catch(() => asked.delete(key)); // the program may be repaired meanwhile
  return answer;
}

async function ask(path: string, kind: keyof typeof lists): Promise<ReadonlySet<string>> {
  const { option, names } = lists[kind];
  return names((await capture(path, ['-hide_banner', option])).stdout);
}

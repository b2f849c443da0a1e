/** The decoder's half of a session: what VideoInput sends is kept in a file, and of a section what is made of it. */
import { closeSync, openSync } from 'node:fs';
import { pipeline, runSession } from 'framelane';
import { capture } from '../../src/ffmpeg/process.ts';
import { type OpenInputOptions, VideoInput } from '../../src/video/input/input.ts';
import { ffmpeg7, ffmpegPath, ffmpegPaths, newestFfprobe, systemFfmpeg } from './programs.ts';
import { frameHashes } from './video.ts';

const names = new Map([
  [ffmpegPath, 'bundled'],
  [systemFfmpeg, 'system'],
  [ffmpeg7, '7.0'],
]);

/** Every FFmpeg, with a name for the tests. */
export const ffmpegs = ffmpegPaths.map((path) => [names.get(path) ?? path, path] as const);

const raw = { codec: 'rawvideo', audio: 'none', device: 'cpu' } as const;

async function keep(input: VideoInput, path: string): Promise<void> {
  const descriptor = openSync(path, 'w');
  const child = input.start(descriptor);
  closeSync(descriptor);
  const { code } = await child.exited;
  if (code !== 0) throw child.failure(`decoding ${input.info.path}`);
}

export interface Decoded {
  readonly input: VideoInput;
  /** Of every frame. */
  readonly hashes: string[];
  /** Time of every frame in ticks of `timeBase`. */
  readonly ticks: number[];
  readonly timeBase: string;
  readonly pixelFormat: string;
}

/** Decodes into the NUT file `kept`, as a session would into its socket. A section is what a session keeps of that. */
export async function decode(
  path: string,
  kept: string,
  options: OpenInputOptions = {},
): Promise<Decoded> {
  await using input = await VideoInput.open(path, options);
  if (options.from === undefined) await keep(input, kept);
  else await runSession(pipeline(), path, kept, { ...options, ...raw }).finished;
  const bundled = ['-v', 'error', '-nostdin', '-i', kept, '-c', 'copy', '-copyts'];
  const { stdout } = await capture(ffmpegPath, [...bundled, '-f', 'framemd5', '-']);
  const rows = stdout.split('\n').filter((line) => /^\d/.test(line));
  const probed = await capture(newestFfprobe, ['-v', 'error', '-show_streams', kept]);
  const field = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(probed.stdout)?.[1] ?? '';
  return {
    input,
    hashes: frameHashes(kept),
    ticks: rows.map((row) => Number(row.split(',')[2])),
    timeBase: /#tb 0: (\S+)/.exec(stdout)?.[1] ?? '',
    pixelFormat: field('pix_fmt'),
  };
}

/** Which streams are read, as the commands that read videos take it. */
import { type Command, Option } from 'commander';
import type { StreamChoice } from '../video/input/stream-choice.ts';

export interface StreamFlags {
  readonly videoStream?: string;
  readonly program?: string;
  readonly audioStream?: readonly string[];
}

/** Adds the options that choose streams. */
export function addStreamOptions(command: Command): Command {
  return command
    .addOption(new Option('--video-stream <which>', 'its index as probe lists it, v:0, #0x101'))
    .addOption(new Option('--program <which>', 'of a broadcast: its number or name'))
    .addOption(
      new Option(
        '--audio-stream <which>',
        'its index, a:0, #0x102 or a language, eng (repeatable)',
      ).argParser((which: string, before: readonly string[] = []) => [...before, which]),
    );
}

export function streamChoice(flags: StreamFlags): StreamChoice {
  const { videoStream, program, audioStream: audioStreams } = flags;
  return { videoStream, program, audioStreams };
}

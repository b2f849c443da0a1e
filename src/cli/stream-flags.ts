/** The stream options of all commands that read videos. */
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
    .addOption(
      new Option(
        '--video-stream <which>',
        'video stream to read: its index in probe, v:0 or #0x101',
      ),
    )
    .addOption(new Option('--program <which>', 'program of a broadcast, by number or name'))
    .addOption(
      new Option(
        '--audio-stream <which>',
        'audio stream to read: its index, a:0, #0x102 or a language such as eng (repeatable)',
      ).argParser((which: string, before: readonly string[] = []) => [...before, which]),
    );
}

export function streamChoice(flags: StreamFlags): StreamChoice {
  const { videoStream, program, audioStream: audioStreams } = flags;
  return { videoStream, program, audioStreams };
}

import { Command, InvalidArgumentError } from 'commander';
import type { DeviceOption } from '../device.ts';
import type { Pipeline } from '../pipeline.ts';
import { usageError } from './failure.ts';
import { collect, readPipelineArguments, setOption } from './pipeline-arguments.ts';
import { type Result, reportResult } from './result.ts';

export interface RunFlags {
  readonly input: string;
  readonly output: string;
  readonly set?: readonly string[];
  readonly device: DeviceOption;
  readonly codec?: string;
  readonly crf?: number;
  readonly preset?: string;
  readonly from?: number;
  readonly to?: number;
  readonly overwrite?: true;
  readonly json?: true;
  readonly quiet?: true;
}

const examples = `
Examples:
  $ framelane run pipelines/showcase.json -i clip.mp4 -o out.mp4
  $ framelane run pipelines/vintage.json -i clip.mp4 -o out.mp4 --set strength=0.9 --from 10 --to 20
  $ framelane run pipelines/watermark.json -i photo.jpg -o marked.png --device cpu
  $ framelane run pipelines/vintage.json -i clip.mp4 -o out.mp4 --json

Ctrl-C finishes the file with what is done; a second one leaves nothing.`;

export function runCommand(): Command {
  return new Command('run')
    .description('run a pipeline on a video or a picture')
    .argument('<pipeline>', 'a pipeline file')
    .requiredOption('-i, --input <file>', 'a video, or a picture (.png, .jpg, .webp)')
    .requiredOption('-o, --output <file>', 'where the result goes; null: only measures')
    .option(...setOption, collect)
    .option('--device <device>', 'auto, cpu or cuda:n', 'auto')
    .option('--codec <name>', "FFmpeg's name of the video encoder")
    .option('--crf <number>', 'quality of the encoder, less is better', numeric)
    .option('--preset <name>', 'speed of the encoder')
    .option('--from <seconds>', 'start here', numeric)
    .option('--to <seconds>', 'stop here', numeric)
    .option('--overwrite', 'replace the output if it exists')
    .option('--json', 'report progress and result as lines of JSON on stdout')
    .option('--quiet', 'report nothing but errors')
    .addHelpText('after', examples)
    .action(async (path: string, flags: RunFlags) => {
      const { pipeline } = await readPipelineArguments(path, flags.set);
      reportResult(await run(pipeline, flags), flags);
    });
}

const videoFlags = ['codec', 'crf', 'preset', 'from', 'to'] as const;

async function run(pipeline: Pipeline, flags: RunFlags): Promise<Result> {
  const { imageExtensions, isImagePath } = await import('../image/extensions.ts');
  if (isImagePath(flags.input) !== isImagePath(flags.output)) {
    const known = imageExtensions.join(', ');
    throw usageError(`input and output must both be videos or both be pictures (${known})`);
  }
  if (!isImagePath(flags.input)) return (await import('./run-video.ts')).runVideo(pipeline, flags);
  const misplaced = videoFlags.find((name) => flags[name] !== undefined);
  if (misplaced) throw usageError(`--${misplaced} is for videos, the input is a picture`);
  return (await import('./run-picture.ts')).runPicture(pipeline, flags);
}

function numeric(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Expected a number.');
}

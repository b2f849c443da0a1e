import { Command, Option } from 'commander';
import type { Pipeline } from '../pipeline/pipeline.ts';
import {
  allowPlaylistsOption,
  deinterlaceOption,
  hwaccelOption,
  inputFpsOption,
} from './decoding-flags.ts';
import { usageError } from './failure.ts';
import { assetsOption, collect, readPipelineArguments, setOption } from './pipeline-arguments.ts';
import { reportResult } from './result.ts';
import type { PictureFlags, RunFlags } from './run-flags.ts';
import { addStreamOptions } from './stream-flags.ts';
import { duration, time } from './time.ts';

const examples = `
Outputs may have options of their own, and a pipeline after the first: -o small.mp4,pipeline=thumbnail.json,crf=28
Pictures become a sequence with a number in their name (frame_%04d.png), else one picture (poster.png,at=2.5).
Several pictures, or a pattern of them, need an output that tells them apart: by {name}, {ext}, {dir} or {index}.

Examples:
  $ framelane run pipelines/showcase.json -i clip.mp4 -o out.mp4
  $ framelane run pipelines/vintage.json -i clip.mp4 -o out.mp4 --set strength=0.9 --from 1:10 --duration 20
  $ framelane run pipelines/vintage.json -i clip.mp4 -o out.mov --codec prores --option profile=hq
  $ framelane run pipelines/vintage.json -i clip.mp4 -o full.mp4 -o small.mp4,pipeline=pipelines/thumbnail-360p.json -o poster.png,at=2
  $ framelane run pipelines/watermark.json -i photo.jpg -o marked.png --device cpu
  $ framelane run pipelines/watermark.json -i 'photos/**/*.jpg' -o 'out/{dir}/{name}.webp,quality=80'
  $ framelane run pipelines/vintage.json -i clip.mp4 -o - | mpv -

Ctrl-C finishes the files with what is done; a second one leaves nothing.`;

/** Short for `--option x264-params=…`; the help has that. */
function paramsFlag(library: string): Option {
  return new Option(`--${library}-params <name=value:…>`).hideHelp();
}

export function runCommand(): Command {
  const command = new Command('run')
    .description('run a pipeline on a video or a picture')
    .argument('<pipeline>', 'a pipeline file')
    .requiredOption(
      '-i, --input <file...>',
      "a video, frame_%04d.png, a URL, /dev/video0, x11:, lavfi:testsrc2, - for stdin, or pictures: one, several, or a pattern ('*.jpg')",
    )
    .requiredOption(
      '-o, --output <file>',
      'where the result goes (repeatable); - is stdout, null: only measures',
      collect,
    )
    .option(...setOption, collect)
    .option(...assetsOption)
    .option('--device <device>', 'auto, cpu or cuda:n', 'auto')
    .option('--codec <name>', 'h264, hevc, vp9, av1, prores, ffv1, gif … or an encoder of FFmpeg')
    .option('--crf <number>', 'quality of the encoder, less is better')
    .option('--preset <name>', 'speed of the encoder')
    .option('--tune <name>', 'what the encoder optimises for: film, grain, animation …')
    .option('--bitrate <bits>', 'mean bits a second: 2M, 800k')
    .option('--maxrate <bits>', 'most bits a second')
    .option('--bufsize <bits>', 'what --maxrate is counted over; 2 s of it by default')
    .option('--two-pass', 'encode twice, to meet --bitrate better')
    .option('--keyint <frames>', 'most frames between key frames')
    .option(
      '--option <name=value>',
      'an option of the encoder: bframes=2, x264-params=aq-mode=3:me=umh (repeatable)',
      collect,
    )
    .addOption(paramsFlag('x264'))
    .addOption(paramsFlag('x265'))
    .addOption(paramsFlag('svtav1'))
    .addOption(paramsFlag('aom'))
    .option('--pixel-format <name>', 'yuv420p, yuv420p10, yuva444p10, rgba8 …')
    .option('--container <name>', 'mp4, mkv, webm …, where the name of the file does not say')
    .option('--fps <rate>', 'convert to a constant rate: 30, 30000/1001')
    .option('--audio <how>', 'copy, none, or an encoder: aac, libopus')
    .option('--subtitles <how>', 'copy or none')
    .option('--captions <how>', 'text makes subtitles of closed captions; none')
    .option('--from <time>', 'start here: 90, 90.5, 1:30, 00:01:30.5', time)
    .option('--to <time>', 'stop here', time)
    .addOption(
      new Option('--duration <time>', 'stop as long after --from')
        .conflicts('to')
        .argParser(duration),
    )
    .addOption(inputFpsOption)
    .addOption(allowPlaylistsOption)
    .addOption(deinterlaceOption)
    .addOption(hwaccelOption);
  return addStreamOptions(command)
    .option('--square-pixels', 'scale the width so that pixels are square')
    .option('--ffmpeg <path>', 'another FFmpeg')
    .option('--overwrite', 'replace the output if it exists')
    .option('--json', 'report progress and result as lines of JSON on stdout')
    .option('--quiet', 'report nothing but errors')
    .addHelpText('after', examples)
    .action(async (path: string, flags: RunFlags) => {
      const { pipeline } = await readPipelineArguments(path, flags.set, {
        assets: flags.assets,
      });
      await run(pipeline, flags);
    });
}

/** What makes no sense for a picture. */
const videoFlags = [
  ...(['codec', 'crf', 'preset', 'option', 'pixelFormat', 'container', 'fps', 'audio'] as const),
  ...(['captions', 'tune', 'bitrate', 'maxrate', 'bufsize', 'twoPass', 'keyint'] as const),
  ...(['x264Params', 'x265Params', 'svtav1Params', 'aomParams'] as const),
  ...(['subtitles', 'from', 'to', 'duration', 'inputFps', 'deinterlace', 'hwaccel'] as const),
  ...(['squarePixels', 'videoStream', 'program', 'audioStream'] as const),
] as const;

async function run(pipeline: Pipeline, flags: RunFlags): Promise<void> {
  const { isImagePath } = await import('../image/extensions.ts');
  const { hasPlaceholder } = await import('../batch/placeholders.ts');
  const [input = '', ...others] = flags.input;
  const [output = ''] = flags.output;
  const isFile = !/^(\w+:\/\/|lavfi:|x11:)/.test(input);
  const isBatch =
    others.length > 0 || hasPlaceholder(output) || (isFile && (await isPattern(input)));
  const isPicture = isFile && isImagePath(input) && !/%0?\d*d/.test(input);
  if (!isBatch && !isPicture) {
    const { runVideo } = await import('./run-video.ts');
    return reportResult(await runVideo(pipeline, input, flags), flags);
  }
  const pictureFlags = await forPictures(flags, isBatch);
  if (isBatch)
    return (await import('./run-batch.ts')).runBatch(pipeline, flags.input, pictureFlags);
  const { runPicture } = await import('./run-picture.ts');
  return reportResult(await runPicture(pipeline, input, pictureFlags), flags);
}

/** A file that is there is itself, whatever its name looks like. */
async function isPattern(input: string): Promise<boolean> {
  if (!/[*?[\]{}()!]/.test(input)) return false;
  const { existsSync } = await import('node:fs');
  return !existsSync(input) && (await import('../batch/inputs.ts')).isPattern(input);
}

/** The flags of a picture; those of a video make no sense for it. */
async function forPictures(flags: RunFlags, isBatch: boolean): Promise<PictureFlags> {
  const { formatOfPath, isWritable, writableExtensions } = await import('../image/formats.ts');
  const { parsePictureOutput } = await import('./picture-argument.ts');
  const [first = '', ...more] = flags.output;
  const { path: output, encoding } = parsePictureOutput(first);
  const format = formatOfPath(output);
  if (more.length > 0 || !(isBatch || (format && isWritable(format)))) {
    const known = writableExtensions.join(', ');
    throw usageError(
      `a picture becomes one picture (${known}), received ${flags.output.join(' ')}`,
    );
  }
  const misplaced = videoFlags.find((name) => flags[name] !== undefined);
  if (misplaced) throw usageError(`--${dashed(misplaced)} is for videos, the input is a picture`);
  return { ...flags, output, encoding };
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

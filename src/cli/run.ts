import { Command, Option } from 'commander';
import type { Pipeline } from '../pipeline/pipeline.ts';
import {
  allowPlaylistsOption,
  deinterlaceOption,
  hwaccelOption,
  inputFpsOption,
} from './decoding-flags.ts';
import { usageError } from './failure.ts';
import { loadOps, opsOption } from './load-ops.ts';
import { assetsOption, collect, readPipelineArguments, setOption } from './pipeline-arguments.ts';
import { reportResult } from './result.ts';
import type { PictureFlags, RunFlags } from './run-flags.ts';
import { addStreamOptions } from './stream-flags.ts';
import { duration, time } from './time.ts';

const examples = `
An output may have its own options, and a second pipeline that runs after the first: -o small.mp4,pipeline=thumbnail.json,crf=28
The name of a picture with a number in it is an image sequence (frame_%04d.png), without one a single frame (poster.png,at=2.5).
Several input pictures need an output name with {name}, {ext}, {dir} or {index} in it.

Examples:
  $ framelane run pipelines/showcase.json -i clip.mp4 -o out.mp4
  $ framelane run pipelines/vintage.json -i clip.mp4 -o out.mp4 --set strength=0.9 --from 1:10 --duration 20
  $ framelane run pipelines/vintage.json -i clip.mp4 -o out.mov --codec prores --option profile=hq
  $ framelane run pipelines/vintage.json -i clip.mp4 -o full.mp4 -o small.mp4,pipeline=pipelines/thumbnail-360p.json -o poster.png,at=2
  $ framelane run pipelines/watermark.json -i photo.jpg -o marked.png --device cpu
  $ framelane run pipelines/watermark.json -i 'photos/**/*.jpg' -o 'out/{dir}/{name}.webp,quality=80'
  $ framelane run pipelines/vintage.json -i clip.mp4 -o - | mpv -

Ctrl-C finishes the files with the frames done so far; a second Ctrl-C discards them.`;

/** Short for `--option x264-params=…`, which the help lists. */
function paramsFlag(library: string): Option {
  return new Option(`--${library}-params <name=value:…>`).hideHelp();
}

export function runCommand(): Command {
  const command = new Command('run')
    .description('run a pipeline on a video, a picture or many pictures')
    .argument('<pipeline>', 'a pipeline file')
    .requiredOption(
      '-i, --input <file...>',
      "a video file, an image sequence (frame_%04d.png), a URL, a camera (/dev/video0), a screen (x11:), a test pattern (lavfi:testsrc2), - for stdin, or pictures (a.jpg b.jpg, '*.jpg')",
    )
    .requiredOption(
      '-o, --output <file>',
      'output file (repeatable); - is stdout, null: discards the frames, to measure speed',
      collect,
    )
    .option(...setOption, collect)
    .option(...assetsOption)
    .option(...opsOption, collect)
    .option('--device <device>', 'where the pipeline runs: auto, cpu or cuda:n', 'auto')
    .option(
      '--codec <name>',
      'h264, hevc, vp9, av1, prores, ffv1, gif … or the name of an FFmpeg encoder',
    )
    .option('--crf <number>', 'constant quality; lower is better')
    .option('--preset <name>', 'speed of the encoder against file size')
    .option('--tune <name>', 'content to optimise for: film, grain, animation …')
    .option('--bitrate <bits>', 'average bits per second: 2M, 800k')
    .option('--maxrate <bits>', 'maximum bits per second')
    .option('--bufsize <bits>', 'rate buffer that --maxrate is measured over; 2 s of it by default')
    .option('--two-pass', 'encode in two passes, to meet --bitrate more closely')
    .option('--keyint <frames>', 'maximum frames between key frames')
    .option(
      '--option <name=value>',
      'an option of the encoder: bframes=2, x264-params=aq-mode=3:me=umh (repeatable)',
      collect,
    )
    .addOption(paramsFlag('x264'))
    .addOption(paramsFlag('x265'))
    .addOption(paramsFlag('svtav1'))
    .addOption(paramsFlag('aom'))
    .option(
      '--pixel-format <name>',
      'pixel format of the output: yuv420p, yuv420p10, yuva444p10, rgba8 …',
    )
    .option('--container <name>', 'container, if the file name does not tell: mp4, mkv, webm …')
    .option('--fps <rate>', 'convert to a constant frame rate: 30, 30000/1001')
    .option('--audio <how>', 'copy, none, or an encoder: aac, libopus')
    .option('--subtitles <how>', 'copy or none')
    .option(
      '--captions <how>',
      'closed captions: text turns them into a subtitle track, none drops them',
    )
    .option('--from <time>', 'start time: 90, 90.5, 1:30, 00:01:30.5', time)
    .option('--to <time>', 'end time', time)
    .addOption(
      new Option('--duration <time>', 'length from --from on, in place of --to')
        .conflicts('to')
        .argParser(duration),
    )
    .addOption(inputFpsOption)
    .addOption(allowPlaylistsOption)
    .addOption(deinterlaceOption)
    .addOption(hwaccelOption);
  return addStreamOptions(command)
    .option('--square-pixels', 'scale the width so that pixels are square')
    .option('--ffmpeg <path>', 'path of the FFmpeg to use')
    .option('--overwrite', 'replace outputs that exist')
    .option('--json', 'print progress and result as JSON lines on stdout')
    .option('--quiet', 'print errors only')
    .addHelpText('after', examples)
    .action(async (path: string, flags: RunFlags) => {
      await loadOps(flags.ops);
      const { pipeline } = await readPipelineArguments(path, flags.set, {
        assets: flags.assets,
      });
      await run(pipeline, flags);
    });
}

/** Flags that apply to videos only. */
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

/** An existing file is no pattern, even if its name looks like one. */
async function isPattern(input: string): Promise<boolean> {
  if (!/[*?[\]{}()!]/.test(input)) return false;
  const { existsSync } = await import('node:fs');
  return !existsSync(input) && (await import('../batch/inputs.ts')).isPattern(input);
}

/** The flags of a picture; rejects those that apply to videos only. */
async function forPictures(flags: RunFlags, isBatch: boolean): Promise<PictureFlags> {
  const { formatOfPath, isWritable, writableExtensions } = await import('../image/formats.ts');
  const { parsePictureOutput } = await import('./picture-argument.ts');
  const [first = '', ...more] = flags.output;
  const { path: output, encoding } = parsePictureOutput(first);
  const format = formatOfPath(output);
  if (more.length > 0 || !(isBatch || (format && isWritable(format)))) {
    const known = writableExtensions.join(', ');
    throw usageError(
      `--output: expected one picture (${known}) for an input that is a picture, received ${flags.output.join(' ')}`,
    );
  }
  const misplaced = videoFlags.find((name) => flags[name] !== undefined);
  if (misplaced)
    throw usageError(`--${dashed(misplaced)}: applies to videos only, but the input is a picture`);
  return { ...flags, output, encoding };
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

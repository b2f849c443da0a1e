import { Command, InvalidArgumentError } from 'commander';
import type { DeviceOption } from '../device.ts';
import type { ProviderName } from '../display/window.ts';
import { pathInFolder } from '../output-file.ts';
import type { WindowPixels } from '../preview/window/options.ts';
import type { PreviewWindow } from '../preview/window/preview-window.ts';
import {
  allowPlaylistsOption,
  type DecodingFlags,
  deinterlaceOption,
  hwaccelOption,
  inputFpsOption,
} from './decoding-flags.ts';
import { usageError } from './failure.ts';
import { loadOps, opsOption } from './load-ops.ts';
import { choice, positiveInteger } from './option-values.ts';
import { printJson, printNote } from './output.ts';
import { parseRate } from './output-argument.ts';
import { assetsOption, collect, readValues, setOption } from './pipeline-arguments.ts';
import { stopOnSignals } from './signals.ts';
import { addStreamOptions, type StreamFlags, streamChoice } from './stream-flags.ts';
import { time } from './time.ts';

export interface PreviewFlags extends DecodingFlags, StreamFlags {
  readonly input: string;
  readonly set?: readonly string[];
  readonly ops?: readonly string[];
  readonly assets?: string;
  readonly device: DeviceOption;
  readonly window?: ProviderName | 'auto';
  readonly size?: { readonly width: number; readonly height: number };
  readonly fullscreen?: true;
  readonly vsync: boolean;
  readonly audio: boolean;
  readonly loop?: true;
  readonly statistics?: true;
  readonly from?: number;
  readonly frames?: number;
  readonly screenshot?: string;
  readonly ffmpeg?: string;
  readonly json?: true;
}

const examples = `
Saving the pipeline file updates the preview at the next frame. Press ? in the window for the keys.

Examples:
  $ framelane preview pipelines/vintage.json -i clip.mp4
  $ framelane preview pipelines/vintage.json -i /dev/video0
  $ framelane preview pipelines/vintage.json -i x11:
  $ framelane preview pipelines/vintage.json -i rtsp://camera.local/stream
  $ framelane preview pipelines/vintage.json -i lavfi:testsrc2=size=1280x720:rate=60
  $ framelane preview pipelines/vintage.json -i clip.mp4 --window headless --frames 10 --screenshot out.png`;

export function previewCommand(): Command {
  const command = new Command('preview')
    .description('play a video, a camera, a screen or a stream through a pipeline, in a window')
    .argument('<pipeline>', 'a pipeline file')
    .requiredOption(
      '-i, --input <source>',
      'a video file, a URL, a camera (/dev/video0), a screen (x11:), lavfi:GRAPH, or generate:WIDTHxHEIGHT@RATE',
    )
    .option(...setOption, collect)
    .option(...assetsOption)
    .option(...opsOption, collect)
    .option('--device <device>', 'where the pipeline runs: auto, cpu or cuda:n', 'auto')
    .addOption(
      choice(
        '--window <provider>',
        'what opens the window; FRAMELANE_WINDOW by default, else auto',
        [...['auto', 'raub', 'system', 'headless']],
      ),
    )
    .option('--size <WxH>', 'size of the window; that of the picture by default', size)
    .option('--fullscreen', 'fill the screen')
    .option('--no-vsync', 'do not wait for the vertical refresh')
    .option('--no-audio', 'play no sound')
    .option('--loop', 'start again at the end')
    .option('--statistics', 'show the statistics from the start (the key h toggles them)')
    .option('--from <time>', 'start time: 90, 1:30, 00:01:30.5', time)
    .option('--frames <count>', 'close after this many frames', positiveInteger)
    .option('--screenshot <file>', 'save the contents of the window after --frames, as PNG, JPEG …')
    .addOption(inputFpsOption)
    .addOption(allowPlaylistsOption)
    .addOption(deinterlaceOption)
    .addOption(hwaccelOption);
  return addStreamOptions(command)
    .option('--ffmpeg <path>', 'path of the FFmpeg to use')
    .option('--json', 'print events as JSON lines on stdout')
    .addHelpText('after', examples)
    .action(async (path: string, flags: PreviewFlags) => {
      if (flags.screenshot !== undefined && flags.frames === undefined) {
        throw usageError(
          '--screenshot: needs --frames, because it is taken after that many frames',
        );
      }
      await loadOps(flags.ops);
      await preview(path, flags);
    });
}

async function preview(path: string, flags: PreviewFlags): Promise<void> {
  const stopping = new AbortController();
  const work = { stop: () => stopping.abort(), abort: () => process.exit() };
  const release = stopOnSignals(work, () => {});
  try {
    await using shown = await open(path, flags, stopping.signal);
    if (shown !== undefined) await show(shown, flags);
  } finally {
    release();
  }
}

/** Undefined if a signal stops it meanwhile. */
async function open(
  path: string,
  flags: PreviewFlags,
  signal: AbortSignal,
): Promise<PreviewWindow | undefined> {
  const values = await readValues(path, flags.set);
  if (flags.screenshot !== undefined) await checkPicture(flags.screenshot);
  const { PreviewWindow } = await import('../preview/window/preview-window.ts');
  const { window: provider, size: given, inputFps, input, device, assets, ffmpeg } = flags;
  const { fullscreen, vsync, audio, loop, statistics, from, frames } = flags;
  const { deinterlace, hwaccel, allowPlaylists } = flags;
  try {
    return await PreviewWindow.open(input, {
      ...{ device, assets, ffmpeg, deinterlace, hwaccel, allowPlaylists },
      ...{ fullscreen, vsync, audio, loop, statistics, from, frames },
      ...given,
      ...streamChoice(flags),
      provider,
      inputFrameRate: inputFps === undefined ? undefined : parseRate(inputFps),
      pipeline: path,
      values,
      signal,
    });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

async function show(shown: PreviewWindow, { json, screenshot }: PreviewFlags): Promise<void> {
  const report = (event: string, message: string) => {
    if (json) printJson({ event, message });
    else printNote(`framelane: ${message}`);
  };
  if (json) {
    const { provider: window, width, height } = shown.window;
    printJson({ event: 'open', window, width, height, device: shown.player.device });
  }
  for (const warning of shown.player.warnings) report('warning', warning);
  shown.on('warning', (warning) => report('warning', warning));
  shown.on('failure', ({ message }) => report('failure', message));
  let picture: WindowPixels | undefined;
  if (screenshot !== undefined) {
    shown.once('end', () => {
      picture = shown.readPixels();
    });
  }
  await shown.closed;
  if (picture !== undefined) {
    const { savePixels } = await import('../preview/window/screenshot.ts');
    await savePixels(picture, screenshot as string);
  }
  const { shown: frames, dropped, late } = shown.player.stats();
  if (json) printJson({ event: 'end', frames, dropped, late });
}

/** Checked first: an unwritable screenshot must not be discovered after the video has played. */
async function checkPicture(path: string): Promise<void> {
  const { formatFor } = await import('../image/save.ts');
  formatFor(path, undefined);
  await pathInFolder(path);
}

function size(text: string): { width: number; height: number } {
  const [, width, height] = /^([1-9]\d*)x([1-9]\d*)$/.exec(text) ?? [];
  if (width === undefined)
    throw new InvalidArgumentError('Expected WIDTHxHEIGHT, such as 1280x720.');
  return { width: Number(width), height: Number(height) };
}

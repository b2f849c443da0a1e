import { Command } from 'commander';
import type { VideoInfo } from '../video/input/probe.ts';
import { allowPlaylistsOption } from './decoding-flags.ts';
import { columns, print, printJson } from './output.ts';
import { list, programRows, streamRows } from './probe-streams.ts';
import { addStreamOptions, type StreamFlags, streamChoice } from './stream-flags.ts';

interface Flags extends StreamFlags {
  readonly json?: true;
  readonly allowPlaylists?: true;
}

export function probeCommand(): Command {
  const command = new Command('probe')
    .description('show the format and the streams of a video')
    .argument('<input>', 'a video: a file, a URL, a camera, x11: or lavfi:');
  return addStreamOptions(command)
    .addOption(allowPlaylistsOption)
    .option('--json', 'print one line of JSON')
    .addHelpText('after', '\n+ marks the streams that framelane reads.')
    .action(async (path: string, { json, allowPlaylists, ...flags }: Flags) => {
      const { probe } = await import('../video/input/probe.ts');
      const info = await probe(path, { allowPlaylists, ...streamChoice(flags) });
      if (json) printJson(info);
      else print(describe(info));
    });
}

function describe(info: VideoInfo): string {
  const { duration, frameCount, container } = info;
  const length = duration === undefined ? 'length unknown' : `${duration.toFixed(2)} s`;
  const rows = [
    ['container', `${container}, ${length}`],
    ['video', `${picture(info)}, ${frameCount ?? 'unknown number of'} frames`],
    ['colour', color(info)],
    ...programRows(info),
    ...streamRows(info),
    ...info.warnings.map((warning) => ['note', warning]),
  ];
  return `${info.path}\n${columns(rows)}`;
}

function picture(info: VideoInfo): string {
  const { codec, width, height, rotation, mirrored, pixelFormat, frameFormat, converted } = info;
  const { frameRate, sampleAspectRatio: pixel, fieldOrder } = info;
  const rate = frameRate.num / frameRate.den;
  const travels =
    converted && frameFormat ? `${pixelFormat} (read as ${frameFormat})` : pixelFormat;
  const orders = { topFirst: 'top field first', bottomFirst: 'bottom field first' };
  const fields = fieldOrder === 'progressive' || !fieldOrder ? undefined : orders[fieldOrder];
  const turned = rotation === 0 ? undefined : `rotated by ${rotation} degrees`;
  return list([
    codec,
    `${width}x${height}`,
    travels,
    turned,
    mirrored ? 'mirrored' : undefined,
    pixel.num === pixel.den ? undefined : `pixels ${pixel.num}:${pixel.den}`,
    fields,
    `${Number(rate.toFixed(3))} frames/s`,
  ]);
}

function color({ matrix, range, colorSpace, primaries, transfer }: VideoInfo): string {
  const known = matrix ?? 'unsupported matrix';
  const said = colorSpace ?? 'assumed';
  const space = said === known ? known : `${known} (${said})`;
  return list([
    space,
    range,
    primaries && `primaries ${primaries}`,
    transfer && `transfer ${transfer}`,
  ]);
}

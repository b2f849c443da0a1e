/** The decoding options of all commands that read videos. */
import { Option } from 'commander';
import { choice } from './option-values.ts';

export interface DecodingFlags {
  readonly allowPlaylists?: true;
  readonly inputFps?: string;
  readonly deinterlace?: 'auto' | 'on' | 'double' | 'off';
  readonly hwaccel?: 'none' | 'auto' | 'cuda' | 'vaapi';
}

export const inputFpsOption = new Option(
  '--input-fps <rate>',
  'frame rate of an image sequence or a raw H.264/HEVC stream; 25 by default',
);
export const allowPlaylistsOption = new Option(
  '--allow-playlists',
  'follow playlists under any file name, and to the network',
);
export const deinterlaceOption = choice(
  '--deinterlace <when>',
  'convert interlaced video to whole frames',
  [...['auto', 'on', 'double', 'off']],
);
export const hwaccelOption = choice('--hwaccel <how>', 'decode in hardware', [
  ...['none', 'auto', 'cuda', 'vaapi'],
]);

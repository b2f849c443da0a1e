/** How an input is decoded, as the commands that read videos take it. */
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
  'rate of an image sequence or a bare stream, 25',
);
export const allowPlaylistsOption = new Option(
  '--allow-playlists',
  'follow playlists whatever their name, and into the network',
);
export const deinterlaceOption = choice('--deinterlace <when>', 'make whole frames of fields', [
  ...['auto', 'on', 'double', 'off'],
]);
export const hwaccelOption = choice('--hwaccel <how>', 'decode by', [
  ...['none', 'auto', 'cuda', 'vaapi'],
]);

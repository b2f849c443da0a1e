/** What others call our containers: FFmpeg's muxers, and extensions. */
import type { ContainerName } from './container.ts';

export const containerAliases = {
  mpegts: 'ts',
  m2ts: 'ts',
  mts: 'ts',
  matroska: 'mkv',
  quicktime: 'mov',
  qt: 'mov',
  ipod: 'm4v',
  ogg: 'ogv',
  yuv4mpegpipe: 'y4m',
  jpeg: 'jpg',
  tif: 'tiff',
} as const satisfies Record<string, ContainerName>;

export type ContainerAlias = keyof typeof containerAliases;

/** Our name for it; the same where there is no other. */
export function containerName(name: string): string {
  const small = name.toLowerCase().replace(/^\./, '');
  return Object.hasOwn(containerAliases, small) ? containerAliases[small as ContainerAlias] : small;
}

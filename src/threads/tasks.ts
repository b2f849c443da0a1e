/** What is done in threads: plain functions of plain values. */
import { cubeData } from '../cube-file.ts';
import { bmpDecode } from '../image/bmp-decode.ts';
import { bmpEncode } from '../image/bmp-encode.ts';
import { gifIsCut } from '../image/gif-frames.ts';
import { hdrDecode } from '../image/hdr-decode.ts';
import { floatsFrom, inColorspace, spread } from '../image/pixels.ts';
import { unpackWoff } from '../text/woff.ts';

export const tasks = {
  bmpDecode,
  bmpEncode,
  cubeData,
  floatsFrom,
  gifIsCut,
  hdrDecode,
  inColorspace,
  spread,
  unpackWoff,
};

export type Tasks = typeof tasks;

/** The flags of `framelane run`. */
import type { DeviceOption } from '../device.ts';
import type { EncodeOptions } from '../image/encode-options.ts';
import type { DecodingFlags } from './decoding-flags.ts';
import type { StreamFlags } from './stream-flags.ts';

export interface RunFlags extends DecodingFlags, StreamFlags {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly set?: readonly string[];
  /** Modules that define operations. */
  readonly ops?: readonly string[];
  readonly assets?: string;
  readonly device: DeviceOption;
  readonly codec?: string;
  readonly crf?: string;
  readonly preset?: string;
  readonly tune?: string;
  readonly bitrate?: string;
  readonly maxrate?: string;
  readonly bufsize?: string;
  readonly twoPass?: true;
  readonly keyint?: string;
  readonly x264Params?: string;
  readonly x265Params?: string;
  readonly svtav1Params?: string;
  readonly aomParams?: string;
  readonly pixelFormat?: string;
  readonly container?: string;
  readonly fps?: string;
  readonly audio?: string;
  readonly subtitles?: string;
  readonly captions?: string;
  /** Options of the encoder, `name=value`. */
  readonly option?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  readonly duration?: number;
  readonly squarePixels?: true;
  readonly ffmpeg?: string;
  readonly overwrite?: true;
  readonly json?: true;
  readonly quiet?: true;
}

export type PictureFlags = Pick<RunFlags, 'device' | 'overwrite' | 'json' | 'quiet' | 'assets'> & {
  readonly output: string;
  readonly encoding: EncodeOptions;
};

/** The description of a video file. */
import type { NativeChromaLocation, NativePixelFormat } from '../../native/plan.ts';
import type { ClockJump } from './clock-jumps.ts';
import type { ColorInfo } from './color.ts';
import type { DolbyVision } from './dolby-vision.ts';
import type { FileTimecode } from './file-timecode.ts';
import type { Orientation } from './geometry.ts';
import type { HdrInfo } from './hdr.ts';
import type { FieldInfo } from './interlace.ts';
import type { Rational } from './rational.ts';
import type { InputSource } from './source.ts';
import type {
  AttachedFile,
  AudioStream,
  OtherStream,
  PictureStream,
  StreamInfo,
} from './stream-info.ts';

export type { AudioStream, CopiedStream, StreamInfo } from './stream-info.ts';

/** Elementary streams: coded pictures without a container, and so without timestamps. */
export const elementary = /^(h264|hevc|m4v|mpegvideo|mjpeg|obu|vc1|cavsvideo|dirac)$/;

/** A service of a broadcast, or a variant of an HLS stream. */
export interface Program {
  /** Its number, which `program` takes. */
  readonly number: number;
  readonly name: string | undefined;
  /** Indices of its streams. */
  readonly streams: readonly number[];
}

export interface VideoInfo extends ColorInfo, HdrInfo, Orientation, FieldInfo {
  readonly path: string;
  /** How FFmpeg opens it. */
  readonly source: InputSource;
  /** The index of the video stream in the file. */
  readonly index: number;
  readonly codec: string;
  /** The decoder that must be used; FFmpeg's default where it is undefined. */
  readonly decoder: string | undefined;
  /** Size of the decoded frames, upright. */
  readonly width: number;
  readonly height: number;
  /** Width of a pixel over its height, upright; 1/1 where the file does not say. */
  readonly sampleAspectRatio: Rational;
  /** Whether the first frames carry closed captions (CEA-608 or 708 by ATSC A/53). */
  readonly captions: boolean;
  /** The file's pixel format, as FFmpeg names it. */
  readonly pixelFormat: string;
  /** The format that frames are decoded to; undefined where there is none. */
  readonly frameFormat: NativePixelFormat | undefined;
  /** Whether the decoder converts to it: depth or chroma layout, never the matrix or the range. */
  readonly converted: boolean;
  /** Whether every code value of the file can be recovered from the frames. */
  readonly lossless: boolean;
  /** Where chroma samples lie, upright. */
  readonly chromaLocation: NativeChromaLocation;
  /** The rate where it is constant, else the mean. */
  readonly frameRate: Rational;
  /** Whether frames come at a constant rate, by the file's own description. */
  readonly constantRate: boolean;
  /** Whether frames are timed by counting at that rate, because the file has no timestamps. */
  readonly counted: boolean;
  readonly timeBase: Rational;
  /** Seconds; undefined where the file does not say. */
  readonly duration: number | undefined;
  /** From the file, else from duration and frame rate; undefined where neither is known. */
  readonly frameCount: number | undefined;
  /** Seconds at which the file starts; times are counted from there. */
  readonly startTime: number;
  /** Seconds at which the first frame is shown, on the same clock. */
  readonly videoStart: number;
  /** Where the clock of a recording jumped; all other times are without the jumps. */
  readonly clockJumps: readonly ClockJump[];
  /** Whether it arrives at its own pace and can be read only once. */
  readonly live: boolean;
  readonly container: string;
  /** All streams of the file in order, including unused ones. */
  readonly streams: readonly StreamInfo[];
  readonly programs: readonly Program[];
  readonly dolbyVision: DolbyVision | undefined;
  /** The usable audio of the chosen video: that of its program, or the requested streams. */
  readonly audio: readonly AudioStream[];
  readonly subtitles: readonly OtherStream[];
  /** Other streams: telemetry, timecodes. */
  readonly data: readonly OtherStream[];
  /** Cover pictures. */
  readonly covers: readonly PictureStream[];
  /** Attached files, such as fonts. */
  readonly attachments: readonly AttachedFile[];
  readonly timecode: FileTimecode | undefined;
  /** Tags of the video stream. */
  readonly language: string | undefined;
  readonly title: string | undefined;
  /** What is assumed, approximated or ignored in reading the frames. */
  readonly warnings: readonly string[];
}

/** What a video file holds. */
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

/** Containers that are none: bare coded pictures without times. */
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
  /** The decoder that has to be used; FFmpeg's choice where it is undefined. */
  readonly decoder: string | undefined;
  /** Size of the frames as they are decoded, upright. */
  readonly width: number;
  readonly height: number;
  /** Width of a pixel over its height, upright; 1/1 where the file does not say. */
  readonly sampleAspectRatio: Rational;
  /** Whether the first frames bring closed captions (CEA-608 or 708 as ATSC A/53 carries them). */
  readonly captions: boolean;
  /** The file's pixel format, as FFmpeg names it. */
  readonly pixelFormat: string;
  /** The format frames travel in; undefined where there is none. */
  readonly frameFormat: NativePixelFormat | undefined;
  /** Whether the decoder converts to it: bits or chroma layout, never the matrix or the range. */
  readonly converted: boolean;
  /** Whether every code value of the file can be told from the frames. */
  readonly lossless: boolean;
  /** Where chroma samples lie, upright. */
  readonly chromaLocation: NativeChromaLocation;
  /** The rate where it is constant, else the mean. */
  readonly frameRate: Rational;
  /** Whether frames come at a constant rate, as far as the file says. */
  readonly constantRate: boolean;
  /** Whether frames are counted at that rate, whatever times they came with. */
  readonly counted: boolean;
  readonly timeBase: Rational;
  /** Seconds; undefined where the file does not say. */
  readonly duration: number | undefined;
  /** As the file says, else from duration and frame rate; undefined where neither is known. */
  readonly frameCount: number | undefined;
  /** Seconds at which the file starts; times are counted from there. */
  readonly startTime: number;
  /** Seconds at which the first frame is shown, on the same clock. */
  readonly videoStart: number;
  /** Where the clock of a recording jumped; all other times are those of one that goes on. */
  readonly clockJumps: readonly ClockJump[];
  /** Whether it comes at its own pace: what has passed cannot be had again. */
  readonly live: boolean;
  readonly container: string;
  /** Everything that the file holds, in its order, what is not used too. */
  readonly streams: readonly StreamInfo[];
  readonly programs: readonly Program[];
  readonly dolbyVision: DolbyVision | undefined;
  /** Streams that go with the chosen video: those of its program, or the audio that was asked for, as far as they can be used. */
  readonly audio: readonly AudioStream[];
  readonly subtitles: readonly OtherStream[];
  /** Streams that are none of these: telemetry, time codes. */
  readonly data: readonly OtherStream[];
  /** Pictures that stand for the file. */
  readonly covers: readonly PictureStream[];
  /** Files within the file, such as fonts. */
  readonly attachments: readonly AttachedFile[];
  readonly timecode: FileTimecode | undefined;
  /** Tags of the video stream. */
  readonly language: string | undefined;
  readonly title: string | undefined;
  /** What is assumed, approximated or ignored when frames are read. */
  readonly warnings: readonly string[];
}

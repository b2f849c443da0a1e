/** The declaration of an encoder, and options that several of them share. */
import type { NativeChromaLocation, NativeMatrix, NativeRange } from '../../../native/plan.ts';
import type { NumericParameter } from '../../../schema/numeric.ts';
import type { Parameters } from '../../../schema/parameter.ts';
import type { HdrInfo } from '../../format/hdr.ts';
import type { InterlacedOrder } from '../../format/interlace.ts';
import type { Rational } from '../../format/rational.ts';

/** One of two times that frames are encoded. */
export interface EncoderPass {
  readonly number: 1 | 2;
  /** Where the log of the first is: a path, to which encoders add. */
  readonly log: string;
}

/** What is known before anything is started. */
export interface EncoderNeeds {
  /** Options of the row, complete and checked. */
  readonly options: Readonly<Record<string, unknown>>;
  /** libavcodec's major version: 58 is FFmpeg 4, 59 is 5. */
  readonly libavcodec: number;
  readonly width: number;
  readonly height: number;
}

/** What an encoder's arguments depend on besides. */
export interface EncodeContext extends EncoderNeeds {
  /** Frames go to the encoder in this format, as FFmpeg names it. */
  readonly pixelFormat: string;
  readonly hdr: HdrInfo;
  readonly chromaLocation: NativeChromaLocation | undefined;
  /** Of frames that are interlaced. */
  readonly fieldOrder?: InterlacedOrder | undefined;
  readonly pass?: EncoderPass | undefined;
}

/** What an encoder takes beside FFmpeg's options, as `-x264-params`. */
export interface PrivateParameters {
  /** Our option. */
  readonly option: string;
  /** FFmpeg's option. */
  readonly flag: string;
  /** The parameters that framelane sets itself. */
  readonly own?: (context: EncodeContext) => readonly string[];
  /** Those that are an option of ours, by their name. */
  readonly taken?: Readonly<Record<string, string>>;
  /** What silences the library's log, for a trial. */
  readonly quiet?: readonly string[];
}

export interface EncoderDeclaration {
  /** One sentence. */
  readonly doc: string;
  /** FFmpeg's name of the codec that it writes. */
  readonly codec: string;
  readonly parameters: Parameters;
  /** Options that cannot be given together. */
  readonly exclusive?: readonly (readonly string[])[];
  /** Options that need another one. */
  readonly needs?: Readonly<Record<string, string>>;
  /** FFmpeg's options beyond those of `flags`. An option must not be in both. */
  readonly args?: (context: EncodeContext) => readonly string[];
  /** Parameters that its library takes as text, `name=value` between colons. */
  readonly params?: PrivateParameters;
  /** A filter graph between the frames and the encoder: from [in] to [out]. */
  readonly graph?: (context: EncodeContext) => string;
  /** FFmpeg's global options, for a device. */
  readonly deviceArgs?: (context: EncodeContext) => readonly string[];
  /**
   * `playback`: RGB becomes YUV 4:2:0, what players play. `rgb`: YUV becomes RGB, because the format has no tags for YUV.
   * Without it frames stay in their family where the encoder takes it.
   */
  readonly family?: 'playback' | 'rgb';
  /** The formats it is sent, by its options, where FFmpeg lists others (surfaces, palettes) or too many. */
  readonly pixelFormats?: (options: EncodeContext['options']) => readonly string[];
  /** Containers that keep its alpha; all of them by default. */
  readonly alphaIn?: readonly string[];
  /** The finest clock it takes; any by default. */
  readonly finestTick?: Rational;
  /** The only colours the format can have. */
  readonly color?: {
    readonly matrix: NativeMatrix;
    readonly range: NativeRange;
    readonly chromaLocation: NativeChromaLocation;
  };
  /** Whether it can code the fields of interlaced frames. */
  readonly fields?: true;
  /** Whether FFmpeg can give it mastering display and content light level. */
  readonly lightLevels?: true;
  /** Why this build of the encoder cannot fulfil a request: `option: reason`. */
  readonly lacks?: (request: EncoderNeeds) => string | undefined;
  /** What to check if FFmpeg lists it but it does not start. */
  readonly remedy?: string;
}

/** FFmpeg's option for an option of ours. */
export const flags: Readonly<Record<string, string>> = {
  crf: '-crf',
  preset: '-preset',
  tune: '-tune',
  profile: '-profile:v',
  bitrate: '-b:v',
  maxrate: '-maxrate:v',
  bufsize: '-bufsize:v',
  gop: '-g',
  bframes: '-bf',
  threads: '-threads:v',
  cpuUsed: '-cpu-used',
  deadline: '-deadline',
};

/** FFmpeg's generic options for two passes. */
export const passArgs = ({ pass }: EncodeContext): string[] =>
  pass === undefined ? [] : ['-pass:v:0', String(pass.number), '-passlogfile:v:0', pass.log];

type Numeric = Omit<NumericParameter, 'kind' | 'doc' | 'optional'>;

export const optionalInteger = <const S extends Numeric>(doc: string, spec: S) => ({
  kind: 'integer' as const,
  doc,
  ...spec,
  optional: true as const,
});

export const optionalNumber = <const S extends Numeric>(doc: string, spec: S) => ({
  kind: 'number' as const,
  doc,
  ...spec,
  optional: true as const,
});

export const optionalChoice = <const V extends readonly string[]>(values: V, doc: string) => ({
  kind: 'enum' as const,
  values,
  doc,
  optional: true as const,
});

export const optionalSwitch = (doc: string) => ({
  kind: 'boolean' as const,
  doc,
  optional: true as const,
});

const bits = { min: 1000, max: 2_000_000_000, unit: 'bits/s' } as const;

export const bitrate = optionalInteger('Average bits per second.', bits);
export const maxrate = optionalInteger('Maximum bits per second, measured over `bufsize`.', bits);
export const bufsize = optionalInteger('Size of the rate buffer; 2 s of `maxrate` by default.', {
  min: 1000,
  max: 2_000_000_000,
  unit: 'bits',
});
export const twoPass = optionalSwitch(
  'Encode in two passes: the first measures where bits are needed. Decodes the input twice.',
);
export const rateControl = { bitrate, maxrate, bufsize } as const;

export const params = (library: string) => ({
  kind: 'text' as const,
  doc: `Further parameters of ${library}, by its own names.`,
  expects: 'parameters as name=value:name=value',
  optional: true as const,
});

export const gop = optionalInteger('Maximum frames between key frames.', { min: 1, max: 100_000 });
export const bframes = optionalInteger('Maximum consecutive B-frames.', { min: 0, max: 16 });
export const threads = optionalInteger('Threads; 0 lets the encoder choose.', { min: 0, max: 256 });

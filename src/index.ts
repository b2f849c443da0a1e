export {
  type Batch,
  type BatchFile,
  type BatchOptions,
  type BatchProgress,
  type BatchResult,
  runBatch,
} from './batch/batch.ts';
export type { Color, Rgba } from './color.ts';
export { loadLut } from './cube-file.ts';
export {
  type DeviceId,
  type DeviceOption,
  deviceInfo,
  deviceSync,
  listDevices,
  type MemoryUsage,
  memoryUsage,
  resolveDevice,
  setMemoryBudget,
  trimMemory,
} from './device.ts';
export type { CopyOptions } from './display/copy-options.ts';
export type { GL, GLObject } from './display/gl.ts';
export { GLResource, type GLResourceOptions } from './display/gl-resource.ts';
export { GLTexture, type GLTextureOptions } from './display/gl-texture.ts';
export {
  listProviders,
  type OpenWindowOptions,
  openWindow,
  type ProviderStatus,
} from './display/provider.ts';
export type { GLWindow, ProviderName, WindowEvent, WindowOptions } from './display/window.ts';
export { type ErrorCode, errorCodes, FramelaneError } from './errors.ts';
export { type FrameShape, frameBytes } from './frame-shape.ts';
export type { GLReference } from './gl-reference.ts';
export { apply, type Buffers } from './image/apply.ts';
export {
  type CanvasLike,
  type FromSharpOptions,
  fromCanvas,
  fromSharp,
  type ImageDataLike,
  toImageData,
  toSharp,
} from './image/bridges.ts';
export type { ImageInfo } from './image/decode.ts';
export { encode } from './image/encode.ts';
export type { EncodeOptions, ImageMetadata } from './image/encode-options.ts';
export type { Samples } from './image/float-bytes.ts';
export type { ImageFormat, WritableFormat } from './image/formats.ts';
export { Adjust, Blend, Effect, Fill, Filter, Measure, Resize, Transform } from './image/groups.ts';
export type { TextureSource } from './image/image.ts';
export { type AnyImage, Image, type ImageOptions, ImageU8, isImage } from './image/image.ts';
export {
  imageInfo,
  type LoadOptions,
  type LoadU8Options,
  load,
  loadU8,
  type ReadOptions,
} from './image/load.ts';
export type { Colorspace } from './image/pixels.ts';
export { fromRaw, type RawPixels } from './image/raw.ts';
export { type SaveOptions, save } from './image/save.ts';
export type { FileSource } from './image/source.ts';
export type { ReadTextureOptions } from './image/texture.ts';
export {
  convertFloatToU8,
  convertU8ToFloat,
  copy,
  type DownloadOptions,
  download,
  downloadAsync,
  pinnedSamples,
  type Region,
  type UploadOptions,
  upload,
  uploadAsync,
} from './image/transfer.ts';
export { pipelineSchema } from './json-schema.ts';
export { Lut, type LutData } from './lut.ts';
export type {
  CacheCount,
  DeviceInfo,
  DeviceList,
  Latency,
  MemoryCount,
  OutputStats,
} from './native.ts';
export type {
  ChannelStatistics,
  FrameResult,
  Histogram,
  ResultOf,
  Statistics,
} from './native-results.ts';
export { type OpName, type OptionsOf, ops, type Stage, type StageInput } from './ops/index.ts';
export { type Pipeline, pipeline } from './pipeline.ts';
export { readPipeline, type VariableValues } from './pipeline-file.ts';
export {
  type CompileOptions,
  compilePlan,
  type PreparedStages,
  prepareStages,
} from './plan.ts';
export type { GeneratedInput } from './preview/generated.ts';
export type { Command } from './preview/keys.ts';
export { Player } from './preview/player.ts';
export type { PlayerOptions, PlayerStats, ShownFrame } from './preview/player-options.ts';
export type {
  DrawnFrame,
  PreviewEvents,
  PreviewOptions,
  WindowPixels,
} from './preview/preview-options.ts';
export { PreviewWindow } from './preview/preview-window.ts';
export type { ImageReference, ImageSource } from './schema/image.ts';
export type { LutSource } from './schema/lut.ts';
export type { TextCacheUsage } from './text/cache.ts';
export type { TextStyle } from './text/options.ts';
export { Text, type TextIntoOptions, type TextOptions } from './text/text.ts';
export { isToneMapped, type SourceInfo } from './tone-mapping.ts';
export { type ContainerName, containers } from './video/container.ts';
export { type EncoderName, encoders } from './video/encoders/index.ts';
export type { EncoderOptions, OutputOptions } from './video/encoding.ts';
export type { OutputPixelFormat } from './video/frame-format.ts';
export { squarePixelSize } from './video/geometry.ts';
export type { ContentLight, HdrInfo, MasteringDisplay } from './video/hdr.ts';
export type { InputOptions, SectionOptions } from './video/input-options.ts';
export type { SessionOptions, SessionOutputOptions } from './video/options.ts';
export {
  type AudioStream,
  type CopiedStream,
  type ProbeOptions,
  type Program,
  probe,
  type StreamInfo,
  type VideoInfo,
} from './video/probe.ts';
export type { FrameRate, Rational } from './video/rational.ts';
export { VideoReader, type VideoReaderOptions } from './video/reader.ts';
export type { SharedOptions } from './video/run-options.ts';
export { runSession, type Session } from './video/session.ts';
export type { ChangeOptions } from './video/session-changes.ts';
export type {
  OutputResult,
  SessionProgress,
  SessionResult,
  SessionStart,
  SessionStats,
} from './video/session-report.ts';
export type { FrameResults } from './video/session-results.ts';
export type { StreamChoice } from './video/stream-choice.ts';
export type { StreamSpecifier } from './video/stream-specifier.ts';
export { VideoWriter, type VideoWriterOptions } from './video/writer.ts';

export {
  type Batch,
  type BatchFile,
  type BatchOptions,
  type BatchProgress,
  type BatchResult,
  runBatch,
} from './batch/batch.ts';
export type {
  BooleanParam,
  ColorParam,
  EnumParam,
  KernelOpDefinition,
  NumberParam,
  OpDefinition,
  OpParam,
  OpParams,
  StencilOpDefinition,
} from './custom/definition.ts';
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
export { type ErrorCode, errorCodes, FramelaneError } from './errors/errors.ts';
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
export {
  defineKernelOp,
  defineOp,
  defineStencilOp,
  type PixelOp,
  type StencilOp,
} from './image/define-op.ts';
export { encode } from './image/encode.ts';
export type { EncodeOptions, ImageMetadata } from './image/encode-options.ts';
export type { Samples } from './image/float-bytes.ts';
export type { ImageFormat, WritableFormat } from './image/formats.ts';
export { type FrameShape, frameBytes } from './image/frame-shape.ts';
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
export type { OnStream, StreamReference } from './image/on-stream.ts';
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
export type {
  CudaArrayDescriptor,
  CudaArraySource,
} from './interop/array-interface.ts';
export type { DeviceArray } from './interop/array-view.ts';
export { CudaBuffer, type CudaBufferOptions, type FromCudaOptions } from './interop/buffer.ts';
export {
  type CompileCudaOptions,
  type CompileForOptions,
  type CudaCode,
  compileCuda,
  compileCudaAsync,
} from './interop/compile.ts';
export { type CopyToTensorOptions, copyToImage, copyToTensor } from './interop/convert.ts';
export {
  DLPackCapsule,
  type DLPackOptions,
  type DLPackSource,
  type DLPackVersion,
  fromDLPack,
  toDLPack,
} from './interop/dlpack.ts';
export type { DType, DTypeName, TypedArray } from './interop/dtype.ts';
export { Event, type EventOptions } from './interop/event.ts';
export { asTensor, planesOf, toImage } from './interop/images.ts';
export { fromIpc, type IpcHandle, ipcHandle } from './interop/ipc.ts';
export { Kernel, type KernelAttributes } from './interop/kernel.ts';
export {
  type ArgumentValue,
  bool,
  type CudaMemory,
  devicePointer,
  f32,
  f64,
  i8,
  i16,
  i32,
  i64,
  type KernelArgument,
  struct,
  u8,
  u16,
  u32,
  u64,
} from './interop/kernel-argument.ts';
export { type Extent, gridFor, type LaunchOptions } from './interop/launch.ts';
export {
  type ArrayPart,
  type DeviceCopyOptions,
  type HostCopyOptions,
  memcpyDtoD,
  memcpyDtoDAsync,
  memcpyDtoH,
  memcpyDtoHAsync,
  memcpyHtoD,
  memcpyHtoDAsync,
} from './interop/memcpy.ts';
export { Module, type ModuleLoadOptions, type ModuleOptions } from './interop/module.ts';
export { ModuleGlobal } from './interop/module-global.ts';
export { Stream, type StreamOptions } from './interop/stream.ts';
export { Tensor, type TensorOptions } from './interop/tensor.ts';
export { loadLut } from './lut/cube-file.ts';
export { Lut, type LutData } from './lut/lut.ts';
export type { CacheCount, DeviceInfo, DeviceList, MemoryCount } from './native/devices.ts';
export type { GLReference } from './native/gl-reference.ts';
export type { CudaArrayInterface } from './native/interop.ts';
export type { Latency, OutputStats } from './native/media.ts';
export type {
  ChannelStatistics,
  FrameResult,
  Histogram,
  ResultOf,
  Statistics,
} from './native/results.ts';
export { type OpName, type OptionsOf, ops, type Stage, type StageInput } from './ops/index.ts';
export type { DefinedOp } from './ops/registry.ts';
export { readPipeline, type VariableValues } from './pipeline/file.ts';
export { pipelineSchema } from './pipeline/json-schema.ts';
export { type Pipeline, pipeline } from './pipeline/pipeline.ts';
export { isToneMapped, type SourceInfo } from './pipeline/tone-mapping.ts';
export {
  type CompileOptions,
  compilePlan,
  type PreparedStages,
  prepareStages,
} from './plan.ts';
export type { Command } from './preview/hud/keys.ts';
export type { GeneratedInput } from './preview/player/generated.ts';
export type { PlayerOptions, PlayerStats, ShownFrame } from './preview/player/options.ts';
export { Player } from './preview/player/player.ts';
export type {
  DrawnFrame,
  PreviewEvents,
  PreviewOptions,
  WindowPixels,
} from './preview/window/options.ts';
export { PreviewWindow } from './preview/window/preview-window.ts';
export type { Color, Rgba } from './schema/color-value.ts';
export type { ImageReference, ImageSource } from './schema/image.ts';
export type { LutSource } from './schema/lut.ts';
export type { TextCacheUsage } from './text/cache.ts';
export type { TextStyle } from './text/options.ts';
export { Text, type TextIntoOptions, type TextOptions } from './text/text.ts';
export { type ContainerName, containers } from './video/format/container.ts';
export type { OutputPixelFormat } from './video/format/frame-format.ts';
export { squarePixelSize } from './video/format/geometry.ts';
export type { ContentLight, HdrInfo, MasteringDisplay } from './video/format/hdr.ts';
export type { FrameRate, Rational } from './video/format/rational.ts';
export type { StreamSpecifier } from './video/format/stream-specifier.ts';
export type { InputOptions, SectionOptions } from './video/input/options.ts';
export {
  type AudioStream,
  type CopiedStream,
  type ProbeOptions,
  type Program,
  probe,
  type StreamInfo,
  type VideoInfo,
} from './video/input/probe.ts';
export { VideoReader, type VideoReaderOptions } from './video/input/reader.ts';
export type { SharedOptions } from './video/input/run-options.ts';
export type { StreamChoice } from './video/input/stream-choice.ts';
export { type EncoderName, encoders } from './video/output/encoders/index.ts';
export type { EncoderOptions, OutputOptions } from './video/output/encoding.ts';
export { VideoWriter, type VideoWriterOptions } from './video/output/writer.ts';
export type { ChangeOptions } from './video/session/changes.ts';
export type { SessionOptions, SessionOutputOptions } from './video/session/options.ts';
export type {
  OutputResult,
  SessionProgress,
  SessionResult,
  SessionStart,
  SessionStats,
} from './video/session/report.ts';
export type { FrameResults } from './video/session/results.ts';
export { runSession, type Session } from './video/session/session.ts';

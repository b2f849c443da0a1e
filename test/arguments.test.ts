/** Every call of the package with arguments of the wrong kind, and with options that are misspelt. */
import { join } from 'node:path';
import * as framelane from 'framelane';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from './helpers/files.ts';

const {
  apply,
  asTensor,
  CudaBuffer,
  memcpyDtoD,
  memcpyDtoDAsync,
  memcpyDtoH,
  memcpyDtoHAsync,
  memcpyHtoD,
  memcpyHtoDAsync,
  Tensor,
  toImage,
  compilePlan,
  defineKernelOp,
  defineOp,
  defineStencilOp,
  download,
  downloadAsync,
  Event,
  encode,
  FramelaneError,
  fromRaw,
  GLResource,
  GLTexture,
  Image,
  ImageU8,
  imageInfo,
  Lut,
  load,
  loadLut,
  loadU8,
  openWindow,
  Player,
  PreviewWindow,
  pinnedSamples,
  pipeline,
  prepareStages,
  probe,
  readPipeline,
  runBatch,
  runSession,
  save,
  Stream,
  setMemoryBudget,
  Text,
  toSharp,
  upload,
  uploadAsync,
  VideoReader,
  VideoWriter,
} = framelane;

type Call = (...args: never[]) => unknown;

const folder = temporaryFolder('arguments');
const image = new Image(2, 2, { device: 'cpu' });
const bytes = new ImageU8(2, 2, { device: 'cpu' });
const rgba = { format: 'rgba8', width: 4, height: 4 };
const samples = new Float32Array(16);
const buffer = new CudaBuffer([2, 2, 4], 'float32', { device: 'cpu' });
const tensor = asTensor(image);
const nowhere = join(folder, 'none.mp4');
const output = join(folder, 'out.mp4');
const picture = join(folder, 'out.png');
const size = { width: 16, height: 16, frameRate: 25 };

afterAll(() => {
  image.free();
  bytes.free();
});

/** A call as it is meant; each of its arguments is exchanged for what it is not. */
const calls: Readonly<Record<string, [call: Call, ...args: readonly unknown[]]>> = {
  apply: [apply, pipeline(), image, { dst: image }],
  compilePlan: [compilePlan, pipeline(), rgba, { device: 'cpu' }],
  download: [download, image, { as: 'u8' }],
  downloadAsync: [downloadAsync, image, { as: 'u8' }],
  encode: [encode, image, 'png', { effort: 1 }],
  fromRaw: [fromRaw, { data: samples, width: 2, height: 2, channels: 4 }, { device: 'cpu' }],
  imageInfo: [imageInfo, nowhere, { page: 0 }],
  load: [load, nowhere, { page: 0 }],
  loadLut: [loadLut, nowhere],
  loadU8: [loadU8, nowhere, { page: 0 }],
  openWindow: [openWindow, { provider: 'headless', width: 4, height: 4 }],
  'new Stream': [construct(Stream), { device: 'cpu' }],
  'new CudaBuffer': [construct(CudaBuffer), [2, 2], 'float32', { device: 'cpu' }],
  'new Tensor': [construct(Tensor), [2, 2], 'float32', { device: 'cpu' }],
  asTensor: [asTensor, image],
  toImage: [toImage, tensor],
  memcpyHtoD: [memcpyHtoD, buffer, new Float32Array(16)],
  memcpyDtoH: [memcpyDtoH, new Float32Array(16), buffer],
  memcpyDtoD: [memcpyDtoD, buffer, buffer],
  memcpyHtoDAsync: [memcpyHtoDAsync, buffer, new Float32Array(16)],
  memcpyDtoHAsync: [memcpyDtoHAsync, new Float32Array(16), buffer],
  memcpyDtoDAsync: [memcpyDtoDAsync, buffer, buffer],
  pinnedSamples: [pinnedSamples, image, 'f32'],
  pipeline: [pipeline, []],
  prepareStages: [prepareStages, pipeline(), 'cpu', { transfer: 'bt709' }],
  probe: [probe, nowhere, { inputTimeout: 1 }],
  readPipeline: [readPipeline, nowhere, { strength: 1 }],
  runBatch: [runBatch, pipeline(), [nowhere], picture, { device: 'cpu' }],
  runSession: [runSession, pipeline(), nowhere, output, { device: 'cpu' }],
  'runSession, several': [runSession, pipeline(), nowhere, [{ path: output }], { device: 'cpu' }],
  save: [save, image, picture, { overwrite: true }],
  setMemoryBudget: [setMemoryBudget, { device: 0 }, 'cpu'],
  toSharp: [toSharp, image, { depth: 8 }],
  upload: [upload, image, samples, { region: undefined }],
  uploadAsync: [uploadAsync, image, samples],
  'new GLResource': [construct(GLResource), 1, { device: 'cpu' }],
  'new GLTexture': [construct(GLTexture), 1, { device: 'cpu' }],
  'new Event': [construct(Event), { device: 'cpu' }],
  'new Image': [construct(Image), 2, 2, { device: 'cpu' }],
  'new ImageU8': [construct(ImageU8), 2, 2, { device: 'cpu' }],
  'new Lut': [construct(Lut), { size: 2, entries: new Float32Array(24) }],
  'new Player': [construct(Player), nowhere],
  'new PreviewWindow': [construct(PreviewWindow), nowhere],
  'new VideoReader': [construct(VideoReader), nowhere],
  'new VideoWriter': [construct(VideoWriter), output],
  defineOp: [defineOp, { name: 'given', pixel: 'c = c' }],
  defineKernelOp: [defineKernelOp, { name: 'launched', kernel: '__global__ void launched() {}' }],
  'defineOp, its name': [(name: never) => defineOp({ name, pixel: 'c = c' }), 'given'],
  'defineOp, its text': [(pixel: never) => defineOp({ name: 'texts', pixel }), 'c = c'],
  'defineOp, its options': [
    (params: never, primary: never, doc: never) =>
      defineOp({ name: 'options', params, primary, doc, pixel: 'c = c' }),
    ...[{ a: { type: 'number' } }, 'a', 'Does nothing.'],
  ],
  'defineOp, an option': [
    (type: never, fallback: never, min: never, values: never) =>
      defineOp({
        name: 'option',
        params: { a: { type, default: fallback, min, values } },
        pixel: 'c = c',
      }),
    ...['number', 1, 0, undefined],
  ],
  'defineOp, a call': [
    defineOp({
      name: 'called',
      primary: 'a',
      params: { a: { type: 'number' }, b: { type: 'color', default: '#fff' } },
      pixel: 'c.r = a + b.r',
    }),
    ...[image, 0.5, { b: '#000' }],
  ],
  defineStencilOp: [defineStencilOp, { name: 'stencil', radius: 1, pixel: 'c = c' }],
  'defineStencilOp, its radius': [
    (radius: never) => defineStencilOp({ name: 'reaches', radius, pixel: 'c = at(1, 0)' }),
    1,
  ],
  'pipeline.op': [(op: never, options: never) => pipeline().op(op, options), 'called', { a: 1 }],
  'image.copyFromTexture': [image.copyFromTexture.bind(image), 1, { flipY: true }],
  'image.resize': [image.resize.bind(image), 2, 2],
  'Player.open': [Player.open, nowhere, { device: 'cpu' }],
  'PreviewWindow.open': [PreviewWindow.open, nowhere, { device: 'cpu' }],
  'Text.create': [Text.create, 'x', { size: 10 }],
  'VideoReader.open': [VideoReader.open, nowhere, { device: 'cpu' }],
  'VideoWriter.open': [VideoWriter.open, output, { ...size, device: 'cpu' }],
};

function construct(Class: unknown): Call {
  return (...args) => Reflect.construct(Class as new () => unknown, args);
}

const wrong: readonly unknown[] = [
  ...[null, 5, Number.NaN, -1, 1e300, '', 'x', 'a\0b', true, Symbol('s'), 10n, () => {}],
  ...[{}, [], [null], new Date(), new Float32Array(3), Object.create(null), Object(Symbol('s'))],
  ...[
    { length: 1e9 },
    { stages: 5 },
    { stages: [null] },
    { width: -1 },
    { path: 5 },
    new Proxy({}, {}),
  ],
];

interface Working {
  readonly finished?: Promise<unknown>;
  abort?(): void;
  free?(): void;
}

/** What a call comes to: its error, if it has one. */
async function outcome(call: Call, args: readonly unknown[]): Promise<unknown> {
  try {
    const result = (await call(...(args as never[]))) as Working | undefined;
    await result?.finished;
    if (result !== image && result !== bytes) result?.free?.();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe.each(Object.entries(calls))('%s', (_, [call, ...args]) => {
  it('takes arguments of the wrong kind, or throws a FramelaneError that is no accident', async () => {
    for (const at of args.keys()) {
      for (const value of wrong) {
        const error = await outcome(call, args.with(at, value));
        const what = `argument ${at}: ${typeof value} ${JSON.stringify(value, replacer)}: ${String(error)}`;
        if (error !== undefined) expect(error, what).toBeInstanceOf(FramelaneError);
        expect((error as { code?: string } | undefined)?.code, what).not.toBe('ERR_INTERNAL');
      }
    }
  });
});

function replacer(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

const misspelt: Readonly<Record<string, [call: Call, args: readonly unknown[], hint: string]>> = {
  'new Image': [construct(Image), [2, 2, { devcie: 'cpu' }], 'device'],
  'new ImageU8': [construct(ImageU8), [2, 2, { devcie: 'cpu' }], 'device'],
  'new Event': [construct(Event), [{ timming: true }], 'timing'],
  'new GLResource': [construct(GLResource), [1, { devcie: 'cpu' }], 'device'],
  'new GLTexture': [construct(GLTexture), [1, { widht: 1 }], 'width'],
  'new Stream': [construct(Stream), [{ priorty: 'high' }], 'priority'],
  'image.copyFromTexture': [image.copyFromTexture.bind(image), [1, { flipy: true }], 'flipY'],
  apply: [apply, [pipeline(), image, { dest: image }], 'dst'],
  compilePlan: [compilePlan, [pipeline(), rgba, { planer: true }], 'planar'],
  'compilePlan, shape': [compilePlan, [pipeline(), { ...rgba, hieght: 4 }], 'height'],
  imageInfo: [imageInfo, [nowhere, { pagee: 0 }], 'page'],
  load: [load, [nowhere, { autorotat: true }], 'autorotate'],
  openWindow: [openWindow, [{ provider: 'headless', widht: 4, height: 4 }], 'width'],
  probe: [probe, [nowhere, { inputTimeuot: 1 }], 'inputTimeout'],
  runBatch: [runBatch, [pipeline(), nowhere, picture, { concurency: 2 }], 'concurrency'],
  runSession: [runSession, [pipeline(), nowhere, output, { crff: 20 }], 'crf'],
  'runSession, several': [
    runSession,
    [pipeline(), nowhere, [{ path: output, crff: 20 }]],
    'outputs[0].crff',
  ],
  'runSession, shared': [
    runSession,
    [pipeline(), nowhere, [{ path: output }], { devcie: 'cpu' }],
    'device',
  ],
  save: [save, [image, picture, { overwrit: true }], 'overwrite'],
  setMemoryBudget: [setMemoryBudget, [{ devcie: 1 }], 'device'],
  upload: [upload, [image, samples, { regoin: undefined }], 'region'],
  'Player.open': [Player.open, [nowhere, { formt: 'rgba' }], 'format'],
  'PreviewWindow.open': [PreviewWindow.open, [nowhere, { lopp: true }], 'loop'],
  'Text.create': [Text.create, ['x', { szie: 10 }], 'size'],
  'VideoReader.open': [VideoReader.open, [nowhere, { form: 1 }], 'from'],
  'VideoWriter.open': [VideoWriter.open, [output, { ...size, alhpa: true }], 'alpha'],
};

it.each(Object.entries(misspelt))(
  '%s: a misspelt option is told, with the one that is meant',
  async (_, row) => {
    const [call, args, hint] = row;
    const error = await outcome(call, args);
    expect(error).toMatchObject({ code: 'ERR_INVALID_OPTION' });
    expect((error as Error).message).toContain(hint);
  },
);

it('every exported function and class has a row here, or nothing that can be wrong', () => {
  const harmless = ['FramelaneError', 'listDevices', 'listProviders', 'pipelineSchema', 'isImage'];
  const elsewhere = [
    ...['convertFloatToU8', 'convertU8ToFloat', 'copy', 'deviceInfo', 'deviceSync', 'frameBytes'],
    ...[
      'fromCanvas',
      'fromSharp',
      'isToneMapped',
      'memoryUsage',
      'resolveDevice',
      'squarePixelSize',
    ],
    ...['toImageData', 'trimMemory'],
    // test/interop
    ...['compileCuda', 'compileCudaAsync', 'Kernel', 'Module', 'ModuleGlobal', 'devicePointer'],
    ...['bool', 'f32', 'f64', 'i8', 'i16', 'i32', 'i64', 'u8', 'u16', 'u32', 'u64', 'struct'],
    ...['fromIpc', 'ipcHandle', 'gridFor', 'planesOf'],
    ...['toDLPack', 'fromDLPack', 'DLPackCapsule', 'copyToImage', 'copyToTensor'],
  ];
  const functions = Object.entries(framelane).filter(([, value]) => typeof value === 'function');
  const rows = Object.keys(calls).map((name) => name.replace(/^new |\..*|, .*/g, ''));
  const missing = functions
    .map(([name]) => name)
    .filter((name) => ![...rows, ...harmless, ...elsewhere].includes(name));
  expect(missing).toEqual([]);
});

it.each([
  ['convertFloatToU8', framelane.convertFloatToU8, [bytes, image]],
  ['convertU8ToFloat', framelane.convertU8ToFloat, [image, bytes]],
  ['copy', framelane.copy, [image, image]],
  ['deviceInfo', framelane.deviceInfo, ['cpu']],
  ['deviceSync', framelane.deviceSync, ['cpu']],
  ['frameBytes', framelane.frameBytes, [rgba]],
  ['fromCanvas', framelane.fromCanvas, [{}, { device: 'cpu' }]],
  ['fromSharp', framelane.fromSharp, [{}, { device: 'cpu' }]],
  ['isToneMapped', framelane.isToneMapped, [[], { transfer: 'bt709' }]],
  ['memoryUsage', framelane.memoryUsage, ['cpu']],
  ['resolveDevice', framelane.resolveDevice, ['cpu']],
  [
    'squarePixelSize',
    framelane.squarePixelSize,
    [{ ...size, sampleAspectRatio: { num: 1, den: 1 } }],
  ],
  ['toImageData', framelane.toImageData, [image]],
  ['trimMemory', framelane.trimMemory, ['cpu']],
] as [string, Call, readonly unknown[]][])('%s: only FramelaneErrors', async (_, call, args) => {
  for (const at of args.keys()) {
    for (const value of wrong) {
      const error = await outcome(call, args.with(at, value));
      if (error !== undefined)
        expect(error, `${at}: ${typeof value}`).toBeInstanceOf(FramelaneError);
    }
  }
});

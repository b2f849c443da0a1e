// Makes docs/showcase.jpg, the README's picture: a frame of the clip, its right half through pipelines/showcase.json.
//
//   node samples/media/make-showcase.mjs
import {
  apply,
  Blend,
  Fill,
  Image,
  loadU8,
  pipeline,
  Resize,
  readPipeline,
  save,
  Transform,
  VideoReader,
} from 'framelane';

const path = (name) => new URL(`../../${name}`, import.meta.url).pathname;
const device = 'cpu';

const reader = await VideoReader.open(path('samples/media/clip.mp4'), { device, from: 6 });
const { width, height } = reader.info;
const frame = new Image(width, height, { device });
await reader.readInto(frame);
await reader.close();

const { stages } = await readPipeline(path('pipelines/showcase.json'));
const inMemory = stages.map(async (stage) =>
  stage.op === 'blend' ? { ...stage, source: await loadU8(stage.source.image, { device }) } : stage,
);
const graded = apply(pipeline(await Promise.all(inMemory)), frame);

const x = width / 2;
const right = Transform.crop(graded, { x, y: 0, width: width - x, height });
const line = new Image(3, height, { device });
Fill.color(line, [1, 1, 1, 0.9]);
Blend.normal(frame, right, { anchor: 'topRight' });
Blend.normal(frame, line, { anchor: 'topCenter' });
await save(Resize.lanczos(frame, { width: 1120 }), path('docs/showcase.jpg'), { quality: 88 });

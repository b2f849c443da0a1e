// You learn: rendering text to an image once and blending it over every frame.
//
//   npx tsc -p samples && node out/samples/08-titles.js [in.mp4] [out.mp4]
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Adjust, Blend, Image, Text, VideoReader, VideoWriter } from 'framelane';

const [input = 'samples/media/clip.mp4', output = 'out/titles.mp4'] = process.argv.slice(2);
mkdirSync(dirname(output), { recursive: true });

await using reader = await VideoReader.open(input);
const { width, height, frameRate } = reader.info;
const options = { width, height, frameRate, audioFrom: input, overwrite: true };
await using writer = await VideoWriter.open(output, options);

using title = await Text.create('<b>framelane</b> 🎬\n<small>titles in one blend</small>', {
  markup: true,
  size: height / 9,
  color: '#ffffff',
  background: '#00000080',
  padding: 8,
  align: 'center',
  as: 'f32',
});
using clock = new Image(width, height); // large enough for any time; takes its size from the text

using frame = new Image(width, height);
while (await reader.readInto(frame)) {
  const seconds = reader.timestamp.toFixed(1);
  await Text.create(`${seconds} s`, { font: 'mono', size: height / 14, color: '#ff0', dst: clock });
  Adjust.brightness(frame, -0.05);
  Blend.normal(frame, title, { anchor: 'center' });
  Blend.normal(frame, clock, { anchor: 'bottomRight', offsetX: -6, offsetY: -6 });
  await writer.write(frame, { timestamp: reader.timestamp });
}
await writer.close();

console.log(`${writer.frames} frames on ${reader.device} -> ${output}`);

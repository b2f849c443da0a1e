// You learn: looping over the frames of a video. One image is reused for all frames; the sound is copied.
//
//   npx tsc -p samples && node out/samples/02-video-loop.js [in.mp4] [out.mp4]
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Adjust, Effect, Image, VideoReader, VideoWriter } from 'framelane';

const [input = 'samples/media/clip.mp4', output = 'out/video-loop.mp4'] = process.argv.slice(2);
mkdirSync(dirname(output), { recursive: true });

await using reader = await VideoReader.open(input);
const { width, height, frameRate } = reader.info;
await using writer = await VideoWriter.open(output, {
  width,
  height,
  frameRate,
  audioFrom: input,
  overwrite: true,
});

using frame = new Image(width, height);
while (await reader.readInto(frame)) {
  Adjust.hue(frame, 40 * reader.timestamp);
  Effect.vignette(frame);
  await writer.write(frame, { timestamp: reader.timestamp });
}
await writer.close(); // without it, as after an error, the file is removed

console.log(`${writer.frames} frames on ${reader.device} -> ${output}`);

/** `npm run docs`: writes everything that is made from the tables, for whoever reads it and for editors. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { editorHelp } from '../../dist/ops/editor-help.js';
import { referenceMarkdown } from '../../dist/ops/reference.js';
import { pipelineSchema } from '../../dist/pipeline/json-schema.js';
import { encoderMarkdown } from '../../dist/video/output/encoder-reference.js';
import { roomsPicture } from './rooms.mjs';

const root = new URL('../../', import.meta.url);
const files = new Map([
  ...editorHelp(),
  ['docs/ops.md', referenceMarkdown()],
  ['docs/encoders.md', encoderMarkdown()],
  ['docs/rooms-src.svg', roomsPicture('src')],
  ['docs/rooms-native.svg', roomsPicture('native')],
  ['pipelines/schema/pipeline.schema.json', `${JSON.stringify(pipelineSchema(), null, 2)}\n`],
]);

for (const [path, text] of files) {
  const file = new URL(path, root);
  mkdirSync(dirname(file.pathname), { recursive: true });
  writeFileSync(file, text);
}

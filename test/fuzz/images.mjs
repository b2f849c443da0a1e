// Fuzzes the loaders of pictures and LUTs. Each file ends in an image or a FramelaneError, in time and without a crash; one that
// does not is kept, and its path printed. Arguments: seconds (60), seed (1); or the paths of files to try again.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeSeeds } from './image-seeds.mjs';
import { makeMutator, makeRandom } from './mutate.mjs';

const limit = { milliseconds: 20_000, bytes: 2 ** 31 };
const here = dirname(fileURLToPath(import.meta.url));
const found = join(here, '../../build/fuzz/images');
mkdirSync(found, { recursive: true });

let loader;
const startLoader = () =>
  fork(join(here, 'load-files.mjs'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });

/** What comes of one file; a loader that dies or hangs is replaced. */
async function tryFile(path) {
  loader ??= startLoader();
  const mine = loader;
  mine.send(path);
  const over = new AbortController();
  const options = { signal: over.signal };
  const late = setTimeout(() => mine.kill('SIGKILL'), limit.milliseconds);
  const began = performance.now();
  try {
    return await Promise.race([
      once(mine, 'message', options).then(([answer]) => answer),
      once(mine, 'exit', options).then(([code, signal]) => {
        loader = undefined;
        const hung = performance.now() - began >= limit.milliseconds;
        return { said: 'wrong', error: hung ? 'it takes too long' : `exit ${code ?? signal}` };
      }),
    ]);
  } finally {
    clearTimeout(late);
    over.abort();
  }
}

function problemOf({ said, error, memory }) {
  if (said === 'wrong') return error;
  return memory > limit.bytes ? `${Math.round(memory / 2 ** 20)} MiB of memory` : undefined;
}

async function retry(paths) {
  for (const path of paths) {
    const answer = await tryFile(path);
    console.log(`${path}: ${problemOf(answer) ?? answer.said}`);
    if (problemOf(answer)) process.exitCode = 1;
  }
}

const extensionOf = (name) => name.slice(name.lastIndexOf('.') + 1);

async function fuzz(seconds, seed) {
  const random = makeRandom(seed);
  const mutate = makeMutator(random);
  const seeds = Object.entries(await makeSeeds());
  const kinds = [...new Set(seeds.map(([name]) => extensionOf(name)))];
  const outcomes = {};
  const end = performance.now() + seconds * 1000;
  let count = 0;
  for (; performance.now() < end; count++) {
    const kind = kinds[count % kinds.length];
    const path = join(found, `current.${kind}`);
    const bytes = mutate(
      seeds.filter(([name]) => extensionOf(name) === kind).map(([, file]) => file),
    );
    writeFileSync(path, bytes);
    const answer = await tryFile(path);
    const problem = problemOf(answer);
    outcomes[answer.said] = (outcomes[answer.said] ?? 0) + 1;
    if (!problem) continue;
    const kept = join(found, `seed-${seed}-${count}.${kind}`);
    writeFileSync(kept, bytes);
    console.error(`${kept}: ${problem}\n  again: node test/fuzz/images.mjs ${kept}`);
    process.exitCode = 1;
    if (answer.memory > limit.bytes) loader?.kill();
  }
  console.log(`images: ${count} files from seed ${seed}: ${JSON.stringify(outcomes)}`);
}

const given = process.argv.slice(2);
if (given.some((argument) => existsSync(argument))) await retry(given);
else await fuzz(Number(given[0] ?? 60), Number(given[1] ?? 1));
loader?.kill();

// npm run fuzz: the reader of frames and the loaders of pictures, each for a minute, or for as many seconds as the argument says.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, root, run } from '../native/build.mjs';

const seconds = Number(process.argv[2] ?? 60);
const seed = Number(process.argv[3] ?? 1);
if (!(seconds > 0 && Number.isSafeInteger(seed))) {
  console.error('fuzz: expected seconds above 0 and an integer as seed');
  process.exit(2);
}
const found = join(root, 'build/fuzz');
const corpus = join(found, 'nut');
rmSync(corpus, { recursive: true, force: true }); // the same seed, the same inputs
mkdirSync(corpus, { recursive: true });
const program = join(build('fuzzer'), 'fuzz_nut_reader');
const limits = [
  '-max_len=8192',
  '-timeout=10',
  '-rss_limit_mb=1024',
  '-print_final_stats=1',
  '-verbosity=0',
];
run(program, [
  corpus,
  `-max_total_time=${seconds}`,
  `-seed=${seed}`,
  ...limits,
  `-artifact_prefix=${found}/nut-`,
]);
run(process.execPath, [join(root, 'test/fuzz/images.mjs'), String(seconds), String(seed)]);

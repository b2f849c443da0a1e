// npm run sanitize: the addon with AddressSanitizer and UndefinedBehaviorSanitizer under the tests that move memory, and the media
// threads with those and with ThreadSanitizer. Arguments: other test files, or vitest's options. Node itself is not instrumented
// and never frees some of what it has at its end, so leaks are looked for where there is no Node.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, root, run, runtime } from './build.mjs';

const tests = [
  'media/nut-formats',
  'media/session',
  'media/session-plans',
  'binding/calls',
  'core/memory',
  'image/transfer',
  'core/fusion',
];
const given = process.argv.slice(2);
const reports = join(root, 'build/sanitizer-reports');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const common = 'halt_on_error=1:print_stacktrace=1';
const inNode = `${common}:detect_leaks=0:allocator_may_return_null=1:log_path=${join(reports, 'report')}`;

/** Also of processes whose output a test has swallowed. */
function failOnReports() {
  const found = readdirSync(reports);
  for (const name of found) console.error(`${name}:\n${readFileSync(join(reports, name), 'utf8')}`);
  if (found.length > 0) process.exit(1);
}

const address = build('address');
run(join(address, 'media_threads'), [], {
  env: { ...process.env, ASAN_OPTIONS: `${common}:detect_leaks=1`, UBSAN_OPTIONS: common },
});
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const files =
  given.length > 0 ? given : tests.map((name) => `test/${name}.test.ts`).filter(existsSync);
run(process.execPath, [vitest, 'run', '--testTimeout=240000', ...files], {
  env: {
    ...process.env,
    FRAMELANE_ADDON: join(address, 'framelane.node'),
    FRAMELANE_SANITIZED: '1',
    LD_PRELOAD: runtime('libclang_rt.asan-x86_64.so'),
    ASAN_OPTIONS: inNode,
    UBSAN_OPTIONS: inNode,
  },
});
failOnReports();

const thread = build('thread');
run(join(thread, 'media_threads'), [], {
  env: { ...process.env, TSAN_OPTIONS: 'halt_on_error=1:second_deadlock_stack=1' },
});

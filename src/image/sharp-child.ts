/**
 * A process that decodes with sharp what may need too much time or memory: an SVG is drawn in one call that cannot be
 * interrupted, in a thread that Node waits for at exit. The process kills itself at its limits and with its parent.
 */
import { writeFileSync, writeSync } from 'node:fs';
import sharp from 'sharp';
import { FramelaneError } from '../errors/errors.ts';
import { memoryExceeded, timeExceeded } from '../system/limits.ts';
import { type Message, MessageReader, packed } from './messages.ts';
import { readHeader, type SharpHeader, type SharpOptions, sharpDecode } from './sharp-decode.ts';

export interface ChildQuestion {
  /** Undefined requests the header. */
  readonly header: SharpHeader | undefined;
  readonly options: SharpOptions;
  readonly timeLimit: number;
  readonly memoryLimit: number;
}

const watchMilliseconds = 20;
const endAtOnce = () => process.kill(process.pid, 'SIGKILL');

// If memory runs out, the kernel should kill this process first.
try {
  writeFileSync('/proc/self/oom_score_adj', '1000');
} catch {
  // No /proc, or no permission.
}
sharp.cache(false);

const reader = new MessageReader((message) => void work(message));
process.stdin.on('data', (bytes) => reader.add(bytes));
process.stdin.on('end', endAtOnce);

async function work({ head, bytes }: Message): Promise<void> {
  const { header, options, timeLimit, memoryLimit } = head as ChildQuestion;
  const begin = performance.now();
  const before = process.memoryUsage.rss();
  const watch = setInterval(() => {
    if (process.memoryUsage.rss() - before > memoryLimit) give(memoryExceeded(memoryLimit));
    else if (performance.now() - begin > timeLimit * 1000) give(timeExceeded(timeLimit));
  }, watchMilliseconds);
  const answer = await answerTo(bytes, header, options).catch(refusal);
  clearInterval(watch);
  process.stdout.write(answer.head);
  if (answer.bytes.length > 0) process.stdout.write(answer.bytes);
}

async function answerTo(bytes: Buffer, header: SharpHeader | undefined, options: SharpOptions) {
  if (header === undefined) return packed({ header: await readHeader(bytes, options.page) });
  const { data, ...size } = await sharpDecode(bytes, header, options);
  const samples = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return packed({ ...size, bytesPerSample: data.BYTES_PER_ELEMENT }, samples);
}

function refusal(error: unknown) {
  const { code, path } = error instanceof FramelaneError ? error : {};
  return packed({ error: error instanceof Error ? error.message : String(error), code, path });
}

/** Ends the process, because work in threads cannot be stopped. */
function give(error: FramelaneError): void {
  writeSync(1, refusal(error).head);
  endAtOnce();
}

/** How a session runs: it opens the files, runs one or two passes, reports on them, and gives the outputs their names. */
import type { EventEmitter } from 'node:events';
import type { DeviceId } from '../../device.ts';
import { FramelaneError } from '../../errors/errors.ts';
import { logger } from '../../log.ts';
import { whenAborted } from '../../system/limits.ts';
import type { SharedOptions } from '../input/run-options.ts';
import type { SessionChanges } from './changes.ts';
import {
  expectedFrames,
  outputResults,
  type SessionEvents,
  type SessionProgress,
  type SessionResult,
  type SessionStats,
} from './report.ts';
import { deliverResults } from './results.ts';
import { noStats, Transcode } from './transcode.ts';
import type { WantedOutput } from './wanted-output.ts';

const progressInterval = 250;
const log = logger('video');
const planLog = logger('plan');

/** What a session is asked to do, already checked. */
export interface SessionRequest {
  readonly input: string;
  readonly outputs: readonly WantedOutput[];
  readonly device: DeviceId;
  readonly options: SharedOptions;
}

export class SessionRun {
  readonly #request: SessionRequest;
  readonly #changes: SessionChanges;
  readonly #events: EventEmitter<SessionEvents>;
  #begin = performance.now();
  #pass: 1 | 2 = 1;
  #passes: 1 | 2 = 1;
  #transcode: Transcode | undefined;
  #stopped: boolean = false;
  #aborted: FramelaneError | undefined;
  readonly #abortion = new AbortController();
  #totalFrames: number | undefined;
  #running = { resolve: () => {} };
  /** Settles when frames begin to flow, in the second pass where there are two. */
  readonly started = new Promise<void>((resolve) => {
    this.#running = { resolve };
  });

  /** Emits the events of the session on `events`. */
  constructor(
    request: SessionRequest,
    changes: SessionChanges,
    events: EventEmitter<SessionEvents>,
  ) {
    this.#request = request;
    this.#changes = changes;
    this.#events = events;
  }

  /** The pass that runs; undefined until the files are open. */
  get transcode(): Transcode | undefined {
    return this.#transcode;
  }

  stop(): void {
    this.#stopped = true;
    this.#transcode?.stop();
    // Nothing has been read yet, so nothing is left to finish.
    if (this.#transcode === undefined) this.#abortion.abort();
  }

  abort(reason?: unknown): void {
    if (this.#aborted === undefined) log.info?.('abort', { reason: String(reason) });
    this.#aborted ??= new FramelaneError('ERR_ABORTED', 'the session was aborted', {
      cause: reason,
    });
    this.#abortion.abort(reason);
    this.#transcode?.abort();
  }

  stats(): SessionStats {
    const stats = this.#transcode?.stats() ?? noStats;
    return { ...stats, clockJumps: this.#transcode?.input.clockJumps.length ?? 0 };
  }

  async run(): Promise<SessionResult> {
    const { input, outputs, device, options } = this.#request;
    const { signal } = options;
    const forget = whenAborted(signal, () => this.abort(signal?.reason));
    const paths = outputs.map(({ path }) => path).join(',');
    let timer: NodeJS.Timeout | undefined;
    try {
      await Promise.resolve(); // listeners can be added before the first event
      this.#throwIfAborted();
      const { pipelines } = this.#changes;
      const current = () => this.#changes.pipelines;
      await using transcode = await Transcode.open(current, input, outputs, device, {
        ...options,
        signal: this.#abortion.signal,
      });
      this.#transcode = transcode;
      this.#throwIfAborted();
      using _ = await this.#changes.open(transcode, pipelines);
      this.#throwIfAborted();
      log.info?.('start', { input, output: paths, device });
      for (const { plan } of transcode.outputs) {
        for (const pass of plan.handle.describe()) planLog.info?.('pass', {}, pass);
      }
      this.#announce(transcode);
      this.#throwIfAborted();
      if (this.#stopped) throw this.#nothingYet();
      timer = setInterval(() => this.#events.emit('progress', this.#progress()), progressInterval);
      timer.unref();
      const begin = performance.now();
      await this.#firstPass(transcode);
      transcode.start();
      this.#running.resolve();
      await Promise.all([this.#deliverResults(transcode), transcode.run()]);
      this.#throwIfAborted();
      const frames = transcode.framesOut;
      if (frames === 0) throw this.#nothingYet();
      // Before commit: a listener that throws must not make a written file look like a failure.
      this.#events.emit('progress', this.#progress());
      await transcode.commit(() => this.#throwIfAborted());
      const seconds = (performance.now() - begin) / 1000;
      for (const warning of transcode.warnings) log.warn?.('warning', {}, warning);
      log.info?.('end', {
        output: paths,
        frames,
        seconds: seconds.toFixed(3),
        stopped: this.#stopped,
      });
      return {
        output: transcode.outputs[0]?.path,
        outputs: outputResults(transcode),
        frames,
        seconds,
        fps: frames / seconds,
        device,
        stopped: this.#stopped,
        clockJumps: transcode.input.clockJumps,
        warnings: transcode.warnings,
      };
    } catch (error) {
      const stoppedEarly = this.#stopped && this.#transcode === undefined;
      const failure = this.#aborted ?? (stoppedEarly ? this.#nothingYet() : error);
      log.error?.('failure', { input, output: paths }, String(failure));
      this.#changes.end(failure);
      throw failure;
    } finally {
      this.#changes.end(undefined);
      clearInterval(timer);
      forget();
    }
  }

  /** Runs the first pass of the outputs that are encoded in two. */
  async #firstPass(transcode: Transcode): Promise<void> {
    await using first = await transcode.firstPass();
    if (first === undefined) return;
    this.#passes = 2;
    this.#transcode = first;
    this.#throwIfAborted();
    if (this.#stopped) throw this.#nothingYet();
    first.start();
    await first.run();
    this.#events.emit('progress', this.#progress());
    this.#throwIfAborted();
    if (this.#stopped || first.framesOut === 0) throw this.#nothingYet();
    this.#transcode = transcode;
    this.#begin = performance.now();
    this.#pass = 2;
  }

  async #deliverResults(transcode: Transcode): Promise<void> {
    if (this.#events.listenerCount('results') === 0) return;
    await deliverResults(transcode.watchResults(), (results) =>
      this.#events.emit('results', results),
    );
  }

  #announce({ input, outputs, warnings }: Transcode): void {
    const { device, options } = this.#request;
    this.#totalFrames = expectedFrames(input, outputs, options);
    const passes = outputs.map(({ plan }) => plan.handle.describe());
    const totalFrames = this.#totalFrames;
    this.#events.emit('start', { input, device, passes, totalFrames, warnings });
  }

  #progress(): SessionProgress {
    const frames = this.#transcode?.framesOut ?? 0;
    const seconds = (performance.now() - this.#begin) / 1000;
    const [pass, passes] = [this.#pass, this.#passes];
    return { frames, totalFrames: this.#totalFrames, seconds, fps: frames / seconds, pass, passes };
  }

  #throwIfAborted(): void {
    if (this.#aborted !== undefined) throw this.#aborted;
  }

  #nothingYet(): FramelaneError {
    return this.#stopped
      ? new FramelaneError(
          'ERR_ABORTED',
          'the session was stopped before its first frame was written',
        )
      : new FramelaneError('ERR_INPUT_INVALID', 'no frame could be decoded');
  }
}

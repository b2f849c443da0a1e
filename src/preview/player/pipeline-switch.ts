/** Replaces the pipeline of a player while it plays or stands still. */
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { Coalesced } from './coalesced.ts';
import { CompiledPipeline, type CompileOptions } from './compiled-pipeline.ts';
import type { Feed } from './feed.ts';
import type { PreviewInput } from './preview-input.ts';
import { release } from './rendered-frame.ts';
import type { Transport } from './transport.ts';

export interface SwitchOwner {
  isClosed(): boolean;
  requireOpen(): void;
  /** Whether playback stands still: paused, ended or failed. */
  isStill(): boolean;
  /** The new pipeline is compiled and in use. */
  replaced(): void;
}

export class PipelineSwitch {
  readonly #input: PreviewInput;
  readonly #feed: Feed;
  readonly #transport: Transport;
  readonly #owner: SwitchOwner;
  readonly #renewals = new Coalesced<number>(() => this.#renew());
  #pipeline: Pick<Pipeline, 'stages'>;
  #options: CompileOptions;
  #revision = 0;

  constructor(
    input: PreviewInput,
    feed: Feed,
    transport: Transport,
    pipeline: Pick<Pipeline, 'stages'>,
    options: CompileOptions,
    owner: SwitchOwner,
  ) {
    this.#input = input;
    this.#feed = feed;
    this.#transport = transport;
    this.#pipeline = pipeline;
    this.#options = options;
    this.#owner = owner;
  }

  setFormat(format: CompileOptions['format']): Promise<void> {
    this.#options = { ...this.#options, format };
    return this.setPipeline(this.#pipeline);
  }

  /** Settles when the frame shown, too, is made by the new pipeline, or by one that was set later. */
  async setPipeline(pipeline: Pick<Pipeline, 'stages'>): Promise<void> {
    const revision = ++this.#revision;
    this.#owner.requireOpen();
    const { info, shape } = this.#input;
    const compiled = await CompiledPipeline.compile(pipeline, info, shape, this.#options);
    if (this.#owner.isClosed() || revision !== this.#revision) {
      compiled[Symbol.dispose]();
      return this.#owner.requireOpen();
    }
    this.#pipeline = pipeline;
    this.#feed.setPipeline(compiled);
    this.#owner.replaced();
    await this.#renewals.run(revision, (work) => Promise.resolve().then(work));
  }

  /** Processes the current frame again, unless playback is about to replace it anyway. */
  async #renew(): Promise<void> {
    for (;;) {
      const { current, isDue } = this.#transport;
      if (current === undefined || !(isDue || this.#owner.isStill())) return;
      const frame = await this.#feed.renew(current);
      if (current === this.#transport.current && !this.#owner.isClosed()) {
        return this.#transport.presentAgain(frame);
      }
      release(frame);
      this.#owner.requireOpen();
    }
  }
}

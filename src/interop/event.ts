/** Moments on streams, which other streams and JavaScript can wait for. */
import { type DeviceId, type DeviceOption, resolveDevice } from '../device.ts';
import { invalidArgument, invalidOption } from '../errors/invalid.ts';
import { checkNames, namesOf } from '../errors/option-names.ts';
import { type StreamReference, someNumberOf } from '../image/on-stream.ts';
import { addon } from '../native/binding.ts';
import type { EventHandle } from '../native/streams.ts';

export interface EventOptions {
  /** `auto` by default. */
  readonly device?: DeviceOption | undefined;
  /** Whether it keeps its time, for `secondsSince`; false by default, which is cheaper to record. */
  readonly timing?: boolean | undefined;
}

const optionNames = namesOf<EventOptions>({ device: true, timing: true });

/** The native side of an event; undefined for anything else. */
export let eventHandleOf: (event: unknown) => EventHandle | undefined;

/**
 * A moment in the work of a stream. `await event` goes on when it has passed, without blocking the event loop; thousands may be
 * awaited at once. An async function must not return an event, because JavaScript awaits what it returns. Freed by `using`,
 * `free()` or the garbage collector; promises that are pending still settle.
 *
 * @example
 * using event = new Event({ device: 'cuda:0' })
 * event.record(stream)
 * await event
 */
export class Event implements Disposable, PromiseLike<undefined> {
  readonly device: DeviceId;
  readonly #handle: EventHandle;

  static {
    eventHandleOf = (event) =>
      typeof event === 'object' && event !== null && #handle in event ? event.#handle : undefined;
  }

  constructor(options: EventOptions = {}) {
    checkNames(options, optionNames);
    const { timing = false } = options;
    if (typeof timing !== 'boolean') throw invalidOption('timing', 'true or false', timing);
    this.device = resolveDevice(options.device);
    this.#handle = new (addon().EventHandle)(this.device, timing);
  }

  /**
   * Sets the moment: after all that is on the stream now. Recording again replaces it, but promises that are pending are still
   * about the moment before. ERR_DEVICE_MISMATCH for a stream of another device.
   *
   * @example
   * Filter.gaussianBlur(image, 20, { stream }); event.record(stream)
   */
  record(stream: StreamReference): void {
    this.#handle.record(someNumberOf(stream, 'stream'));
  }

  /** Whether the moment has passed; true if none was recorded. */
  get done(): boolean {
    return this.#handle.done;
  }

  /**
   * A promise for the moment, as by `await event`. It keeps the process alive. ERR_CUDA or ERR_DEVICE_LOST if the device failed.
   *
   * @example
   * await Promise.all([first.wait(), second.wait()])
   */
  wait(): Promise<undefined> {
    try {
      return this.#handle.wait();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  // biome-ignore lint/suspicious/noThenProperty: `await event` is what events are for
  then<R = undefined, E = never>(
    onPassed?: ((value: undefined) => R | PromiseLike<R>) | null,
    onFailed?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    return this.wait().then(onPassed, onFailed);
  }

  /**
   * Seconds from an earlier moment to this one, by the clock of the device. Both events need `timing: true` and must be done:
   * otherwise ERR_INVALID_ARGUMENT.
   *
   * @example
   * start.record(stream); Filter.gaussianBlur(image, 20, { stream }); end.record(stream)
   * await end; console.log(end.secondsSince(start))
   */
  secondsSince(earlier: Event): number {
    const handle = eventHandleOf(earlier);
    if (handle === undefined) throw invalidArgument('earlier', 'an Event', earlier);
    return this.#handle.secondsSince(handle);
  }

  /** Frees the event now; later use is ERR_DISPOSED, freeing again does nothing. */
  free(): void {
    this.#handle.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }
}

/** Streams: work of a device in order, beside that of other streams. */
import { type DeviceId, type DeviceOption, resolveDevice } from '../device.ts';
import { invalidArgument, invalidOption } from '../errors/invalid.ts';
import { checkNames, namesOf } from '../errors/option-names.ts';
import { type StreamReference, someNumberOf, streamNumber } from '../image/on-stream.ts';
import { addon } from '../native/binding.ts';
import type { StreamHandle } from '../native/streams.ts';
import { Event, type EventOptions, eventHandleOf } from './event.ts';

interface OnDevice {
  /** `auto` by default. */
  readonly device?: DeviceOption | undefined;
}

export interface StreamOptions extends OnDevice {
  /** Whose work the device begins first where several streams have some; `normal` by default. */
  readonly priority?: 'high' | 'normal' | undefined;
}

const optionNames = namesOf<StreamOptions>({ device: true, priority: true });
const placeNames = namesOf<OnDevice>({ device: true });

/**
 * A queue of work. What calls with `{ stream }` do runs in order on it, beside the work of other streams. An image remembers the
 * stream that used it last: a call on another stream waits for that, on the device and not in JavaScript. On the CPU every
 * call is complete when it returns. Freed by `using`, `free()` or the garbage collector, which lets its work finish.
 *
 * @example
 * using stream = new Stream({ device: 'cuda:0' })
 * const blurred = Filter.gaussianBlur(image, 20, { stream })
 * await stream.idle()
 */
export class Stream implements Disposable, StreamReference {
  readonly device: DeviceId;
  readonly [streamNumber]: number;
  readonly #handle: StreamHandle;

  constructor(options?: StreamOptions);
  constructor(options: StreamOptions = {}, existing?: bigint | 'immediate') {
    checkNames(options, existing === undefined ? optionNames : placeNames);
    const { priority = 'normal' } = options;
    if (priority !== 'normal' && priority !== 'high') {
      throw invalidOption('priority', '"normal" or "high"', priority);
    }
    this.device = resolveDevice(options.device);
    this.#handle = new (addon().StreamHandle)(this.device, existing ?? priority);
    this[streamNumber] = this.#handle.number;
  }

  /**
   * A CUDA stream that somebody else made, by its address: 1 is the legacy default stream, 2 the thread's, as in the CUDA array
   * interface. Its owner destroys it, after `free()`. ERR_UNSUPPORTED_OP on the CPU, ERR_DEVICE_MISMATCH for a stream of another
   * device.
   *
   * @example
   * using stream = Stream.from(1n, { device: 'cuda:0' })
   */
  static from(handle: bigint, options: OnDevice = {}): Stream {
    if (typeof handle !== 'bigint' || handle < 1n || handle >= 1n << 64n) {
      throw invalidArgument('handle', 'the address of a stream as a bigint, 1n or 2n', handle);
    }
    return Reflect.construct(Stream, [options, handle]) as Stream;
  }

  /**
   * The device's own stream, where calls without `{ stream }` run: to record events on it, or to let others wait for it.
   *
   * @example
   * using own = Stream.own({ device: 'cuda:0' }); stream.wait(own)
   */
  static own(options: OnDevice = {}): Stream {
    return Reflect.construct(Stream, [options, 'immediate']) as Stream;
  }

  /** The address of the CUDA stream, for other libraries; null on the CPU. */
  get handle(): bigint | null {
    return this.#handle.handle;
  }

  /**
   * A new event, recorded here; `timing` as for an event.
   *
   * @example
   * using event = stream.record(); await event
   */
  record(options: Pick<EventOptions, 'timing'> = {}): Event {
    checkNames(options, ['timing']);
    const event = new Event({ ...options, device: this.device });
    try {
      event.record(this);
    } catch (error) {
      event.free();
      throw error;
    }
    return event;
  }

  /**
   * Lets what is enqueued here from now on wait for an event, or for all that is on another stream now. JavaScript does not wait.
   * They may be of another CUDA device. ERR_DEVICE_MISMATCH: one side is the CPU.
   *
   * @example
   * stream.wait(other.record())
   */
  wait(before: Event | StreamReference): void {
    const event = eventHandleOf(before);
    if (event !== undefined) event.holdBack(this[streamNumber]);
    else this.#handle.waitFor(someNumberOf(before, 'before'));
  }

  /** Blocks until all that is enqueued here is done. */
  sync(): void {
    this.#handle.sync();
  }

  /**
   * A promise for all that is enqueued here now. It keeps the process alive. ERR_CUDA or ERR_DEVICE_LOST if the device failed.
   *
   * @example
   * await stream.idle()
   */
  idle(): Promise<void> {
    try {
      return this.#handle.idle();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Frees the stream now, and lets its work finish; later use is ERR_DISPOSED, freeing again does nothing. */
  free(): void {
    this.#handle.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }
}

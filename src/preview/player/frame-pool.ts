/** Frames that are reused. */
import type { DeviceId } from '../../device.ts';
import { Frame } from '../../image/frame.ts';
import type { NativeShape } from '../../native/native.ts';

/** A frame on loan; it returns to the pool when every user has released it. */
export interface PooledFrame {
  readonly frame: Frame;
  retain(): PooledFrame;
  release(): void;
}

export class FramePool implements Disposable {
  readonly #shape: NativeShape;
  readonly #device: DeviceId;
  readonly #options: { readonly opaque: boolean };
  #idle: Loan[] = [];
  #disposed: boolean = false;

  constructor(shape: NativeShape, device: DeviceId, options: { readonly opaque: boolean }) {
    this.#shape = shape;
    this.#device = device;
    this.#options = options;
  }

  take(): PooledFrame {
    const loan =
      this.#idle.pop() ??
      new Loan(new Frame(this.#shape, this.#device, this.#options), (back) => this.#giveBack(back));
    return loan.retain();
  }

  #giveBack(loan: Loan): void {
    if (this.#disposed) loan.frame.free();
    else this.#idle.push(loan);
  }

  /** Frames on loan are freed when they are released. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    for (const { frame } of this.#idle) frame.free();
    this.#idle = [];
  }
}

class Loan implements PooledFrame {
  readonly frame: Frame;
  readonly #giveBack: (loan: Loan) => void;
  #users = 0;

  constructor(frame: Frame, giveBack: (loan: Loan) => void) {
    this.frame = frame;
    this.#giveBack = giveBack;
  }

  retain(): PooledFrame {
    this.#users++;
    return this;
  }

  release(): void {
    if (--this.#users === 0) this.#giveBack(this);
  }
}

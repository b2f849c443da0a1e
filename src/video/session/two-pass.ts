/** Encoding in two passes: the first writes what it saw into a log, the second spends the bits by it. */
import { join } from 'node:path';
import { FramelaneError } from '../../errors/errors.ts';
import { type TemporaryFolder, temporaryFolder } from '../../system/temporary-folder.ts';
import type { VideoInfo } from '../format/video-info.ts';
import type { EncoderPass } from '../output/encoders/declaration.ts';
import type { WantedOutput } from './wanted-output.ts';

/** Which outputs of a session are encoded twice, and a folder that nobody else reads for their logs. */
export class TwoPass implements AsyncDisposable {
  /** What the first pass makes. */
  readonly outputs: readonly WantedOutput[];
  readonly #folder: TemporaryFolder;

  private constructor(outputs: readonly WantedOutput[], folder: TemporaryFolder) {
    this.outputs = outputs;
    this.#folder = folder;
  }

  /** Undefined where no output asks for it; ERR_INVALID_OPTION where the input comes only once. */
  static async open(
    outputs: readonly WantedOutput[],
    { live, path }: VideoInfo,
  ): Promise<TwoPass | undefined> {
    const twice = outputs.filter(isTwoPass);
    if (twice.length === 0) return undefined;
    if (live) {
      const message = `twoPass: expected an input that can be read twice, ${path} is live`;
      throw new FramelaneError('ERR_INVALID_OPTION', message, { path: 'twoPass' });
    }
    return new TwoPass(twice, await temporaryFolder('pass'));
  }

  /** How an output is encoded in a pass; undefined where once is enough. */
  pass(number: EncoderPass['number'], output: WantedOutput): EncoderPass | undefined {
    const index = this.outputs.indexOf(output);
    return index < 0 ? undefined : { number, log: join(this.#folder.path, String(index)) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
  }
}

function isTwoPass({ encoding }: WantedOutput): boolean {
  return encoding?.parameters['twoPass'] === true;
}

/** Encoding in two passes: the first logs statistics of the frames, the second distributes the bits by them. */
import { join } from 'node:path';
import { FramelaneError } from '../../errors/errors.ts';
import { type TemporaryFolder, temporaryFolder } from '../../system/temporary-folder.ts';
import type { VideoInfo } from '../format/video-info.ts';
import type { EncoderPass } from '../output/encoders/declaration.ts';
import type { WantedOutput } from './wanted-output.ts';

/** The outputs of a session that are encoded twice, and a private folder for their logs. */
export class TwoPass implements AsyncDisposable {
  /** The outputs of the first pass. */
  readonly outputs: readonly WantedOutput[];
  readonly #folder: TemporaryFolder;

  private constructor(outputs: readonly WantedOutput[], folder: TemporaryFolder) {
    this.outputs = outputs;
    this.#folder = folder;
  }

  /** Undefined where no output is encoded twice; ERR_INVALID_OPTION for an input that can be read only once. */
  static async open(
    outputs: readonly WantedOutput[],
    { live, path }: VideoInfo,
  ): Promise<TwoPass | undefined> {
    const twice = outputs.filter(isTwoPass);
    if (twice.length === 0) return undefined;
    if (live) {
      const message = `twoPass: expected an input that can be read twice, but ${path} is live`;
      throw new FramelaneError('ERR_INVALID_OPTION', message, { path: 'twoPass' });
    }
    return new TwoPass(twice, await temporaryFolder('pass'));
  }

  /** The pass of an output; undefined where it is encoded once. */
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

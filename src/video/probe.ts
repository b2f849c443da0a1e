/** Looks at a video file, by ffprobe. */
import { FramelaneError } from '../errors.ts';
import { findTool } from '../ffmpeg/ffmpeg.ts';
import { capture } from '../ffmpeg/process.ts';
import { untilAborted } from './abort.ts';
import { describeVideo } from './describe-video.ts';
import { type Fields, fields, list } from './ffprobe-fields.ts';
import { checkInput, type InputOptions } from './input-options.ts';
import { type InputSource, openSource, sourceArgs } from './input-source.ts';
import { frameRateOf } from './rational.ts';
import { elementary, type VideoInfo } from './video-info.ts';

export type { AudioStream, CopiedStream, VideoInfo } from './video-info.ts';

export interface ProbeOptions extends Pick<InputOptions, 'inputFrameRate'> {
  readonly ffprobe?: string | undefined;
  /** Ends ffprobe; the promise rejects with ERR_ABORTED. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Size, formats, rates, colours and streams of a video file, an image sequence (`frames/%04d.png`) or stdin (`-`).
 *
 * @example
 * const { width, height, frameRate } = await probe('in.mp4')
 */
export async function probe(path: string, options: ProbeOptions = {}): Promise<VideoInfo> {
  checkInput({ inputFrameRate: options.inputFrameRate });
  await using open = await openSource(path, options);
  return await probeSource(open.source, options);
}

/** The description of an open source, at the frame rate that was asked for where it has none of its own. */
export async function probeSource(source: InputSource, options: ProbeOptions): Promise<VideoInfo> {
  const described = describeSource(source, options);
  const info = await untilAborted(described, `probing ${source.path}`, options.signal);
  const { inputFrameRate } = options;
  if (inputFrameRate === undefined || source.options.length > 0) return info;
  if (elementary.test(info.container)) {
    const frameRate = frameRateOf(inputFrameRate, 'inputFrameRate');
    return { ...info, frameRate, constantRate: true, counted: true };
  }
  throw new FramelaneError(
    'ERR_INVALID_OPTION',
    `inputFrameRate: expected an image sequence or a bare video stream, but ${source.path} (${info.container}) has times of its own`,
    { path: 'inputFrameRate' },
  );
}

async function describeSource(
  source: InputSource,
  options: Pick<ProbeOptions, 'ffprobe' | 'signal'>,
): Promise<VideoInfo> {
  const tool = await findTool('ffprobe', options.ffprobe);
  const ask = async (what: readonly string[]): Promise<Fields> => {
    const args = ['-v', 'error', '-print_format', 'json', ...what];
    const run = await capture(tool, [...args, ...sourceArgs(source)], options.signal);
    if (run.exit?.code !== 0) {
      const reason =
        run.messages.last || `ffprobe ended with ${run.exit?.signal ?? run.exit?.code}`;
      const message = `${source.path}: not a readable video: ${reason}`;
      throw new FramelaneError('ERR_INPUT_INVALID', message);
    }
    return fields(JSON.parse(run.stdout));
  };
  const described = await ask(['-show_format', '-show_streams']);
  const info = describeVideo(source, described);
  const known = info.masteringDisplay !== undefined && info.contentLight !== undefined;
  if (known || !/^(smpte2084|arib-std-b67)$/.test(info.transfer ?? '')) return info;
  // H.265 may say it in the stream and not in the container.
  const first = ['-select_streams', `${info.index}`, '-read_intervals', '%+#1', '-show_frames'];
  const [frame = {}] = list((await ask(first))['frames']);
  return describeVideo(source, described, frame);
}

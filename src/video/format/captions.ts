/** Closed captions (CEA-608 and 708, carried in frames as ATSC A/53 describes). */
import { type Fields, list, text } from './ffprobe-fields.ts';

/** Whether the stream (in newer FFmpegs) or one of its first frames is marked as having captions. */
export function hasCaptions(stream: Fields, frames: readonly Fields[]): boolean {
  if (stream['closed_captions'] === 1) return true;
  return frames.some((frame) => {
    return list(frame['side_data_list']).some((data) => {
      return text(data['side_data_type'])?.includes('Closed Captions') ?? false;
    });
  });
}

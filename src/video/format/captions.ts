/** Closed captions (CEA-608 and 708, carried by frames as ATSC A/53 says). */
import { type Fields, list, text } from './ffprobe-fields.ts';

/** By the stream, as newer FFmpegs tell it, or by one of its first frames. */
export function hasCaptions(stream: Fields, frames: readonly Fields[]): boolean {
  if (stream['closed_captions'] === 1) return true;
  return frames.some((frame) => {
    return list(frame['side_data_list']).some((data) => {
      return text(data['side_data_type'])?.includes('Closed Captions') ?? false;
    });
  });
}

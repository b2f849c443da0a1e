/** Finds one frame in a feed: at a time, after another frame, or before it. */
import type { Feed } from './feed.ts';
import { type RenderedFrame, release } from './rendered-frame.ts';

/** Frames decoded for one step back. */
const stepBackFrames = 8;

/** The frame on display at a time; beyond the end, the last one. */
export async function findFrameAt(
  feed: Feed,
  seconds: number,
  duration: number | undefined,
): Promise<RenderedFrame | undefined> {
  await feed.restart(seconds);
  const frame = await feed.first();
  if (frame !== undefined && seconds >= (duration ?? Number.POSITIVE_INFINITY)) {
    await feed.settle(); // so that `ended` is known together with the last frame
  }
  if (frame !== undefined || feed.broken) return frame;
  const end = Math.min(seconds, duration ?? seconds);
  return await searchBack(feed, end, 1, Number.POSITIVE_INFINITY);
}

export async function findFrameAfter(
  feed: Feed,
  shown: RenderedFrame,
): Promise<RenderedFrame | undefined> {
  let frame = await feed.first();
  if (frame?.gap) {
    // Playback dropped the frames between; a step shows them.
    release(frame);
    await feed.restart(shown.timestamp);
    await discard(feed);
    frame = await feed.first();
  }
  if (frame !== undefined) feed.remember(shown);
  return frame;
}

/** Undefined if the frame shown is the first. */
export async function findFrameBefore(
  feed: Feed,
  shown: RenderedFrame,
  secondsPerFrame: number,
): Promise<RenderedFrame | undefined> {
  const kept = feed.hasHistory ? await feed.previous(shown.timestamp) : undefined;
  if (kept !== undefined) {
    feed.putBack(shown);
    return kept;
  }
  const span = stepBackFrames * secondsPerFrame;
  const frame = await searchBack(feed, shown.timestamp, span, shown.timestamp);
  if (frame === undefined) await discard(feed); // the frame shown
  return frame;
}

/** The last frame before a time, found by decoding a span before `end` that grows until it has one. */
async function searchBack(
  feed: Feed,
  end: number,
  firstSpan: number,
  before: number,
): Promise<RenderedFrame | undefined> {
  for (let span = firstSpan; ; span *= 4) {
    const from = Math.max(0, end - span);
    await feed.restart(from, before);
    const frame = await feed.previous(before);
    if (frame !== undefined || from === 0 || feed.broken) return frame;
  }
}

async function discard(feed: Feed): Promise<void> {
  const frame = await feed.first();
  if (frame !== undefined) release(frame);
}

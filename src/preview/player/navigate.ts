/** Where a feed goes to find one picture: at a time, after another, before another. */
import type { Feed } from './feed.ts';
import { type Picture, release } from './rendered-frame.ts';

/** Frames that are decoded for a step back. */
const stepBackFrames = 8;

/** The picture on display at a time: the last one there is, beyond the end. */
export async function pictureAt(
  feed: Feed,
  seconds: number,
  duration: number | undefined,
): Promise<Picture | undefined> {
  await feed.restart(seconds);
  const picture = await feed.first();
  if (picture !== undefined && seconds >= (duration ?? Number.POSITIVE_INFINITY)) {
    await feed.settle(); // it is known at once that it is the last one
  }
  if (picture !== undefined || feed.broken) return picture;
  const end = Math.min(seconds, duration ?? seconds);
  return await searchBack(feed, end, 1, Number.POSITIVE_INFINITY);
}

/** The picture after one that is shown. */
export async function pictureAfter(feed: Feed, shown: Picture): Promise<Picture | undefined> {
  let picture = await feed.first();
  if (picture?.gap) {
    // What was left out while there was no time for it is wanted now.
    release(picture);
    await feed.restart(shown.timestamp);
    await discard(feed);
    picture = await feed.first();
  }
  if (picture !== undefined) feed.remember(shown);
  return picture;
}

/** The picture before one that is shown; undefined where that is the first. */
export async function pictureBefore(
  feed: Feed,
  shown: Picture,
  secondsPerFrame: number,
): Promise<Picture | undefined> {
  const kept = feed.hasHistory ? await feed.previous(shown.timestamp) : undefined;
  if (kept !== undefined) {
    feed.untake(shown);
    return kept;
  }
  const span = stepBackFrames * secondsPerFrame;
  const picture = await searchBack(feed, shown.timestamp, span, shown.timestamp);
  if (picture === undefined) await discard(feed); // the one that is shown
  return picture;
}

/** The last picture before a time, in a span before `end` that grows until there is one. */
async function searchBack(
  feed: Feed,
  end: number,
  firstSpan: number,
  before: number,
): Promise<Picture | undefined> {
  for (let span = firstSpan; ; span *= 4) {
    const from = Math.max(0, end - span);
    await feed.restart(from, before);
    const picture = await feed.previous(before);
    if (picture !== undefined || from === 0 || feed.broken) return picture;
  }
}

async function discard(feed: Feed): Promise<void> {
  const picture = await feed.first();
  if (picture !== undefined) release(picture);
}

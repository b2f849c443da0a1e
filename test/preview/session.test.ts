/** A session that is watched while it works. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Player, PreviewWindow, pipeline, runSession } from 'framelane';
import { describe, expect, it } from 'vitest';
import { belongings } from '../helpers/belongings.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { bytesOf, framesOf } from '../helpers/player.ts';
import { eventually, fakeFfmpeg, makeClip, temporaryFiles } from '../helpers/video.ts';

const { file } = temporaryFiles();
const clip = makeClip(file('clip.mp4'), { seconds: 1.6 });
/** Decodes as slowly as it would be watched. */
const ffmpeg = fakeFfmpeg(file('paced'), 'decode', 'exec "$real" -re "$@"');
const lossless = { codec: 'ffv1', overwrite: true, ffmpeg } as const;

describe('a session', () => {
  onEachDevice('shows frames that it writes, at their times, and ends', async (device) => {
    const output = file('watched.mkv');
    const session = runSession(pipeline().invert(), clip, output, { ...lossless, device });
    await using player = await Player.open(session);
    expect(player.info).toMatchObject({ path: output, live: true });
    expect(player.device).toBe(device);
    const seen: { timestamp: number; bytes: Buffer }[] = [];
    await eventually(() => {
      const shown = player.frameAt(performance.now() / 1000);
      if (shown) seen.push({ timestamp: shown.timestamp, bytes: bytesOf({ frame: shown.frame }) });
      return player.ended;
    });
    await session.finished;
    const frames = framesOf(output);
    expect(frames).toHaveLength(40);
    expect(seen.length).toBeGreaterThan(3);
    let last = -1;
    for (const { timestamp, bytes } of seen) {
      const index = frames.findIndex(({ time }) => Math.abs(time - timestamp) < 0.01);
      expect(index).toBeGreaterThan(last);
      expect(frames[index]?.bytes.equals(bytes)).toBe(true);
      last = index;
    }
  });

  it('goes on where the player is closed, and the player where the session is aborted', async () => {
    const before = belongings();
    const unwatched = runSession(pipeline(), clip, file('unwatched.mkv'), lossless);
    const player = await Player.open(unwatched, { device: unwatched.device });
    await player.close();
    expect((await unwatched.finished).frames).toBe(40);
    const aborted = runSession(pipeline().invert(), clip, file('aborted.mkv'), lossless);
    await using left = await Player.open(aborted);
    aborted.abort();
    await expect(aborted.finished).rejects.toMatchObject({ code: 'ERR_ABORTED' });
    await eventually(() => {
      left.frameAt(performance.now() / 1000);
      return left.ended;
    });
    await left.close();
    await eventually(() => belongings().children === before.children);
  });

  it('that cannot run says why; one that is over is over', async () => {
    const missing = runSession(pipeline(), file('missing.mp4'), file('never.mkv'), lossless);
    await expect(Player.open(missing)).rejects.toMatchObject({ code: 'ERR_INPUT_NOT_FOUND' });
    const over = runSession(pipeline(), clip, file('over.mkv'), lossless);
    await over.finished;
    await expect(Player.open(over)).rejects.toMatchObject({ code: 'ERR_DISPOSED' });
  });

  it('is driven by the file that its window follows', async () => {
    const look = file('look.json');
    writeFileSync(look, JSON.stringify({ stages: [{ op: 'brightness', factor: 0 }] }));
    const output = file('driven.mkv');
    const session = runSession(pipeline(), clip, output, lossless);
    const options = { provider: 'headless', pipeline: look } as const;
    await using preview = await PreviewWindow.open(session, { ...options, drivesSession: true });
    await eventually(() => preview.frames > 1);
    await preview.pipeline?.set('stages[0].factor', 1);
    await eventually(() => session.stats().framesIn > 25);
    const failure = once(preview, 'failure');
    const wrong = [{ op: 'resize', width: 8, height: 8 }];
    writeFileSync(look, JSON.stringify({ stages: wrong }));
    const [error] = (await failure) as [Error];
    expect(error.message).toMatch(/driven\.mkv: expected frames of yuv420p 64x48/);
    await session.finished;
    const luma = framesOf(output).map(({ bytes }) => bytes.subarray(0, 64 * 48));
    const isWhite = luma.map((bytes) => bytes.every((value) => value >= 234));
    expect(isWhite[0]).toBe(false);
    expect(isWhite.at(-1)).toBe(true);
    // Once it has changed it stays so, until the end.
    expect(isWhite.slice(isWhite.indexOf(true)).every(Boolean)).toBe(true);
  });

  it('drives no session where there is none to drive', async () => {
    const options = { provider: 'headless', drivesSession: true } as const;
    await expect(PreviewWindow.open(clip, options)).rejects.toMatchObject({
      code: 'ERR_INVALID_OPTION',
      path: 'drivesSession',
    });
  });

  it('has a window', async () => {
    const session = runSession(pipeline().invert(), clip, file('shown.mkv'), lossless);
    await using preview = await PreviewWindow.open(session, { provider: 'headless' });
    await eventually(() => preview.frames > 1);
    await session.finished;
    expect(preview.window).toMatchObject({ width: 64, height: 48 });
  });
});

/** Sound of a player: the arguments of FFmpeg, the device, and the time that is heard. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Player, probe } from 'framelane';
import { describe, expect, it } from 'vitest';
import { openFfmpeg } from '../../src/ffmpeg/ffmpeg.ts';
import { capture } from '../../src/ffmpeg/process.ts';
import { Sound } from '../../src/preview/player/sound.ts';
import { soundArgs } from '../../src/preview/player/sound-arguments.ts';
import { findSoundDevice } from '../../src/preview/player/sound-device.ts';
import { ffmpeg, ffmpegPath, ffmpegPaths, systemFfmpeg } from '../helpers/programs.ts';
import { eventually, processesNaming, temporaryFiles } from '../helpers/video.ts';

const { folder, file } = temporaryFiles();

/** Silence, and a tone from 1.5 s to 1.7 s, in 3 s. */
const clip = file('beep.mkv');
ffmpeg([
  ...['-y', '-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=25:d=3'],
  ...['-f', 'lavfi', '-i', "aevalsrc='0.5*sin(2*PI*1000*t)*between(t,1.5,1.7)':s=48000:d=3"],
  ...['-c:v', 'libx264', '-c:a', 'pcm_s16le', clip],
]);

/** Seconds at which mono samples of 48 kHz are loud for the first and the last time, and their end. */
function loud(path: string): { first: number; last: number; end: number } {
  const raw = ffmpeg(['-i', path, '-ac', '1', '-ar', '48000', '-f', 's16le', 'pipe:1']);
  const samples = new Int16Array(raw.buffer, raw.byteOffset, raw.length / 2);
  const isLoud = (sample: number) => Math.abs(sample) > 4000;
  const at = (index: number) => index / 48000;
  return {
    first: at(samples.findIndex(isLoud)),
    last: at(samples.findLastIndex(isLoud)),
    end: at(samples.length),
  };
}

describe('what is played', () => {
  it.each(
    ffmpegPaths.flatMap((path) =>
      [
        [0, 1],
        [0.7, 1],
        [0, 2],
        [1, 0.5],
        [0.5, 4],
        [1.2, 0.25],
      ].map(([from = 0, speed = 1]) => [path, from, speed] as const),
    ),
  )('%s from %d s at speed %d is in time with the picture', async (program, from, speed) => {
    const output = file('played.wav');
    const info = await probe(clip);
    const { exit, messages } = await capture(
      program,
      soundArgs(info, { args: ['-y', '-f', 'wav', output] }, from, speed),
    );
    expect(messages.last).toBe('');
    expect(exit?.code).toBe(0);
    const { first, last, end } = loud(output);
    // atempo works in windows of some 45 ms of what it gets, and leaves out a part of one at the end.
    const near = speed === 1 ? 0.002 : Math.max(0.06, 0.05 / speed);
    expect(Math.abs(first - (1.5 - from) / speed)).toBeLessThan(near);
    expect(Math.abs(last - (1.7 - from) / speed)).toBeLessThan(near);
    expect(Math.abs(end - (3 - from) / speed)).toBeLessThan(near);
  });
});

describe('where it is played', () => {
  it('is ALSA where there is a device, and nowhere where there is none', async () => {
    const bundled = await openFfmpeg(ffmpegPath);
    expect(await findSoundDevice(bundled, {}, '/nonexistent')).toBeUndefined();
    mkdirSync(file('snd'));
    writeFileSync(file('snd/pcmC0D0c'), ''); // a microphone
    expect(await findSoundDevice(bundled, {}, file('snd'))).toBeUndefined();
    writeFileSync(file('snd/pcmC0D0p'), '');
    expect(await findSoundDevice(bundled, {}, file('snd'))).toEqual({
      args: ['-f', 'alsa', 'default'],
    });
  });

  it('is PulseAudio where its server is and FFmpeg knows it', async (context) => {
    if (systemFfmpeg === undefined) return context.skip('no /usr/bin/ffmpeg');
    mkdirSync(file('pulse'));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(file('pulse/native'), resolve));
    const env = { XDG_RUNTIME_DIR: folder };
    const found = await findSoundDevice(await openFfmpeg(systemFfmpeg), env, '/nonexistent');
    expect(found?.args).toContain('pulse');
    const bundled = await openFfmpeg(ffmpegPath); // has no PulseAudio
    expect(await findSoundDevice(bundled, env, '/nonexistent')).toBeUndefined();
    await new Promise((resolve) => server.close(resolve));
  });

  it('is nowhere without a device: the video plays, and a warning says so', async (context) => {
    const device = await findSoundDevice(await openFfmpeg(ffmpegPath));
    if (device !== undefined) return context.skip('this machine has a sound device');
    await using player = await Player.open(clip, { device: 'cpu' });
    expect(player.warnings).toEqual([expect.stringContaining('its sound is not played')]);
    expect(player.frameAt(0)?.timestamp).toBe(0);
    await using silent = await Player.open(clip, { device: 'cpu', audio: false });
    expect(silent.warnings).toEqual([]);
  });
});

describe('the time that is heard', () => {
  /** Plays into a file as fast as a device would. */
  const paced = file('paced');
  writeFileSync(paced, `#!/bin/sh\nexec '${ffmpegPath}' -re "$@"\n`, { mode: 0o755 });

  it('goes on with what FFmpeg plays, and stops with it', async () => {
    const bundled = { ...(await openFfmpeg(ffmpegPath)), path: paced };
    const failures: string[] = [];
    const device = { args: ['-y', '-f', 'wav', file('heard.wav')] };
    const sound = new Sound(bundled, await probe(clip), device, (reason) => failures.push(reason));
    expect(sound.time()).toBeUndefined();
    const begin = performance.now();
    sound.start(0.5, 1);
    await eventually(() => sound.time() !== undefined);
    const since = (performance.now() - begin) / 1000;
    expect(Math.abs((sound.time() as number) - 0.5 - since)).toBeLessThan(0.3);
    expect(sound.startup).toBeLessThan(0.5);
    const [time, at] = [sound.time() as number, performance.now()];
    await new Promise((resolve) => setTimeout(resolve, 700));
    const passed = (performance.now() - at) / 1000;
    expect(Math.abs((sound.time() as number) - time - passed)).toBeLessThan(0.1);
    sound.stop();
    expect(sound.time()).toBeUndefined();
    await sound.close();
    await eventually(() => processesNaming('heard.wav').length === 0);
    expect(failures).toEqual([]);
  });

  it('does not keep a process alive that has nothing else to do', async () => {
    const module = (name: string) => JSON.stringify(join(process.cwd(), 'dist', name));
    const code = `
      import { Sound } from ${module('preview/player/sound.js')};
      import { probe } from ${module('index.js')};
      const device = { args: ['-y', '-f', 'wav', ${JSON.stringify(file('forgotten.wav'))}] };
      const ffmpeg = { path: ${JSON.stringify(paced)} };
      const info = await probe(${JSON.stringify(clip)});
      new Sound(ffmpeg, info, device, console.error).start(0, 1);
      process.on('exit', () => console.log(performance.now() - begin));
      const begin = performance.now();`;
    const args = ['--input-type=module', '-e', code];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
    expect(stderr).toBe('');
    expect(Number(stdout)).toBeLessThan(1500); // of the 3 s that it plays
  });

  it('is off if the device fails, which is reported once', async () => {
    const failures: string[] = [];
    const device = { args: ['-f', 'wav', file('no/such/folder.wav')] };
    const bundled = await openFfmpeg(ffmpegPath);
    const sound = new Sound(bundled, await probe(clip), device, (reason) => failures.push(reason));
    sound.start(0, 1);
    await eventually(() => failures.length > 0);
    expect(sound.time()).toBeUndefined();
    await sound.close();
    expect(failures).toEqual([expect.stringContaining('No such file')]);
  });
});

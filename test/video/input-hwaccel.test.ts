/** Hardware decoding is taken only where it works; FFmpegs that pretend stand in for the hardware. */
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decode } from '../helpers/decode.ts';
import { ffmpegPath } from '../helpers/programs.ts';
import { frameHashes, makeClip, temporaryFolder } from '../helpers/video.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);

/** Lists cuda; `attempt` is what it does when it is to decode with it, after which it decodes nv12 in software. */
function pretender(name: string, attempt: string): string {
  const script = `#!/bin/sh
case "$*" in *-hwaccels*) printf 'Hardware acceleration methods:\\ncuda\\n'; exit ;; esac
case "$*" in *"-hwaccel cuda"*) touch '${file(name)}.tried'; ${attempt}
  for a; do shift; case "$a" in -hwaccel|cuda) ;; scale=*) set -- "$@" "format=nv12,$a" ;; *) set -- "$@" "$a" ;; esac; done ;; esac
exec '${ffmpegPath}' "$@"
`;
  writeFileSync(file(name), script);
  chmodSync(file(name), 0o755);
  return file(name);
}

const clip = () => makeClip(file('clip.mp4'), { seconds: 0.4 });

describe('hwaccel', () => {
  it.each(['cuda', 'auto'] as const)(
    '%s takes what is listed and works; frames are the same',
    async (hwaccel) => {
      const ffmpeg = pretender(`works-${hwaccel}`, '');
      const { hashes } = await decode(clip(), file('works.nut'), { ffmpeg, hwaccel });
      expect(existsSync(`${ffmpeg}.tried`)).toBe(true);
      expect(hashes).toEqual(frameHashes(clip()));
    },
  );

  it.each([
    ['fails', 'echo "no device" >&2; exit 1;'],
    ['falls back and says so', 'echo "hwaccel initialisation returned error" >&2;'],
  ])('auto decodes in software where the hardware %s', async (name, attempt) => {
    const ffmpeg = pretender(`auto ${name}`, attempt);
    const { hashes, input } = await decode(clip(), file('auto.nut'), { ffmpeg, hwaccel: 'auto' });
    expect(existsSync(`${ffmpeg}.tried`)).toBe(true);
    expect(hashes).toEqual(frameHashes(clip()));
    expect(input.warnings).toEqual([]);
  });

  it.each([
    ['is not listed', 'vaapi', 'it lists cuda'],
    ['does not work', 'cuda', 'no device'],
  ] as const)(
    'one that was named and %s is an error with the remedy',
    async (name, hwaccel, why) => {
      const ffmpeg = pretender(`named ${name}`, 'echo "no device" >&2; exit 1;');
      const { code, message } = await decode(clip(), file('named.nut'), { ffmpeg, hwaccel }).then(
        () => expect.fail('it was taken'),
        (error) => error,
      );
      expect(code).toBe('ERR_FFMPEG_CAPABILITY');
      for (const part of [ffmpeg, why, 'FRAMELANE_FFMPEG']) expect(message).toContain(part);
    },
  );

  it('none asks for nothing', async () => {
    const ffmpeg = pretender('none', '');
    await decode(clip(), file('none.nut'), { ffmpeg });
    expect(existsSync(`${ffmpeg}.tried`)).toBe(false);
  });
});

/** Files that name other files: followed where their name says so, or where the caller does. */
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline, probe, runSession, VideoReader } from 'framelane';
import { beforeAll, describe, expect, it } from 'vitest';
import { framelane } from '../helpers/cli.ts';
import { ffmpegPaths } from '../helpers/programs.ts';
import { fileAnswer, serve } from '../helpers/server.ts';
import { makeClip, temporaryFiles } from '../helpers/video.ts';

const { folder, file } = temporaryFiles();
const secret = makeClip(file('secret.ts'), { output: ['-c:v', 'mpeg2video', '-f', 'mpegts'] });
const refused = { code: 'ERR_INPUT_INVALID', message: expect.stringContaining('allowPlaylists') };
const frames = async (path: string, options: object = {}) => {
  const settings = { device: 'cpu', ...options } as const;
  return (await runSession(pipeline(), path, 'null:', settings).finished).frames;
};

const hls = (segment: string) =>
  `#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:1,\n${segment}\n#EXT-X-ENDLIST\n`;
const concat = (name: string) => `ffconcat version 1.0\nfile ${name}\n`;
const sdp = (port: string) =>
  `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video ${port} RTP/AVP 96\na=rtpmap:96 H264/90000\n`;
const dash = (url: string) =>
  `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011" type="static" mediaPresentationDuration="PT1S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="0" bandwidth="1"><BaseURL>${url}</BaseURL></Representation></AdaptationSet></Period></MPD>`;

let hits = 0;
let server = '';
beforeAll(async () => {
  const give = fileAnswer(secret);
  server = await serve((request, response) => {
    hits++;
    const lists: Record<string, string> = {
      '/live.m3u8?token=1': hls('segment.ts'),
      '/live': hls(`${server}/segment.ts`),
      '/local.m3u8': hls(`file://${secret}`),
    };
    const list = lists[request.url ?? ''];
    if (list === undefined) give(request, response);
    else response.setHeader('Content-Type', 'application/vnd.apple.mpegurl').end(list);
  });
});

function written(name: string, text: string): string {
  writeFileSync(file(name), text);
  return file(name);
}

describe.each(ffmpegPaths)('%s', (ffmpeg) => {
  it.each(['mp4', 'mkv', 'txt', 'jpg', ''])(
    'a playlist named .%s is not followed',
    async (extension) => {
      const name = (kind: string) => (extension ? `${kind}.${extension}` : kind);
      const { port } = new URL(server);
      hits = 0;
      const texts = {
        hls: hls(basename(secret)),
        'hls-absolute': hls(secret),
        'hls-http': hls(`${server}/segment.ts`),
        concat: concat(basename(secret)),
        'concat-http': concat(`${server}/segment.ts`),
        dash: dash(basename(secret)),
        'dash-http': dash(`${server}/segment.mp4`),
        sdp: sdp(port),
      };
      for (const [kind, text] of Object.entries(texts)) {
        const path = written(name(kind), text);
        await expect(frames(path, { ffmpeg }), kind).rejects.toMatchObject({
          code: 'ERR_INPUT_INVALID',
        });
      }
      expect(hits).toBe(0);
    },
  );

  it('one whose name says so is followed, beside it', async () => {
    const options = { ffmpeg };
    expect(await frames(written('list.m3u8', hls(basename(secret))), options)).toBe(25);
    expect(await frames(written('LIST.M3U8', hls(basename(secret))), options)).toBe(25);
    expect(await frames(written('list.ffconcat', concat(basename(secret))), options)).toBe(25);
  });

  it('not into the network, unless that is allowed', async () => {
    hits = 0;
    const list = written('away.m3u8', hls(`${server}/segment.ts`));
    await expect(frames(list, { ffmpeg })).rejects.toMatchObject(refused);
    expect(hits).toBe(0);
    expect(await frames(list, { ffmpeg, allowPlaylists: true })).toBe(25);
  });

  it('allowPlaylists follows the others, too', async () => {
    for (const text of [concat(basename(secret)), hls(basename(secret))]) {
      const list = written('allowed.mp4', text);
      expect(await frames(list, { ffmpeg, allowPlaylists: true })).toBe(25);
    }
  });

  it('behind a URL: by its path, or where it is allowed; never to a file', async () => {
    expect(await frames(`${server}/live.m3u8?token=1`, { ffmpeg })).toBe(25);
    await expect(frames(`${server}/live`, { ffmpeg })).rejects.toMatchObject(refused);
    expect(await frames(`${server}/live`, { ffmpeg, allowPlaylists: true })).toBe(25);
    const local = `${server}/local.m3u8`;
    await expect(frames(local, { ffmpeg })).rejects.toMatchObject({ code: /ERR_INPUT/ });
    await expect(frames(local, { ffmpeg, allowPlaylists: true })).rejects.toThrow();
  });
});

it('probe, VideoReader and the command line are told alike', async () => {
  const list = written('told.mp4', concat(basename(secret)));
  await expect(probe(list)).rejects.toMatchObject(refused);
  expect(await probe(list, { allowPlaylists: true })).toMatchObject({ container: 'concat' });
  await expect(VideoReader.open(list)).rejects.toMatchObject(refused);
  await using reader = await VideoReader.open(list, { device: 'cpu', allowPlaylists: true });
  expect(reader.info.width).toBe(64);
  const told = await framelane(['probe', list]);
  expect([told.code, told.stderr]).toEqual([1, expect.stringContaining('--allow-playlists')]);
  expect((await framelane(['probe', list, '--allow-playlists'])).code).toBe(0);
  const args = ['run', written('none.json', '{"stages":[]}'), '-i', list, '-o', 'null:', '--quiet'];
  expect((await framelane(args)).code).toBe(1);
  expect((await framelane([...args, '--allow-playlists'])).code).toBe(0);
});

it('what a playlist must be: a boolean', () => {
  const options = { allowPlaylists: 'yes' as never };
  expect(() => runSession(pipeline(), join(folder, 'x.mp4'), 'null:', options)).toThrow(
    'allowPlaylists: expected a boolean, received "yes"',
  );
});

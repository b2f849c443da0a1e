/** Streams beside the video: what containers take, what becomes of the rest, and that sound stays with the picture. */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ContainerName,
  containers,
  type EncoderOptions,
  pipeline,
  runSession,
  type SessionOptions,
} from 'framelane';
import { beforeAll, describe, expect, it } from 'vitest';
import { ffmpegPath, ffmpegPaths, newestFfmpeg } from '../helpers/programs.ts';
import { makeClip, packetHashes, probedStreams, temporaryFolder, times } from '../helpers/video.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const programs = ffmpegPaths;
const cpu = { device: 'cpu', overwrite: true } as const;

/** FFmpeg 4.1 lacks some encoders; the system's makes all sources. */
function make(args: readonly string[], program = newestFfmpeg): Buffer {
  const options = { env: { ...process.env, GCONV_PATH: '/nonexistent' }, maxBuffer: 1 << 28 };
  return execFileSync(program, ['-v', 'error', '-nostdin', '-y', ...args], options);
}

/** Encoders of FFmpeg for the codecs of the table; those it has none for cannot be tried. */
const audioEncoders: Record<string, readonly string[]> = {
  mp3: ['libmp3lame'],
  dts: ['dca', '-strict', '-2'],
  truehd: ['truehd', '-strict', '-2'],
  opus: ['libopus'],
  vorbis: ['libvorbis'],
  speex: ['libspeex', '-ar', '16000', '-ac', '1'],
  mlp: ['mlp', '-strict', '-2'],
  s302m: ['s302m', '-strict', '-2'],
  amr_nb: ['libopencore_amrnb', '-ar', '8000', '-ac', '1'],
  amr_wb: ['libvo_amrwbenc', '-ar', '16000', '-ac', '1'],
  g723_1: ['g723_1', '-ar', '8000', '-ac', '1', '-b:a', '6300'],
  adpcm_g726: ['g726', '-ar', '8000', '-ac', '1'],
  gsm: ['libgsm', '-ar', '8000', '-ac', '1'],
  gsm_ms: ['libgsm_ms', '-ar', '8000', '-ac', '1'],
  nellymoser: ['nellymoser', '-ar', '44100', '-ac', '1'],
  adpcm_swf: ['adpcm_swf', '-ar', '44100'],
};
/** FLV takes PCM at some rates. */
const flvRates: Record<string, string> = {
  pcm_s16le: '44100',
  pcm_u8: '44100',
  pcm_alaw: '8000',
  pcm_mulaw: '8000',
};
/** Codecs that Matroska does not take travel to the test in NUT, or MOV. */
const carriers: Record<string, string> = {
  pcm_s8: 'mov',
  pcm_f32be: 'mov',
  pcm_f64be: 'mov',
  s302m: 'ts',
  gsm: 'mov',
  nellymoser: 'mov',
  adpcm_ima_qt: 'mov',
};
const videoEncoders: Record<string, readonly string[]> = {
  h264: ['libx264', '-preset', 'ultrafast'],
  hevc: ['libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error'],
  vp8: ['libvpx'],
  vp9: ['libvpx-vp9'],
  av1: ['libaom-av1', '-cpu-used', '8', '-strict', '-2'],
  theora: ['libtheora'],
  prores: ['prores_ks', '-pix_fmt', 'yuv422p10le'],
  dnxhd: ['dnxhd', '-profile:v', 'dnxhr_sq', '-pix_fmt', 'yuv422p'],
  qtrle: ['qtrle', '-pix_fmt', 'rgb24'],
  png: ['png', '-pix_fmt', 'rgb24'],
  tiff: ['tiff', '-pix_fmt', 'rgb24'],
  gif: ['gif', '-pix_fmt', 'rgb8'],
  apng: ['apng', '-pix_fmt', 'rgb24'],
  mjpeg: ['mjpeg', '-pix_fmt', 'yuvj420p'],
  huffyuv: ['huffyuv', '-pix_fmt', 'yuv422p'],
  flv1: ['flv'],
};

const films = (['mp4', 'm4v', 'mov', 'mkv', 'webm', 'avi', 'ts', 'flv', 'ogv', 'nut'] as const).map(
  (name): [ContainerName, (typeof containers)[ContainerName]] => [name, containers[name]],
);

describe('the table of containers', () => {
  const audioOf = (codec: string) => file(`${codec}.${carriers[codec] ?? 'mka'}`);
  const sinceOf = (row: object) => {
    return Object.keys('audioSince' in row ? (row.audioSince as object) : {});
  };
  const audio = new Set<string>(films.flatMap(([, row]) => [...row.audio, ...sinceOf(row)]));
  // FFmpeg 7.0 copies no GIF out of Matroska.
  const videoOf = (codec: string) =>
    file(`${codec}.${{ qtrle: 'mov', gif: 'gif' }[codec] ?? 'mkv'}`);

  beforeAll(() => {
    const known = programs.map((program) =>
      make(['-hide_banner', '-encoders'], program).toString(),
    );
    for (const codec of audio) {
      const encoder = audioEncoders[codec] ?? [codec];
      const maker = known.findIndex((list) => list.includes(` ${encoder[0]} `));
      if (maker === -1) continue; // Speex in a build without it
      const source = ['-f', 'lavfi', '-i', 'sine=d=0.2:r=48000', '-ac', '2', '-c:a', ...encoder];
      make([...source, audioOf(codec)], programs[maker]);
      const rate = flvRates[codec];
      if (rate === undefined) continue;
      make([...source, '-ar', rate, '-ac', '1', file(`flv-${codec}.mka`)]);
    }
    const video = new Set<string>(
      films.flatMap(([, row]) => ('video' in row ? [...row.video] : [])),
    );
    for (const codec of video) {
      const source = ['-f', 'lavfi', '-i', 'testsrc=s=256x256:r=25:d=0.12'];
      const format = ['-pix_fmt', 'yuv420p'];
      make([...source, ...format, '-c:v', ...(videoEncoders[codec] ?? [codec]), videoOf(codec)]);
    }
    writeFileSync(file('words.srt'), '1\n00:00:00,100 --> 00:00:00,600\nwords\n\n');
  });

  describe.each(programs)('%s', (program) => {
    it.each(films)('muxes what .%s says it takes', (name, row) => {
      const probe = (path: string) =>
        probedStreams(path).map((stream) => String(stream['codec_name']));
      const muxed = (kind: 'a' | 'v', sources: readonly string[]) => {
        const path = file(`muxed-${kind}.${name}`);
        const inputs = sources.flatMap((source) => ['-i', source]);
        const maps = sources.flatMap((_, at) => ['-map', `${at}:${kind}:0`]);
        const more = 'args' in row ? row.args : [];
        make([...inputs, ...maps, '-c', 'copy', ...more, '-f', row.muxer, path], program);
        return probe(path);
      };
      const together = (
        kind: 'a' | 'v',
        codecs: readonly string[],
        of: (codec: string) => string,
      ) => {
        const made = codecs.filter((codec) => existsSync(of(codec)));
        const one = /flv|ogv|m4v|webm/.test(name); // a stream of a kind at a time
        const found = one
          ? made.flatMap((codec) => muxed(kind, [of(codec)]))
          : muxed(kind, made.map(of));
        // MPEG audio in MP4 has one object type for layers 2 and 3.
        const wanted =
          row.muxer === 'mp4' ? made.map((codec) => codec.replace('mp2', 'mp3')) : made;
        expect(found).toEqual(wanted);
      };
      const newer = program === ffmpegPath ? [] : sinceOf(row); // the bundled one is 4.1
      const source = (codec: string) => {
        return name === 'flv' && codec in flvRates ? file(`flv-${codec}.mka`) : audioOf(codec);
      };
      if (row.audio.length > 0) together('a', [...row.audio, ...newer], source);
      if ('video' in row) together('v', row.video, videoOf);
    });

    it.each(films)('copies into .%s whatever it takes', (name, row) => {
      if (program !== ffmpegPath) return; // what any of them takes is listed by what all of them take
      const undelayed: readonly string[] = 'undelayed' in row ? row.undelayed : [];
      const listed = new Set<string>([...row.audio, ...sinceOf(row), ...undelayed]);
      const others = [...audio].filter((codec) => !listed.has(codec) && existsSync(audioOf(codec)));
      const path = file(`taken.${name}`);
      const taken = others.filter((codec) => {
        const copy = ['-i', audioOf(codec), '-map', '0:a:0', '-c', 'copy', '-f', row.muxer];
        try {
          make([...copy, ...('args' in row ? row.args : []), path], program);
          make(['-xerror', '-i', path, '-f', 'null', '-'], program);
          return probedStreams(path)[0]?.['codec_name'] === codec;
        } catch {
          return false;
        }
      });
      expect(taken).toEqual([]);
    });

    it.each(films.filter(([, row]) => 'textSubtitles' in row))(
      'writes text into .%s',
      (name, row) => {
        const encoder = (row as { textSubtitles: string }).textSubtitles;
        const path = file(`words.${name}`);
        make(['-i', file('words.srt'), '-c:s', encoder, '-f', row.muxer, path], program);
        const written = probedStreams(path).map((stream) => String(stream['codec_name']));
        expect(row.subtitles as readonly string[]).toContain(written[0]);
      },
    );
  });
});

describe('streams', () => {
  const rich = file('rich.mkv');
  beforeAll(() => {
    makeClip(file('plain.mp4'), { seconds: 1, audioAt: 0 });
    writeFileSync(file('a.srt'), '1\n00:00:00,200 --> 00:00:00,700\nhello\n\n');
    writeFileSync(file('font.ttf'), Buffer.alloc(100, 7));
    const chapter = '[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle=one\n';
    writeFileSync(file('meta.txt'), `;FFMETADATA1\ntitle=a title\nartist=me\n${chapter}`);
    make([
      ...['-i', file('plain.mp4'), '-f', 'lavfi', '-i', 'sine=880:d=1:r=44100'],
      ...['-i', file('a.srt'), '-i', file('meta.txt'), '-map', '0:v', '-map', '0:a', '-map', '1:a'],
      ...['-map', '2:s', '-map', '2:s', '-map_metadata', '3', '-c:v', 'copy', '-c:a:0', 'copy'],
      ...['-c:a:1', 'flac', '-c:s:0', 'srt', '-c:s:1', 'ass', '-metadata:s:v:0', 'language=jpn'],
      ...['-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=fra'],
      ...['-metadata:s:a:1', 'title=commentary', '-disposition:s:1', 'forced'],
      ...['-metadata:s:s:0', 'language=deu', '-attach', file('font.ttf')],
      ...['-metadata:s:t', 'mimetype=application/x-truetype-font', rich],
    ]);
  });

  const through = async (name: string, options: object = {}) => {
    const session = runSession(pipeline(), rich, file(name), { ...cpu, ...options } as never);
    const { warnings } = await session.finished;
    const streams = probedStreams(file(name)).map((stream) => ({
      codec: String(stream['codec_name']),
      tags: (stream['tags'] ?? {}) as Record<string, string>,
      disposition: (stream['disposition'] ?? {}) as Record<string, number>,
    }));
    return { warnings, streams, codecs: streams.map(({ codec }) => codec) };
  };

  it.each(programs)('by %s are all in .mkv, with their tags', async (ffmpeg) => {
    const { warnings, streams, codecs } = await through('all.mkv', { ffmpeg, preset: 'ultrafast' });
    expect(codecs.slice(0, 5)).toEqual(['h264', 'aac', 'flac', 'subrip', 'ass']);
    expect(streams).toHaveLength(6); // and the font
    expect(warnings).toEqual([]);
    expect(streams[0]?.tags).toMatchObject({ language: 'jpn' });
    expect(streams[2]).toMatchObject({
      tags: { language: 'fra', title: 'commentary' },
    });
    expect(streams[3]?.tags).toMatchObject({ language: 'deu' });
    expect(streams[4]?.disposition).toMatchObject({ forced: 1 });
    const metadata = make(['-i', file('all.mkv'), '-f', 'ffmetadata', '-']).toString();
    expect(metadata).toMatch(/title=a title/);
    expect(metadata).toMatch(/title=one/);
    expect(packetHashes(file('all.mkv')).length).toBeGreaterThan(40);
  });

  it.each<[string, readonly string[], readonly RegExp[]]>([
    ['mp4', ['h264', 'aac', 'flac', 'mov_text', 'mov_text'], [/subrip/, /ass/]],
    ['mov', ['h264', 'aac', 'alac', 'mov_text', 'mov_text'], [/flac.*alac/, /subrip/, /ass/]],
    ['webm', ['vp9', 'opus', 'opus', 'webvtt', 'webvtt'], [/aac/, /flac/, /subrip/, /ass/]],
    ['ts', ['h264', 'aac', 'aac'], [/flac/, /subrip.*left out/, /ass.*left out/]],
    [
      'avi',
      ['mpeg4', 'pcm_s16le', 'pcm_s16le'],
      [/aac/, /flac/, /subrip.*left out/, /ass.*left out/],
    ],
    ['ogv', ['theora', 'vorbis', 'flac'], [/aac.*vorbis/, /left out/, /left out/]],
    ['gif', ['gif'], [/aac.*left out/, /flac.*left out/, /left out/, /left out/]],
  ])('become what .%s takes', async (extension, expected, told) => {
    const { warnings, codecs } = await through(`out.${extension}`);
    const carried = codecs.filter((codec) => !/bin_data|undefined/.test(codec)); // chapters of MP4
    expect(carried).toEqual(expected);
    expect(warnings).toHaveLength(told.length + 1);
    expect(warnings.at(-1)).toMatch(/attached .*is left out/);
    for (const [at, pattern] of told.entries()) expect(warnings[at]).toMatch(pattern);
  });

  it.each<[EncoderOptions, readonly string[]]>([
    [{ audio: 'none' }, ['h264', 'subrip', 'ass']],
    [{ subtitles: 'none', audio: 'libopus', audioBitrate: 64_000 }, ['h264', 'opus', 'opus']],
  ])('are as %o says', async (options, expected) => {
    const { codecs } = await through('chosen.mkv', options);
    expect(codecs.filter((codec) => codec !== 'ttf' && codec !== 'undefined')).toEqual(expected);
  });

  it.each(['mkv', 'mp4', 'webm'])('of a section are cut with it in .%s', async (extension) => {
    const long = file('long.mkv');
    const words = [0.2, 1, 3.2].map((at, n) => {
      return `${n + 1}\n00:00:0${at.toFixed(3).replace('.', ',')} --> 00:00:0${(at + 0.5).toFixed(3).replace('.', ',')}\nw${n}\n`;
    });
    const chapters = [0, 1000, 3000].map((at, n) => {
      return `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${at}\nEND=${at + 900}\ntitle=c${n}\n`;
    });
    writeFileSync(file('long.srt'), words.join('\n'));
    writeFileSync(file('long.txt'), `;FFMETADATA1\n${chapters.join('')}`);
    makeClip(file('long.mp4'), { seconds: 4, rate: 10, audioAt: 0 });
    const inputs = ['-i', file('long.mp4'), '-i', file('long.srt'), '-i', file('long.txt')];
    make([...inputs, '-map', '0', '-map', '1', '-c:v', 'copy', '-c:a', 'copy', long]);
    const output = file(`long-out.${extension}`);
    const fast = extension === 'webm' ? { cpuUsed: 8, deadline: 'realtime' } : {};
    const section = { from: 2.5, to: 3.8, ...cpu, ...fast } as SessionOptions;
    await runSession(pipeline(), long, output, section).finished;
    const said = make(['-i', output, '-map', '0:s:0', '-f', 'srt', '-']).toString();
    expect(said.match(/w\d/g)).toEqual(['w2']);
    expect(said).toMatch(/00:00:00,7\d\d --> 00:00:01,2\d\d/);
    const told = make(['-i', output, '-f', 'ffmetadata', '-']).toString();
    expect(told.match(/title=c\d/g)).toEqual(['title=c2']);
    // MP4 of FFmpeg 4.1 makes the first chapter start with the film.
    if (extension !== 'mp4') expect(told).toMatch(/START=(?:49|50)\d/);
    // Its times count from the sound, 23 ms before the first frame: at 2.5 s one is on display.
    expect(times(output, 'v')).toHaveLength(14);
    expect(times(output, 'v')[0]).toBeLessThan(0.05);
    expect(times(output, 'a').at(-1)).toBeGreaterThan(1.2);
  });

  it('by an encoder there is not are refused before anything starts', async () => {
    const session = runSession(pipeline(), rich, file('no.mkv'), { ...cpu, audio: 'nope' });
    await expect(session.finished).rejects.toMatchObject({
      code: 'ERR_FFMPEG_CAPABILITY',
      path: 'audio',
    });
  });
});

describe('sound and picture', () => {
  const rate = 25;
  const flashAt = 0.8;

  /** A frame of white at 0.8 s and a tone that starts with it. */
  function flashAndBeep(path: string, more: readonly string[] = []): string {
    if (existsSync(path)) return path;
    const video = `color=black:s=64x48:r=${rate}:d=1.4,geq=lum='if(eq(N,${flashAt * rate}),235,16)':cb=128:cr=128`;
    const audio = `aevalsrc='gte(t,${flashAt})*lt(t,${flashAt + 0.1})*sin(6000*t)':s=48000:d=1.4`;
    const inputs = ['-f', 'lavfi', '-i', video, '-f', 'lavfi', '-i', audio];
    make([...inputs, '-c:v', 'libx264', '-g', '10', '-c:a', 'aac', ...more, path]);
    return path;
  }

  function flashTime(path: string): number {
    const lumas = make([
      '-i',
      path,
      '-vsync',
      'passthrough',
      '-vf',
      'scale=1:1',
      '-pix_fmt',
      'gray',
      '-f',
      'rawvideo',
      '-',
    ]);
    const shown = times(path, 'v');
    expect(lumas).toHaveLength(shown.length);
    return shown[lumas.indexOf(Math.max(...lumas))] as number;
  }

  /** Sample 0 is time 0 of the file, whatever its audio starts with. */
  function beepTime(path: string): number {
    const filter = 'aresample=48000:async=1:first_pts=0';
    const raw = make([
      '-copyts',
      '-i',
      path,
      '-map',
      '0:a',
      '-af',
      filter,
      '-ac',
      '1',
      '-f',
      's16le',
      '-',
    ]);
    const samples = new Int16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
    return samples.findIndex((sample) => Math.abs(sample) > 3000) / 48_000;
  }

  const distance = (path: string) => beepTime(path) - flashTime(path);
  const measured = new Map<string, number>();
  const distanceOf = (source: string) => {
    const known = measured.get(source) ?? distance(source);
    measured.set(source, known);
    return known;
  };

  it.each([
    ['mp4', []],
    ['mkv', ['-output_ts_offset', '5']],
    ['ts', []],
  ])('measure as they were made in .%s', (extension, more) => {
    expect(Math.abs(distance(flashAndBeep(file(`in.${extension}`), more)))).toBeLessThan(0.01);
  });

  it.each([
    ['mp4', 'mp4', {}],
    ['mp4', 'mkv', {}],
    ['mp4', 'mov', {}],
    ['mp4', 'webm', {}],
    ['mp4', 'ts', {}],
    ['ts', 'mp4', {}],
    ['mkv', 'mp4', {}],
    ['mp4', 'avi', {}],
    ['mp4', 'mkv', { fps: 30 }],
    ['ts', 'mp4', { fps: 10 }],
    ['mp4', 'mp4', { audio: 'aac' }],
    ['mp4', 'mkv', { audio: 'libopus' }],
    ['mp4', 'mp4', { from: 0.5, to: 1.1 }],
    ['mp4', 'mkv', { from: 0.5, to: 1.1 }],
    ['mp4', 'mov', { from: 0.5 }],
    ['mp4', 'webm', { from: 0.5, to: 1.1 }],
    ['mp4', 'ts', { from: 0.5, to: 1.1 }],
    ['ts', 'webm', { to: 1.1 }],
    ['mkv', 'mp4', { from: 0.5, to: 1.1, audio: 'aac' }],
  ])('stay together from .%s to .%s with %o', async (from, to, options) => {
    const more = from === 'mkv' ? ['-output_ts_offset', '5'] : [];
    const input = flashAndBeep(file(`in.${from}`), more);
    const output = file(`sync.${to}`);
    const fast = to === 'webm' ? { cpuUsed: 8, deadline: 'realtime' } : {};
    await runSession(pipeline(), input, output, { ...cpu, ...fast, ...options } as never).finished;
    const moved = distance(output) - distanceOf(input);
    expect(Math.abs(moved)).toBeLessThan(
      1 / Math.min(rate, Number((options as SessionOptions).fps ?? rate)),
    );
    const { from: start = 0, to: end = 1.4, fps = rate } = options as SessionOptions;
    // Seconds count from the start of the file, which is that of its audio in MPEG-TS.
    expect(Math.abs(times(output, 'v').length - (end - start) * Number(fps))).toBeLessThan(1.01);
    const sound = times(output, 'a');
    const length = (sound.at(-1) as number) - (sound[0] as number);
    expect(Math.abs(length - (end - start))).toBeLessThan(0.08);
  });
});

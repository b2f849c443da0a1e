import { findTool, openFfmpeg } from '../../ffmpeg/ffmpeg.ts';
import { capture } from '../../ffmpeg/process.ts';
import type { Finding } from './finding.ts';

const interesting = ['libx264', 'libx265', 'libsvtav1', 'libvpx-vp9', 'prores_ks', 'ffv1'];

/** FFmpeg, its encoders, and ffprobe. */
export async function programFindings(): Promise<Finding[]> {
  return [...(await ffmpegFindings()), await ffprobeFinding()];
}

async function ffmpegFindings(): Promise<Finding[]> {
  try {
    const { path, version, encoders } = await openFfmpeg();
    const software = interesting.filter((name) => encoders.has(name));
    const nvenc = [...encoders].filter((name) => name.endsWith('_nvenc'));
    return [
      { name: 'ffmpeg', ok: true, detail: `${version}, ${path}` },
      encoderFinding('encoders', software, 'an FFmpeg built with libx264'),
      encoderFinding('nvenc', nvenc, 'an FFmpeg built with NVENC, for an NVIDIA GPU'),
    ];
  } catch (error) {
    return [missing('ffmpeg', error, 'set FRAMELANE_FFMPEG=/path/to/ffmpeg, or run npm ci')];
  }
}

function encoderFinding(name: string, encoders: readonly string[], need: string): Finding {
  if (encoders.length > 0) return { name, ok: true, detail: encoders.join(', ') };
  const remedy = `set FRAMELANE_FFMPEG to ${need}`;
  return { name, ok: false, detail: 'none in this FFmpeg', remedy };
}

async function ffprobeFinding(): Promise<Finding> {
  try {
    const path = await findTool('ffprobe');
    const { stdout } = await capture(path, ['-version']);
    const version = /^ffprobe version (\S+)/m.exec(stdout)?.[1];
    if (version === undefined)
      throw new Error(`${path} is not ffprobe: -version prints no version`);
    return { name: 'ffprobe', ok: true, detail: `${version}, ${path}` };
  } catch (error) {
    return missing('ffprobe', error, 'set FRAMELANE_FFPROBE=/path/to/ffprobe, or run npm ci');
  }
}

function missing(name: string, error: unknown, remedy: string): Finding {
  return { name, ok: false, detail: (error as Error).message, remedy, essential: true };
}

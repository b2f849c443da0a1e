/** Sources that FFmpeg's devices read: cameras, screens, and test patterns of its filters. */
import { FramelaneError } from '../../errors/errors.ts';
import type { InputSource } from '../format/source.ts';

const camera = /^\/dev\/(video|v4l\/)/;
const screen = /^x11:/;
const pattern = /^lavfi:/;

/**
 * The source named `/dev/video0`, `x11:DISPLAY+X,Y` or `lavfi:GRAPH`; undefined for other names. Cameras and screens take
 * `?size=WIDTHxHEIGHT&fps=RATE`.
 */
export function findCaptureSource(path: string, timeout: number): InputSource | undefined {
  if (pattern.test(path)) {
    const url = path.slice('lavfi:'.length);
    if (url === '') throw invalid(path, 'expected a filter graph, such as lavfi:testsrc2');
    return { path, url, options: ['-f', 'lavfi'], warnings: [], kind: 'pattern' };
  }
  if (camera.test(path)) {
    const { name, options } = parse(path);
    return captured(path, name, ['-f', 'video4linux2', ...options], timeout);
  }
  if (!screen.test(path)) return undefined;
  const { name, options } = parse(path);
  const display = name.slice('x11:'.length) || process.env['DISPLAY'] || ':0';
  return captured(path, display, ['-f', 'x11grab', ...options], timeout);
}

function captured(
  path: string,
  url: string,
  options: readonly string[],
  timeout: number,
): InputSource {
  return { path, url, options, warnings: [], kind: 'capture', once: true, timeout };
}

function parse(path: string): { readonly name: string; readonly options: readonly string[] } {
  const [name = '', query = ''] = path.split('?', 2);
  const options = [...new URLSearchParams(query)].flatMap(([key, value]) => {
    if (key === 'size' && /^[1-9]\d*x[1-9]\d*$/.test(value)) return ['-video_size', value];
    if (key === 'fps' && /^[1-9]\d*([./]\d+)?$/.test(value)) return ['-framerate', value];
    const expected = 'expected ?size=WIDTHxHEIGHT&fps=RATE after the device';
    throw invalid(path, `${expected}, received ${key}=${value}`);
  });
  return { name, options };
}

function invalid(path: string, reason: string): FramelaneError {
  return new FramelaneError('ERR_INPUT_INVALID', `${path}: ${reason}`);
}

/** FFmpeg's name of the device that reads a source; undefined for files and URLs. */
export function deviceOf({ kind, options }: InputSource): string | undefined {
  return kind === 'capture' || kind === 'pattern' ? options[1] : undefined;
}

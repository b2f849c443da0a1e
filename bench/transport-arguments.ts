/** FFmpeg arguments that decode a clip to unconverted raw frames on stdout, every frame once. */
export function decodeArguments(clip: string): string[] {
  const input = ['-v', 'error', '-nostdin', '-i', clip, '-map', '0:v:0', '-vsync', 'passthrough'];
  return [...input, '-f', 'rawvideo', 'pipe:1'];
}

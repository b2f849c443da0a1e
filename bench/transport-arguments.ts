/** FFmpeg's arguments that decode a clip to raw frames on stdout as they are, every frame once. */
export function decodeArguments(clip: string): string[] {
  const input = ['-v', 'error', '-nostdin', '-i', clip, '-map', '0:v:0', '-vsync', 'passthrough'];
  return [...input, '-f', 'rawvideo', 'pipe:1'];
}

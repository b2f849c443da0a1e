/** Cuts a section of subtitles in text form: SubRip, WebVTT and Advanced SubStation. */

/** Named as FFmpeg's muxers. */
export type SubtitleFormat = 'srt' | 'webvtt' | 'ass';

const cueTimes = /^((?:\d+:)?\d+:\d+[.,]\d+) --> ((?:\d+:)?\d+:\d+[.,]\d+)(.*)$/m;
const dialogue = /^(Dialogue: [^,]*),([^,]*),([^,]*),(.*)$/;

/** The subtitles on screen between `from` and `to`, with times counted from `from`; other text stays unchanged. */
export function cutText(
  text: string,
  format: SubtitleFormat,
  from: number,
  to = Number.POSITIVE_INFINITY,
): string {
  const cut = (begin: string, end: string) => {
    const [first, last] = [Math.max(from, secondsOf(begin)), Math.min(to, secondsOf(end))];
    return first < last ? [first - from, last - from] : undefined;
  };
  const lines = text.replaceAll('\r\n', '\n');
  if (format === 'ass') {
    return lines
      .split('\n')
      .flatMap((line) => {
        const [, head, begin = '', end = '', rest] = dialogue.exec(line) ?? [];
        if (head === undefined) return [line];
        const times = cut(begin, end)?.map((time) => clock(time, 2, '.').replace(/^0/, ''));
        return times === undefined ? [] : [`${head},${times.join(',')},${rest}`];
      })
      .join('\n');
  }
  const point = format === 'srt' ? ',' : '.';
  const blocks = lines.split(/\n{2,}/).flatMap((block) => {
    const [whole, begin = '', end = '', rest = ''] = cueTimes.exec(block) ?? [];
    if (whole === undefined) return block.trim() === '' ? [] : [block];
    const times = cut(begin, end)?.map((time) => clock(time, 3, point));
    return times === undefined ? [] : [block.replace(whole, () => times.join(' --> ') + rest)];
  });
  return `${blocks.join('\n\n')}\n\n`;
}

function secondsOf(text: string): number {
  return text
    .replace(',', '.')
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0);
}

function clock(seconds: number, digits: number, point: string): string {
  const units = Math.round(seconds * 10 ** digits);
  const whole = Math.floor(units / 10 ** digits);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const fraction = String(units % 10 ** digits).padStart(digits, '0');
  return `${two(whole / 3600)}:${two((whole / 60) % 60)}:${two(whole % 60)}${point}${fraction}`;
}

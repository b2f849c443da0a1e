/** What FFmpeg's lists say of themselves: `-encoders`, `-muxers`, `-devices`, `-filters`, `-protocols` and `-hwaccels`. */

// The number of columns differs between versions, and the line of dashes does not tell it; the legend does.
const legendLine = /^ *([A-Za-z.|]{1,8}) += +(.*)$/;
const divider = /^ *-{2,}$/;

/**
 * The names in a list whose flags have a legend. With `meaning` only those that have the flag that the legend explains so:
 * `Muxing` for ` .E. = Muxing supported`. A list that says nothing of it has none.
 */
export function listedNames(list: string, meaning?: string): ReadonlySet<string> {
  const lines = list.split('\n');
  const start = lines.findLastIndex((line) => legendLine.test(line) || divider.test(line)) + 1;
  const legend = lines.slice(0, start).flatMap((line) => {
    const [, flags, text = ''] = legendLine.exec(line) ?? [];
    return flags === undefined ? [] : [{ flags, text }];
  });
  if (legend.length === 0) return new Set();
  const wanted = legend.find(({ text }) => meaning !== undefined && text.startsWith(meaning));
  if (meaning !== undefined && wanted === undefined) return new Set();
  const column = wanted?.flags.search(/[^.]/) ?? 0;
  const width = Math.max(...legend.map(({ flags }) => flags.length));
  // FFmpeg 8 has fewer columns in the rows of its filters than in their legend.
  const row = new RegExp(`^ ([A-Za-z. ]{1,${width}}) +(\\S+)`);
  const names = lines.slice(start).flatMap((line) => {
    const [, flags = '', name = ''] = row.exec(line) ?? [];
    return wanted === undefined || flags[column] === wanted.flags[column] ? name.split(',') : [];
  });
  return new Set(names.filter((name) => name !== ''));
}

/** The names below a title, one a line: `Input:` of the protocols. */
export function namesBelow(list: string, title: string): ReadonlySet<string> {
  const lines = list.split('\n').map((line) => line.trim());
  const below = lines.slice(lines.indexOf(title) + 1 || lines.length);
  const end = below.findIndex((line) => line.endsWith(':'));
  return new Set(below.slice(0, end < 0 ? undefined : end).filter((line) => /^\w+$/.test(line)));
}

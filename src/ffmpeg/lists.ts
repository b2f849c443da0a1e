/** Parses FFmpeg's lists: `-encoders`, `-muxers`, `-devices`, `-filters`, `-protocols` and `-hwaccels`. */

// The number of flag columns differs between versions; only the legend tells it.
const legendLine = /^ *([A-Za-z.|]{1,8}) += +(.*)$/;
const divider = /^ *-{2,}$/;

/**
 * The names in a list whose flags have a legend. With `meaning`, only names with the flag of that meaning: `Muxing` for
 * ` .E. = Muxing supported`. None where the legend lacks it.
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
  // The rows of FFmpeg 8's filters have fewer columns than their legend.
  const row = new RegExp(`^ ([A-Za-z. ]{1,${width}}) +(\\S+)`);
  const names = lines.slice(start).flatMap((line) => {
    const [, flags = '', name = ''] = row.exec(line) ?? [];
    return wanted === undefined || flags[column] === wanted.flags[column] ? name.split(',') : [];
  });
  return new Set(names.filter((name) => name !== ''));
}

/** The names below a title such as `Input:` of the protocols, one per line. */
export function namesBelow(list: string, title: string): ReadonlySet<string> {
  const lines = list.split('\n').map((line) => line.trim());
  const below = lines.slice(lines.indexOf(title) + 1 || lines.length);
  const end = below.findIndex((line) => line.endsWith(':'));
  return new Set(below.slice(0, end < 0 ? undefined : end).filter((line) => /^\w+$/.test(line)));
}

/** The reference of encoders and containers (docs/encoders.md), generated from the tables. */
import { describeParameter, type Parameter } from '../../schema/parameter.ts';
import { type Container, containers } from '../format/container.ts';
import type { EncoderDeclaration } from './encoders/declaration.ts';
import { aliases, encoders } from './encoders/index.ts';

/** Both tables, in Markdown. */
export function encoderMarkdown(): string {
  const parts = [
    '# Encoders and containers',
    'Generated from the tables in `src/video/output/encoders` and `src/video/format/container.ts` by `npm run docs`.',
    'An encoder is named by `codec`: its own name, one of the aliases, or any other name of FFmpeg (with `encoderArgs` only). ' +
      'Every option may be left out. On the command line: `--codec`, `--option name=value`, or `-o out.mp4,name=value`.',
    ...Object.entries<EncoderDeclaration>(encoders).map(([name, row]) => encoderSection(name, row)),
    '## Containers',
    'By the extension of the output, or `container`. Audio and subtitles in a codec that is listed are copied; other audio is ' +
      'converted: lossless audio to PCM, FLAC or ALAC if the container takes it, so that every sample stays; the rest by the first listed ' +
      'encoder that FFmpeg has. Other text subtitles are converted to the format in brackets. Codecs with a plus are copied by FFmpeg 5 ' +
      'and newer.',
    [
      '| container | extensions | encoder | audio | converted by | subtitles |',
      '|---|---|---|---|---|---|',
      ...Object.entries<Container>(containers).map(([name, row]) => containerRow(name, row)),
    ].join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Other names of an encoder. */
export function aliasesOf(name: string): string[] {
  return Object.entries(aliases).flatMap(([alias, encoder]) => (encoder === name ? [alias] : []));
}

/** The values that an option of an encoder takes. */
export function parameterText(parameter: Parameter): string {
  return describeParameter(parameter) + (parameter.unit === undefined ? '' : ` ${parameter.unit}`);
}

function encoderSection(name: string, { doc, parameters }: EncoderDeclaration): string {
  const others = aliasesOf(name).map((alias) => `\`${alias}\``);
  const heading = `## ${name}${others.length === 0 ? '' : ` (${others.join(', ')})`}`;
  const rows = Object.entries(parameters).map(([option, parameter]) => {
    return `| \`${option}\` | ${parameterText(parameter)} | ${parameter.doc} |`;
  });
  const table = ['| option | value | |', '|---|---|---|', ...rows].join('\n');
  return [heading, doc, ...(rows.length === 0 ? [] : [table])].join('\n\n');
}

function containerRow(name: string, row: Container): string {
  const subtitles = [
    ...row.subtitles,
    ...(row.textSubtitles === undefined ? [] : [`(${row.textSubtitles})`]),
  ];
  const cells = [
    name,
    row.extensions.join(' '),
    row.encoder,
    [...row.audio, ...Object.keys(row.audioSince ?? {}).map((codec) => `${codec}+`)].join(', '),
    row.audioEncoders.join(', '),
    subtitles.join(', '),
  ];
  return `| ${cells.map((cell) => cell || '–').join(' | ')} |`;
}

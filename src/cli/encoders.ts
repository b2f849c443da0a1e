import { Command } from 'commander';
import { didYouMean } from '../errors/suggest.ts';
import { aliasesOf, encoderMarkdown, parameterText } from '../video/output/encoder-reference.ts';
import type { EncoderDeclaration } from '../video/output/encoders/declaration.ts';
import { aliases, encoderName, encoderNamed, encoders } from '../video/output/encoders/index.ts';
import { usageError } from './failure.ts';
import { columns, print } from './output.ts';

export function encodersCommand(): Command {
  return new Command('encoders')
    .description('list the video encoders, or show one with its options')
    .argument('[name]', 'an encoder, such as h264')
    .option('--markdown', 'print the whole reference in Markdown')
    .action((name: string | undefined, { markdown }: { markdown?: true }) => {
      if (name !== undefined) print(describeEncoder(name));
      else print(markdown ? encoderMarkdown().trimEnd() : listEncoders());
    });
}

function listEncoders(): string {
  const rows = Object.entries<EncoderDeclaration>(encoders).map(([name, { doc }]) => {
    return [name, aliasesOf(name).join(', '), doc];
  });
  return `${columns(rows)}\n\nframelane encoders <name> shows the options of one.`;
}

function describeEncoder(asked: string): string {
  const name = encoderName(asked);
  const encoder = encoderNamed(name);
  if (encoder === undefined) {
    const hint = didYouMean(asked, [...Object.keys(encoders), ...Object.keys(aliases)]);
    throw usageError(`unknown encoder "${asked}"${hint}`);
  }
  const rows = Object.entries(encoder.parameters).map(([option, parameter]) => {
    return [option, parameterText(parameter), parameter.doc];
  });
  const options = rows.length === 0 ? 'It has no options.' : columns(rows);
  return `${name}: ${encoder.doc}\n\n${options}`;
}

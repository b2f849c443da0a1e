import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { checkCommand } from './check.ts';
import { doctorCommand } from './doctor.ts';
import { encodersCommand } from './encoders.ts';
import { opsCommand } from './ops.ts';
import { previewCommand } from './preview.ts';
import { probeCommand } from './probe.ts';
import { runCommand } from './run.ts';
import { schemaCommand } from './schema.ts';

const examples = `
Examples:
  $ framelane run pipelines/vintage.json -i clip.mp4 -o out.mp4
  $ framelane run pipelines/watermark.json -i photo.jpg -o marked.png --set opacity=0.5
  $ framelane check pipelines/vintage.json --size 1920x1080
  $ framelane ops gaussianBlur`;

/** The command line; with --json, usage errors are reported on stdout too. */
export function createProgram(args: readonly string[]): Command {
  const program = new Command('framelane')
    .description('Runs pipelines of image operations on videos and pictures, on CUDA or the CPU.')
    .version(packageVersion())
    .addHelpText('after', examples);
  const commands = [
    runCommand(),
    previewCommand(),
    checkCommand(),
    probeCommand(),
    opsCommand(),
    encodersCommand(),
    schemaCommand(),
    doctorCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands]) {
    command
      .exitOverride()
      .showHelpAfterError('(--help lists the options)')
      .configureOutput({
        outputError: (text, write) => write(text.replace(/^error: /, 'framelane: ')),
        ...(args.includes('--json') && { writeErr: () => {} }),
      });
  }
  return program;
}

function packageVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

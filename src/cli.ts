#!/usr/bin/env node
import { CommanderError } from 'commander';
import { exitCodeOf, reportError } from './cli/failure.ts';
import { createProgram } from './cli/program.ts';

// Writing to a closed terminal fails; the run still finishes its files.
process.stderr.on('error', () => {});
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
});

const args = process.argv.slice(2);
try {
  await createProgram(args).parseAsync(args, { from: 'user' });
} catch (error) {
  // Commander throws for --help and --version too, after printing them.
  if (!(error instanceof CommanderError && error.exitCode === 0)) {
    reportError(error, args.includes('--json'));
    process.exitCode ??= exitCodeOf(error);
  }
}

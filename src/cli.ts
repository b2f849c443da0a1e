#!/usr/bin/env node
import { CommanderError } from 'commander';
import { exitCodeOf, reportError } from './cli/failure.ts';
import { createProgram } from './cli/program.ts';

// A closed terminal takes no more output, but work in progress still finishes.
process.stderr.on('error', () => {});
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
});

const args = process.argv.slice(2);
try {
  await createProgram(args).parseAsync(args, { from: 'user' });
} catch (error) {
  // Help and version arrive as errors, too; commander has printed them.
  if (!(error instanceof CommanderError && error.exitCode === 0)) {
    reportError(error, args.includes('--json'));
    process.exitCode ??= exitCodeOf(error);
  }
}

import { Command } from 'commander';
import type { Finding } from './doctor/finding.ts';
import { print } from './output.ts';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'check the addon, devices, FFmpeg and display of this machine, and print how to fix what is missing',
    )
    .action(async () => {
      const { addonFindings } = await import('./doctor/addon.ts');
      const { programFindings } = await import('./doctor/programs.ts');
      const { displayFindings } = await import('./doctor/display.ts');
      const findings = [
        { name: 'node', ok: true, detail: `${process.version} ${process.arch}` },
        ...addonFindings(),
        ...(await programFindings()),
        ...(await displayFindings()),
      ];
      print(report(findings));
      if (findings.some(({ ok, essential }) => !ok && essential)) process.exitCode = 1;
    });
}

function report(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap(({ name, ok, detail, remedy }) => {
    const line = `${ok ? 'ok     ' : 'missing'}  ${name.padEnd(width)}  ${detail}`;
    return ok || !remedy ? [line] : [line, `${' '.repeat(width + 11)}-> ${remedy}`];
  });
  return lines.join('\n');
}

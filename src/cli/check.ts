import { Command } from 'commander';
import type { DeviceOption } from '../device.ts';
import { FramelaneError } from '../errors/errors.ts';
import type { NativePixelFormat } from '../native/plan.ts';
import type { PipelineFile } from '../pipeline/file.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { usageError } from './failure.ts';
import { loadOps, opsOption } from './load-ops.ts';
import { columns, print, printNote } from './output.ts';
import { assetsOption, collect, readPipelineArguments, setOption } from './pipeline-arguments.ts';

interface Flags {
  readonly set?: readonly string[];
  readonly ops?: readonly string[];
  readonly assets?: string;
  readonly size?: string;
  readonly format: string;
  readonly device: string;
}

const help = `
Examples:
  $ framelane check pipelines/vintage.json
  $ framelane check pipelines/vintage.json --set strength=0.5 --size 1920x1080`;

export function checkCommand(): Command {
  return new Command('check')
    .description(
      'validate a pipeline file and print its stages; with --size, the passes of its plan too',
    )
    .argument('<pipeline>', 'a pipeline file')
    .option(...setOption, collect)
    .option(...assetsOption)
    .option(...opsOption, collect)
    .option('--size <width>x<height>', 'also print the passes of the plan for frames of this size')
    .option('--format <format>', 'pixel format of those frames', 'yuv420p')
    .option('--device <device>', 'device of the plan: auto, cpu or cuda:n', 'auto')
    .addHelpText('after', help)
    .action(async (path: string, flags: Flags) => {
      await loadOps(flags.ops);
      const { file, pipeline } = await readPipelineArguments(path, flags.set, {
        assets: flags.assets,
      });
      print(describePipeline(path, file, pipeline));
      if (flags.size !== undefined) await printPlan(pipeline, flags.size, flags);
    });
}

function describePipeline(path: string, file: PipelineFile, { stages }: Pipeline): string {
  const variables = Object.entries(file.variables).map(([name, variable]) => {
    return [name, variable.type, JSON.stringify(variable.default), variable.description ?? ''];
  });
  const steps = stages.map(({ op, ...options }, index) => {
    const values = Object.entries(options).map(([name, value]) => `${name}=${show(value)}`);
    return [String(index), op, values.join(' ')];
  });
  const sections = [`${path}: valid${file.description ? `. ${file.description}` : ''}`];
  if (variables.length > 0) sections.push(`Variables\n${columns(variables)}`);
  sections.push(steps.length > 0 ? `Stages\n${columns(steps)}` : 'No stages.');
  return sections.join('\n\n');
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

async function printPlan(pipeline: Pipeline, size: string, flags: Flags): Promise<void> {
  const [, width, height] = /^(\d+)x(\d+)$/.exec(size) ?? [];
  if (!width || !height)
    throw usageError(`--size: expected WIDTHxHEIGHT such as 1920x1080, received "${size}"`);
  const { compileStages, prepareStages } = await import('../plan.ts');
  const { resolveDevice } = await import('../device.ts');
  const { isRgb } = await import('../image/frame-shape.ts');
  try {
    const device = resolveDevice(flags.device as DeviceOption);
    // As for an HDR video, so that a toneMap shows its passes.
    using prepared = await prepareStages(pipeline, device, { transfer: 'smpte2084' });
    const format = flags.format as NativePixelFormat;
    const colour = {
      matrix: 'bt709',
      range: isRgb(format) ? 'full' : 'limited',
    } as const;
    const shape = { format, width: Number(width), height: Number(height), ...colour };
    const plan = compileStages(prepared.stages, shape, { device });
    const passes = plan.passthrough ? ['none: frames pass through unchanged'] : plan.describe();
    print(`\nPlan for ${size} ${format} on ${device}\n${columns(passes.map((pass) => [pass]))}`);
  } catch (error) {
    const unavailable = error instanceof FramelaneError && error.code === 'ERR_ADDON_UNAVAILABLE';
    if (!unavailable) throw error;
    printNote(`no plan: ${error.message}`);
  }
}

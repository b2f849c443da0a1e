/** Resolves toneMap's `from: "auto"` by the source, and tells whether a pipeline maps HDR to SDR. */
import { describeValue, FramelaneError } from '../errors/errors.ts';
import { expectOptions } from '../errors/option-names.ts';
import type { Stage } from '../ops/index.ts';
import { pipelineOf } from './pipeline.ts';

/** Metadata of the frames that a pipeline receives. */
export interface SourceInfo {
  /** The transfer function as FFmpeg names it: `smpte2084`, `arib-std-b67`, `bt709` …; undefined if untagged. */
  readonly transfer?: string | undefined;
}

const hdr: Readonly<Record<string, 'pq' | 'hlg'>> = { smpte2084: 'pq', 'arib-std-b67': 'hlg' };

const sdr: readonly string[] = [
  'bt709',
  'bt470m',
  'bt470bg',
  'smpte170m',
  'smpte240m',
  'iec61966-2-1',
  'iec61966-2-4',
  'bt1361e',
  'bt2020-10',
  'bt2020-12',
];

/**
 * The stages with every toneMap's `from` resolved by the source; a toneMap of SDR frames has no effect and becomes undefined.
 * An untagged source is ERR_INVALID_OPTION; `at` is the place of the stages.
 */
export function resolveToneMaps(
  stages: readonly Stage[],
  source: SourceInfo,
  at = 'stages',
): readonly (Stage | undefined)[] {
  let transfer = source.transfer;
  return stages.map((stage, index) => {
    if (stage.op !== 'toneMap') return stage;
    const path = `${at}[${index}].from`;
    const from = stage.from === 'auto' ? transferOf(transfer, path) : stage.from;
    transfer = transferBehind(stage, transfer);
    return from === 'sdr' ? undefined : { ...stage, from };
  });
}

/** The transfer function after a stage. */
export function transferBehind(stage: Stage, transfer: string | undefined): string | undefined {
  return stage.op === 'toneMap' ? 'bt709' : transfer;
}

/**
 * Whether the pipeline maps the source to SDR in BT.709, so that the result should be tagged as such.
 *
 * @example
 * isToneMapped(pipeline().toneMap().stages, { transfer: 'smpte2084' }) // true
 */
export function isToneMapped(stages: readonly Stage[], source: SourceInfo): boolean {
  const { stages: checked } = pipelineOf({ stages }, 'stages');
  expectOptions(source, 'source');
  return resolveToneMaps(checked, source).some((stage) => stage?.op === 'toneMap');
}

function transferOf(transfer: string | undefined, path: string): 'pq' | 'hlg' | 'sdr' {
  if (transfer !== undefined && Object.hasOwn(hdr, transfer)) return hdr[transfer] as 'pq' | 'hlg';
  if (transfer !== undefined && sdr.includes(transfer)) return 'sdr';
  const received =
    transfer === undefined ? 'an untagged one' : `one tagged ${describeValue(transfer)}`;
  throw new FramelaneError(
    'ERR_INVALID_OPTION',
    `${path}: toneMap's "auto" expects a source tagged as PQ, HLG or SDR, received ${received}; ` +
      'set from to "pq" or "hlg"',
    { path },
  );
}

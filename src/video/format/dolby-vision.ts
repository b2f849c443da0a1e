/** Dolby Vision: the profile of a stream, and whether its base layer can be shown alone. */
import { FramelaneError } from '../../errors/errors.ts';
import { type Fields, finite, list, text } from './ffprobe-fields.ts';

export interface DolbyVision {
  /** Undefined where an old ffprobe does not report it, and only the codec tag reveals Dolby Vision. */
  readonly profile: number | undefined;
  readonly level: number | undefined;
  /** The format of the base layer alone: 0 none, 1 HDR10, 2 SDR, 4 HLG, 6 HDR10 of Blu-ray. */
  readonly compatibility: number | undefined;
}

const tags = /^(dvh1|dvhe|dva1|dvav|dav1)$/;

/** From the configuration record, which ffprobe reports since FFmpeg 4.4; before that from the codec tag. */
export function dolbyVisionOf(stream: Fields): DolbyVision | undefined {
  const record = list(stream['side_data_list']).find((data) => {
    return text(data['side_data_type'])?.startsWith('DOVI');
  });
  if (record !== undefined) {
    return {
      profile: finite(record['dv_profile']),
      level: finite(record['dv_level']),
      compatibility: finite(record['dv_bl_signal_compatibility_id']),
    };
  }
  if (!tags.test(text(stream['codec_tag_string']) ?? '')) return undefined;
  return { profile: undefined, level: undefined, compatibility: undefined };
}

/** Profiles whose base layer is always IPTPQc2, a colour space that only Dolby Vision can show. */
const bare: readonly (number | undefined)[] = [1, 3, 5];
/** Profiles whose compatibility tells whether the base layer is IPTPQc2: AV1 and multiview HEVC. */
const either: readonly (number | undefined)[] = [10, 20];

/** Whether the base layer has wrong colours without Dolby Vision. */
export function needsDolbyVision(
  { profile, compatibility }: DolbyVision,
  transfer: string | undefined,
): boolean {
  // Without a record: these tags mark streams that need Dolby Vision, and those have no colour tags.
  if (profile === undefined) return transfer === undefined;
  return bare.includes(profile) || (either.includes(profile) && compatibility === 0);
}

/** `Dolby Vision 8.1`. */
export function dolbyVisionName({ profile, compatibility }: DolbyVision): string {
  if (profile === undefined) return 'Dolby Vision of an unknown profile';
  const variant = profile >= 8 && compatibility !== undefined ? `.${compatibility}` : '';
  return `Dolby Vision profile ${profile}${variant}`;
}

const baseLayers: Readonly<Record<number, string>> = { 1: 'HDR10', 2: 'SDR', 4: 'HLG', 6: 'HDR10' };

/** The warning for a stream with Dolby Vision, which we cannot apply. */
export function dolbyVisionLoss(
  found: DolbyVision | undefined,
  transfer: string | undefined,
): string | undefined {
  if (found === undefined) return undefined;
  if (needsDolbyVision(found, transfer)) {
    return `${dolbyVisionName(found)} cannot be read: its base layer (IPTPQc2) has wrong colours without it`;
  }
  const layer = baseLayers[found.compatibility ?? 0];
  const what = layer === undefined ? 'its base layer' : `its ${layer} base layer`;
  return `${dolbyVisionName(found)} is left out, ${what} is used`;
}

/** ERR_UNSUPPORTED_FORMAT for a base layer that would show wrong colours. */
export function requireBaseLayer(info: {
  readonly path: string;
  readonly dolbyVision: DolbyVision | undefined;
  readonly transfer: string | undefined;
}): void {
  const { path, dolbyVision: found, transfer } = info;
  if (found === undefined || !needsDolbyVision(found, transfer)) return;
  const why = 'FFmpeg decodes only its base layer (IPTPQc2), whose colours are wrong without it';
  throw new FramelaneError(
    'ERR_UNSUPPORTED_FORMAT',
    `${path}: expected a video with a standard base layer, received ${dolbyVisionName(found)}: ${why}; convert it to HDR10 first, with mpv or FFmpeg's libplacebo filter`,
  );
}

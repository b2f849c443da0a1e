/** Draws one section of the HUD. */
import { Blend, Fill } from '../../image/groups.ts';
import { ImageU8 } from '../../image/image.ts';
import { download, upload } from '../../image/transfer.ts';
import type { Rgba } from '../../schema/color-value.ts';
import { drawFrameGraph } from './frame-graph.ts';
import type { Section } from './sections.ts';
import { type Cell, drawText } from './text.ts';

/** Sizes that follow from the font size, in pixels. */
export interface HudMetrics {
  readonly size: number;
  readonly cell: Cell;
  /** Characters per line. */
  readonly columns: number;
}

export interface Strip {
  readonly width: number;
  readonly height: number;
  /** Straight-alpha RGBA. */
  readonly pixels: Uint8Array;
}

export const grounds: Readonly<Record<Section['ground'], Rgba>> = {
  header: [0.035, 0.05, 0.075, 0.9],
  panel: [0.035, 0.05, 0.075, 0.8],
  error: [0.24, 0.03, 0.03, 0.9],
};

/** The side margins are as wide as the font size. */
export async function drawStrip(
  section: Section,
  { size, cell, columns }: HudMetrics,
): Promise<Strip> {
  const width = Math.ceil(columns * cell.width) + 2 * size;
  const gap = Math.round(size / 2);
  const textHeight = Math.ceil(section.lines.length * cell.height);
  const { graph } = section;
  const graphHeight = graph ? Math.round(3.5 * size) : 0;
  const height = gap + textHeight + (graphHeight > 0 ? graphHeight + gap : 0) + gap;
  using text = await drawText(section.lines, size);
  using strip = new ImageU8(width, height, { device: 'cpu' });
  Fill.color(strip, grounds[section.ground]);
  // The text begins in its second column.
  Blend.normal(strip, text, { offsetX: size - Math.round(cell.width), offsetY: gap });
  if (graph !== undefined) {
    const graphWidth = width - 2 * size;
    using bars = new ImageU8(graphWidth, graphHeight, { device: 'cpu' });
    const pitch = Math.max(2, Math.round(size / 5));
    upload(bars, drawFrameGraph({ ...graph, width: graphWidth, height: graphHeight, pitch }));
    Blend.normal(strip, bars, { offsetX: size, offsetY: gap + textHeight + Math.round(gap / 2) });
  }
  return { width, height, pixels: download(strip) };
}

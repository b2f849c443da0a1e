/** A HEIF file of one HEVC picture, with alpha as its auxiliary picture (ISO/IEC 14496-12 and 23008-12). */
import type { HevcPicture } from './hevc.ts';

export interface HeifPicture {
  /** What is seen: the top left of the coded pictures. */
  readonly width: number;
  readonly height: number;
  readonly codedWidth: number;
  readonly codedHeight: number;
  readonly color: HevcPicture;
  readonly bits: 8 | 10;
  /** Code of the YUV matrix (ISO/IEC 23091-2): 0 is GBR as it is, 6 is BT.601. */
  readonly matrix: 0 | 6;
  readonly alpha: HevcPicture | undefined;
  /** The profile of the colours, which are sRGB without one. */
  readonly icc: Uint8Array | undefined;
}

const u8 = (...values: number[]) => Buffer.from(values);
const u16 = (...values: number[]) => {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, 2 * i);
  return bytes;
};
const u32 = (...values: number[]) => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeInt32BE(value | 0, 4 * i);
  return bytes;
};
const text = (value: string) => Buffer.from(value, 'latin1');

function box(type: string, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(8 + body.length), text(type), body]);
}

const fullBox = (type: string, version: number, flags: number, ...content: readonly Uint8Array[]) =>
  box(type, u32((version << 24) | flags), ...content);

const colorItem = 1;
const alphaItem = 2;

export function writeHeif(picture: HeifPicture): Buffer {
  const { color, alpha } = picture;
  const items = alpha ? [color.slices, alpha.slices] : [color.slices];
  const brand = picture.bits === 8 ? 'heic' : 'heix'; // Main, Main 10
  const header = box('ftyp', text(brand), u32(0), text(`mif1${brand}miaf`));
  // The table of places has the same size whatever it holds, so the first try tells where the data starts.
  const sized = metaBox(picture, items, 0);
  const meta = metaBox(picture, items, header.length + sized.length + 8);
  return Buffer.concat([header, meta, box('mdat', ...items)]);
}

function metaBox(picture: HeifPicture, items: readonly Buffer[], dataStart: number): Buffer {
  const { alpha } = picture;
  const entries = [itemInfo(colorItem, 0), ...(alpha ? [itemInfo(alphaItem, 1)] : [])];
  const refersTo = fullBox('iref', 0, 0, box('auxl', u16(alphaItem, 1, colorItem)));
  return fullBox(
    'meta',
    0,
    0,
    fullBox('hdlr', 0, 0, u32(0), text('pict'), u32(0, 0, 0), u8(0)),
    fullBox('pitm', 0, 0, u16(colorItem)),
    itemPlaces(items, dataStart),
    fullBox('iinf', 0, 0, u16(entries.length), ...entries),
    ...(alpha ? [refersTo] : []),
    properties(picture),
  );
}

const itemInfo = (id: number, hidden: 0 | 1) =>
  fullBox('infe', 2, hidden, u16(id, 0), text('hvc1'), u8(0));

/** Offsets and lengths of 4 bytes, from the start of the file; one extent an item. */
function itemPlaces(items: readonly Buffer[], dataStart: number): Buffer {
  let offset = dataStart;
  const places = items.map((data, i) => {
    const place = Buffer.concat([u16(i + 1, 0, 1), u32(offset, data.length)]);
    offset += data.length;
    return place;
  });
  return fullBox('iloc', 0, 0, u8(0x44, 0), u16(items.length), ...places);
}

function properties(picture: HeifPicture): Buffer {
  const { width, height, codedWidth, codedHeight, color, alpha, bits, matrix, icc } = picture;
  const size = fullBox('ispe', 0, 0, u32(codedWidth, codedHeight));
  // The centre of what is seen, from the centre of what is coded, in halves.
  const crop = [u32(width, 1, height, 1), u32(width - codedWidth, 2, height - codedHeight, 2)];
  const aperture = width !== codedWidth || height !== codedHeight ? [box('clap', ...crop)] : [];
  // With a profile this only says how YUV becomes RGB.
  const coding = box('colr', text('nclx'), u16(icc ? 2 : 1, icc ? 2 : 13, matrix), u8(0x80));
  const profile = icc ? [box('colr', text('prof'), icc)] : [];
  const depth = (channels: number) =>
    fullBox('pixi', 0, 0, u8(channels, ...Array.from({ length: channels }, () => bits)));
  const alphaType = fullBox('auxC', 0, 0, text('urn:mpeg:hevc:2015:auxid:1\0'));

  const boxes: Buffer[] = [];
  const essential = 0x80;
  const associate = (own: readonly Buffer[], needed: readonly Buffer[]) =>
    [...own, ...needed].map((property) => {
      if (!boxes.includes(property)) boxes.push(property);
      return (boxes.indexOf(property) + 1) | (needed.includes(property) ? essential : 0);
    });
  const ofColor = associate(
    [size, depth(3), coding, ...profile],
    [color.configuration, ...aperture],
  );
  const ofAlpha = alpha
    ? associate([size, depth(1), alphaType], [alpha.configuration, ...aperture])
    : [];
  const associations = [
    Buffer.concat([u16(colorItem), u8(ofColor.length, ...ofColor)]),
    ...(alpha ? [Buffer.concat([u16(alphaItem), u8(ofAlpha.length, ...ofAlpha)])] : []),
  ];
  return box(
    'iprp',
    box('ipco', ...boxes),
    fullBox('ipma', 0, 0, u32(associations.length), ...associations),
  );
}

/**
 * A thread that decodes HEIC with libheif: a photo takes it a second, which the event loop does not have. Plain JavaScript,
 * because a worker is started from a file, and from the sources there is no other that Node reads.
 */
import { parentPort } from 'node:worker_threads';
import factory from 'libheif-js/libheif-wasm/libheif-bundle.js';

// What libde265 says of damaged files is in the error, too.
const silent = { print() {}, printErr() {} };
const libheif = await factory(silent);
const { heif_colorspace: colorspaces, heif_chroma: chromas } = libheif;
const interleaved = libheif.heif_channel.heif_channel_interleaved;
const iccTypes = ['rICC', 'prof'].map((name) => Buffer.from(name, 'latin1').readUInt32BE(0));

parentPort.on('message', ({ bytes, page, pixelLimit }) => {
  try {
    const answer = decode(bytes, page, pixelLimit);
    parentPort.postMessage(answer, answer.data ? [answer.data.buffer] : []);
  } catch (error) {
    // After a trap the module is not to be used again.
    const fatal = error instanceof WebAssembly.RuntimeError;
    parentPort.postMessage({
      error: error instanceof Error ? error.message : String(error),
      fatal,
    });
  }
});

/** The pixels of image `page`, or only its header when its size is above the limit; 0 asks for the header alone. */
function decode(bytes, page, pixelLimit) {
  const context = libheif.heif_context_alloc();
  try {
    const read = libheif.heif_context_read_from_memory(context, bytes);
    if (read.code !== libheif.heif_error_code.heif_error_Ok) throw new Error(read.message);
    const handles = topLevelImages(context);
    try {
      const handle = handles[page];
      const header = headerOf(handle ?? handles[0], handles.length);
      if (handle === undefined || header.width * header.height > pixelLimit) return { header };
      return { header, data: samplesOf(pixelsOf(handle, header), header) };
    } finally {
      for (const handle of handles) libheif.heif_image_handle_release(handle);
    }
  } finally {
    libheif.heif_context_free(context);
  }
}

/** The primary image first. */
function topLevelImages(context) {
  const ids = libheif.heif_js_context_get_list_of_top_level_image_IDs(context);
  if (!Array.isArray(ids) || ids.length === 0) throw new Error(ids?.message ?? 'it has no image');
  const handles = ids.map((id) => {
    const handle = libheif.heif_js_context_get_image_handle(context, id);
    if (!handle || handle.code) throw new Error(handle?.message ?? `image ${id} cannot be opened`);
    return handle;
  });
  const primary = (handle) => libheif.heif_image_handle_is_primary_image(handle);
  return handles.sort((a, b) => primary(b) - primary(a));
}

function headerOf(handle, pages) {
  return {
    pages,
    width: libheif.heif_image_handle_get_width(handle),
    height: libheif.heif_image_handle_get_height(handle),
    hasAlpha: Boolean(libheif.heif_image_handle_has_alpha_channel(handle)),
    premultiplied: Boolean(libheif.heif_image_handle_is_premultiplied_alpha(handle)),
    bits: libheif._heif_image_handle_get_luma_bits_per_pixel(pointerOf(handle)),
    icc: iccOf(handle),
  };
}

/** The wrapped functions lack some; the plain ones take the address that the wrapper holds. */
const pointerOf = (handle) => handle.$$.ptr;

function iccOf(handle) {
  const pointer = pointerOf(handle);
  if (!iccTypes.includes(libheif._heif_image_handle_get_color_profile_type(pointer)))
    return undefined;
  const size = libheif._heif_image_handle_get_raw_color_profile_size(pointer);
  const room = libheif._malloc(size + 16);
  try {
    libheif._heif_image_handle_get_raw_color_profile(room + size, pointer, room);
    return libheif.HEAPU8.slice(room, room + size);
  } finally {
    libheif._free(room);
  }
}

/** RGBA, 8-bit bytes or 16-bit little endian with `bits` used. */
function pixelsOf(handle, { bits }) {
  const chroma =
    bits > 8 ? chromas.heif_chroma_interleaved_RRGGBBAA_LE : chromas.heif_chroma_interleaved_RGBA;
  const image = libheif.heif_js_decode_image2(handle, colorspaces.heif_colorspace_RGB, chroma);
  if (!image || image.code) throw new Error(image?.message ?? 'its pixels cannot be decoded');
  try {
    // Beside it, 4:2:0 of more than 8 bits leaves an alpha plane of zeros.
    const { data, stride, width, height } = image.channels.find(({ id }) => id === interleaved);
    const row = width * (bits > 8 ? 8 : 4);
    const packed = new Uint8Array(row * height);
    for (let y = 0; y < height; y++)
      packed.set(data.subarray(y * stride, y * stride + row), y * row);
    return packed;
  } finally {
    libheif.heif_image_release(image.image);
  }
}

/** Straight alpha; samples of 9 to 16 bits as 16-bit codes. */
function samplesOf(packed, { bits, premultiplied }) {
  const samples = bits > 8 ? wide(packed, bits) : packed;
  return premultiplied ? divideByAlpha(samples) : samples;
}

function wide(data, bits) {
  const samples = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  const scale = 65535 / (2 ** bits - 1);
  return samples.map((sample) => Math.round(sample * scale));
}

function divideByAlpha(samples) {
  const maximum = 2 ** (8 * samples.BYTES_PER_ELEMENT) - 1;
  for (let i = 0; i < samples.length; i += 4) {
    const alpha = samples[i + 3];
    for (let c = i; c < i + 3 && alpha > 0; c++) {
      samples[c] = Math.min(maximum, Math.round((samples[c] * maximum) / alpha));
    }
  }
  return samples;
}

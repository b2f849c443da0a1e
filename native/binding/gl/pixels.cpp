#include "binding/gl/pixels.hpp"

#include "gl/data_types.hpp"

namespace framelane::binding {

namespace {

using namespace gl;

/// The state that says where rows of pixels lie in memory; images only where there are several.
struct Layout {
  GLenum alignment, rowLength, skipRows, skipPixels, imageHeight, skipImages;
};
constexpr Layout kUnpack{kUnpackAlignment,  kUnpackRowLength,   kUnpackSkipRows,
                         kUnpackSkipPixels, kUnpackImageHeight, kUnpackSkipImages};
constexpr Layout kPack{kPackAlignment, kPackRowLength, kPackSkipRows, kPackSkipPixels, 0, 0};

int channelsOf(GLenum format) {
  switch (format) {
    case kRed:
    case kDepthComponent:
    case kRedInteger: return 1;
    case kRg:
    case kRgInteger: return 2;
    case kRgb:
    case kRgbInteger: return 3;
    case kRgba:
    case kRgbaInteger: return 4;
    default: return 0;
  }
}

int pixelBytes(const GlCall& call, const PixelArguments& at) {
  const auto format = call.argument<GLenum>(at.format);
  const auto type = call.argument<GLenum>(at.format + 1);
  const int packed = packedBytesOf(type), channels = channelsOf(format), depth = bytesOf(type);
  if (channels == 0 && format != kDepthStencil)
    call.refuse(at.format, "RED, RG, RGB or RGBA, their _INTEGER forms, DEPTH_COMPONENT or DEPTH_STENCIL");
  if (packed == 0 && (depth == 0 || channels == 0))
    call.refuse(at.format + 1, "a type of WebGL 2 that the format has, such as UNSIGNED_BYTE or FLOAT");
  return packed != 0 ? packed : channels * depth;
}

/// The memory of the pixels, when it is large enough.
void* pixels(const GlCall& call, const PixelArguments& at, const Layout& layout) {
  using Wide = __int128;  // of numbers of 32 bits, no product overflows
  const size_t index = at.format + 2;
  const Bytes bytes = call.bytes(index);
  const Wide pixel = pixelBytes(call, at);
  const Wide width = call.argument<GLsizei>(at.size), height = call.argument<GLsizei>(at.size + 1);
  const Wide depth = at.deep ? call.argument<GLsizei>(at.size + 2) : 1;
  if (width <= 0 || height <= 0 || depth <= 0) return bytes.data;  // OpenGL reads nothing or reports an error
  const Wide alignment = call.integer(layout.alignment);
  const Wide rowLength = call.integer(layout.rowLength);
  const Wide row = ((rowLength > 0 ? rowLength : width) * pixel + alignment - 1) / alignment * alignment;
  Wide before = 0;  // rows of other images
  if (at.deep) {
    const Wide imageHeight = call.integer(layout.imageHeight);
    before = (call.integer(layout.skipImages) + depth - 1) * (imageHeight > 0 ? imageHeight : height);
  }
  const Wide needed =
      (before + call.integer(layout.skipRows) + height - 1) * row + (call.integer(layout.skipPixels) + width) * pixel;
  if (needed > static_cast<Wide>(bytes.size)) {
    std::string size = std::to_string(static_cast<int>(width)) + "x" + std::to_string(static_cast<int>(height));
    if (at.deep) size += "x" + std::to_string(static_cast<int>(depth));
    const std::string least =
        needed > (Wide{1} << 53) ? "more than 2^53" : std::to_string(static_cast<int64_t>(needed));
    fail("ERR_INVALID_ARGUMENT", call.where(index) + ": expected at least " + least + " bytes for " + size +
                                     " pixels, received " + std::to_string(bytes.size));
  }
  return bytes.data;
}

/// Bytes from an array while no buffer is bound to `binding`, or an offset into that buffer (null: 0) while one is.
void* pixelsOrOffset(const GlCall& call, const PixelArguments& at, const Layout& layout, GLenum binding,
                     const char* target) {
  const size_t index = at.format + 2;
  const bool bound = call.integer(binding) != 0;
  if (call.isNull(index) || call[index].IsNumber()) {
    if (!bound) call.refuse(index, std::string("a typed array, as no buffer is bound to ") + target);
    const auto offset = call.isNull(index) ? 0 : call.argument<GLintptr>(index);
    if (offset < 0) call.refuse(index, "an offset of at least 0");
    return reinterpret_cast<void*>(offset);
  }
  if (bound) call.refuse(index, std::string("an offset, as a buffer is bound to ") + target);
  return pixels(call, at, layout);
}

}  // namespace

const void* pixelsToUpload(const GlCall& call, const PixelArguments& at) {
  return pixelsOrOffset(call, at, kUnpack, kPixelUnpackBufferBinding, "PIXEL_UNPACK_BUFFER");
}

const void* pixelsToStore(const GlCall& call, const PixelArguments& at) {
  const bool undefined = call.isNull(at.format + 2) && call.integer(kPixelUnpackBufferBinding) == 0;
  return undefined ? nullptr : pixelsToUpload(call, at);
}

void* pixelsToRead(const GlCall& call, const PixelArguments& at) {
  return pixelsOrOffset(call, at, kPack, kPixelPackBufferBinding, "PIXEL_PACK_BUFFER");
}

}  // namespace framelane::binding

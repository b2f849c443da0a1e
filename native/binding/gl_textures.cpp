#include "binding/gl_call.hpp"

namespace framelane::binding {

namespace {

using namespace gl;

/// The state that says where rows of pixels lie in memory.
struct Layout {
  GLenum alignment, rowLength, skipRows, skipPixels;
};
constexpr Layout kUnpack{kUnpackAlignment, kUnpackRowLength, kUnpackSkipRows, kUnpackSkipPixels};
constexpr Layout kPack{kPackAlignment, kPackRowLength, kPackSkipRows, kPackSkipPixels};

int channelsOf(GLenum format) {
  switch (format) {
    case kRed:
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

int bytesOf(GLenum type) {
  switch (type) {
    case kByte:
    case kUnsignedByte: return 1;
    case kShort:
    case kUnsignedShort:
    case kHalfFloat: return 2;
    case kInt:
    case kUnsignedInt:
    case kFloat: return 4;
    default: return 0;
  }
}

/// Where width, height, format and type stand among the arguments; the pixels follow the type.
struct Rectangle {
  size_t width, format;
};

/// The memory of the pixels, when it is as large as OpenGL will read or write (OpenGL 4.6, 8.4.4.1).
void* pixels(const GlCall& call, const Rectangle& at, const Layout& layout) {
  const size_t index = at.format + 2;
  const Bytes bytes = call.bytes(index);
  const int channels = channelsOf(call.argument<GLenum>(at.format));
  const int depth = bytesOf(call.argument<GLenum>(at.format + 1));
  if (channels == 0) call.refuse(at.format, "RED, RG, RGB or RGBA, or their _INTEGER forms");
  if (depth == 0) call.refuse(at.format + 1, "BYTE, SHORT, INT, their UNSIGNED_ forms, HALF_FLOAT or FLOAT");
  const __int128 width = call.argument<GLsizei>(at.width), height = call.argument<GLsizei>(at.width + 1);
  if (width <= 0 || height <= 0) return bytes.data;  // nothing is read, or OpenGL refuses
  const __int128 pixel = channels * depth, alignment = call.integer(layout.alignment);
  const __int128 rowLength = call.integer(layout.rowLength);
  const __int128 row = ((rowLength > 0 ? rowLength : width) * pixel + alignment - 1) / alignment * alignment;
  const __int128 needed =
      (call.integer(layout.skipRows) + height - 1) * row + (call.integer(layout.skipPixels) + width) * pixel;
  if (needed > static_cast<__int128>(bytes.size)) {
    const std::string size =
        needed > (__int128{1} << 53) ? "more than 2^53" : std::to_string(static_cast<int64_t>(needed));
    fail("ERR_INVALID_ARGUMENT",
         call.where(index) + ": expected at least " + size + " bytes for " + std::to_string(static_cast<int>(width)) +
             "x" + std::to_string(static_cast<int>(height)) + " pixels, received " + std::to_string(bytes.size));
  }
  return bytes.data;
}

/// Bytes from an array while no buffer is bound to `binding`, or an offset into that buffer (null: 0) while one is.
void* pixelsOrOffset(const GlCall& call, const Rectangle& at, const Layout& layout, GLenum binding,
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

Napi::Value createTexture(const GlCall& call) {
  GLuint name = 0;
  call.gl.GenTextures(1, &name);
  return call.make(GlKind::texture, name);
}

Napi::Value deleteTexture(const GlCall& call) {
  if (const GlObject* object = call.forget(0, GlKind::texture)) call.gl.DeleteTextures(1, &object->name);
  return call.env().Undefined();
}

Napi::Value bindTexture(const GlCall& call) {
  call.gl.BindTexture(call.argument<GLenum>(0), call.nameOrZero(1, GlKind::texture));
  return call.env().Undefined();
}

Napi::Value texImage2D(const GlCall& call) {
  const bool empty = call.isNull(8) && call.integer(kPixelUnpackBufferBinding) == 0;
  const void* data =
      empty ? nullptr : pixelsOrOffset(call, {3, 6}, kUnpack, kPixelUnpackBufferBinding, "PIXEL_UNPACK_BUFFER");
  call.gl.TexImage2D(call.argument<GLenum>(0), call.argument<GLint>(1), call.argument<GLint>(2),
                     call.argument<GLsizei>(3), call.argument<GLsizei>(4), call.argument<GLint>(5),
                     call.argument<GLenum>(6), call.argument<GLenum>(7), data);
  return call.env().Undefined();
}

Napi::Value texSubImage2D(const GlCall& call) {
  const void* data = pixelsOrOffset(call, {4, 6}, kUnpack, kPixelUnpackBufferBinding, "PIXEL_UNPACK_BUFFER");
  call.gl.TexSubImage2D(call.argument<GLenum>(0), call.argument<GLint>(1), call.argument<GLint>(2),
                        call.argument<GLint>(3), call.argument<GLsizei>(4), call.argument<GLsizei>(5),
                        call.argument<GLenum>(6), call.argument<GLenum>(7), data);
  return call.env().Undefined();
}

Napi::Value readPixels(const GlCall& call) {
  void* data = pixelsOrOffset(call, {2, 4}, kPack, kPixelPackBufferBinding, "PIXEL_PACK_BUFFER");
  call.gl.ReadPixels(call.argument<GLint>(0), call.argument<GLint>(1), call.argument<GLsizei>(2),
                     call.argument<GLsizei>(3), call.argument<GLenum>(4), call.argument<GLenum>(5), data);
  return call.env().Undefined();
}

Napi::Value createFramebuffer(const GlCall& call) {
  GLuint name = 0;
  call.gl.GenFramebuffers(1, &name);
  return call.make(GlKind::framebuffer, name);
}

Napi::Value deleteFramebuffer(const GlCall& call) {
  if (const GlObject* object = call.forget(0, GlKind::framebuffer)) call.gl.DeleteFramebuffers(1, &object->name);
  return call.env().Undefined();
}

Napi::Value bindFramebuffer(const GlCall& call) {
  call.gl.BindFramebuffer(call.argument<GLenum>(0), call.nameOrZero(1, GlKind::framebuffer));
  return call.env().Undefined();
}

Napi::Value framebufferTexture2D(const GlCall& call) {
  call.gl.FramebufferTexture2D(call.argument<GLenum>(0), call.argument<GLenum>(1), call.argument<GLenum>(2),
                               call.nameOrZero(3, GlKind::texture), call.argument<GLint>(4));
  return call.env().Undefined();
}

}  // namespace

std::vector<GlMethod> glTextureMethods() {
  return {
      {"activeTexture", glCallback<plain<&Functions::ActiveTexture>>},
      {"bindFramebuffer", glCallback<bindFramebuffer>},
      {"bindTexture", glCallback<bindTexture>},
      {"createFramebuffer", glCallback<createFramebuffer>},
      {"createTexture", glCallback<createTexture>},
      {"deleteFramebuffer", glCallback<deleteFramebuffer>},
      {"deleteTexture", glCallback<deleteTexture>},
      {"framebufferTexture2D", glCallback<framebufferTexture2D>},
      {"generateMipmap", glCallback<plain<&Functions::GenerateMipmap>>},
      {"pixelStorei", glCallback<plain<&Functions::PixelStorei>>},
      {"readPixels", glCallback<readPixels>},
      {"texImage2D", glCallback<texImage2D>},
      {"texParameterf", glCallback<plain<&Functions::TexParameterf>>},
      {"texParameteri", glCallback<plain<&Functions::TexParameteri>>},
      {"texStorage2D", glCallback<plain<&Functions::TexStorage2D>>},
      {"texSubImage2D", glCallback<texSubImage2D>},
  };
}

}  // namespace framelane::binding

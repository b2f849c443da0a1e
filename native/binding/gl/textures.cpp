#include "binding/gl/call.hpp"
#include "binding/gl/pixels.hpp"

namespace framelane::binding {

namespace {

using namespace gl;

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
  const void* data = pixelsToStore(call, {3, 6});
  call.gl.TexImage2D(call.argument<GLenum>(0), call.argument<GLint>(1), call.argument<GLint>(2),
                     call.argument<GLsizei>(3), call.argument<GLsizei>(4), call.argument<GLint>(5),
                     call.argument<GLenum>(6), call.argument<GLenum>(7), data);
  return call.env().Undefined();
}

Napi::Value texSubImage2D(const GlCall& call) {
  const void* data = pixelsToUpload(call, {4, 6});
  call.gl.TexSubImage2D(call.argument<GLenum>(0), call.argument<GLint>(1), call.argument<GLint>(2),
                        call.argument<GLint>(3), call.argument<GLsizei>(4), call.argument<GLsizei>(5),
                        call.argument<GLenum>(6), call.argument<GLenum>(7), data);
  return call.env().Undefined();
}

Napi::Value texImage3D(const GlCall& call) {
  const void* data = pixelsToStore(call, {3, 7, true});
  call.gl.TexImage3D(call.argument<GLenum>(0), call.argument<GLint>(1), call.argument<GLint>(2),
                     call.argument<GLsizei>(3), call.argument<GLsizei>(4), call.argument<GLsizei>(5),
                     call.argument<GLint>(6), call.argument<GLenum>(7), call.argument<GLenum>(8), data);
  return call.env().Undefined();
}

Napi::Value texSubImage3D(const GlCall& call) {
  const void* data = pixelsToUpload(call, {5, 8, true});
  call.gl.TexSubImage3D(call.argument<GLenum>(0), call.argument<GLint>(1), call.argument<GLint>(2),
                        call.argument<GLint>(3), call.argument<GLint>(4), call.argument<GLsizei>(5),
                        call.argument<GLsizei>(6), call.argument<GLsizei>(7), call.argument<GLenum>(8),
                        call.argument<GLenum>(9), data);
  return call.env().Undefined();
}

/// What WebGL does to pixels on their way, and OpenGL does not: off, as by default, is all there is.
bool isWebGlOnly(GLenum name) {
  constexpr GLenum kFlipY = 0x9240, kPremultiplyAlpha = 0x9241, kColorSpaceConversion = 0x9243;
  return name == kFlipY || name == kPremultiplyAlpha || name == kColorSpaceConversion;
}

Napi::Value pixelStorei(const GlCall& call) {
  constexpr GLint kBrowserDefault = 0x9244;  // converts images of a browser; arrays are never converted
  const auto name = call.argument<GLenum>(0);
  const GLint value = call[1].IsBoolean() ? call.argument<GLboolean>(1) : call.argument<GLint>(1);
  if (!isWebGlOnly(name)) {
    call.gl.PixelStorei(name, value);
  } else if (value != 0 && value != kBrowserDefault) {
    call.refuse(1, "false: flip or premultiply the pixels before");
  }
  return call.env().Undefined();
}

Napi::Value readPixels(const GlCall& call) {
  void* data = pixelsToRead(call, {2, 4});
  call.gl.ReadPixels(call.argument<GLint>(0), call.argument<GLint>(1), call.argument<GLsizei>(2),
                     call.argument<GLsizei>(3), call.argument<GLenum>(4), call.argument<GLenum>(5), data);
  call.context()->elements().forget(static_cast<GLuint>(call.integer(kPixelPackBufferBinding)));
  return call.env().Undefined();
}

}  // namespace

std::vector<GlMethod> glTextureMethods() {
  return {
      {"activeTexture", glCallback<plain<&Functions::ActiveTexture>>},
      {"bindTexture", glCallback<bindTexture>},
      {"copyTexSubImage2D", glCallback<plain<&Functions::CopyTexSubImage2D>>},
      {"copyTexSubImage3D", glCallback<plain<&Functions::CopyTexSubImage3D>>},
      {"createTexture", glCallback<createTexture>},
      {"deleteTexture", glCallback<deleteTexture>},
      {"generateMipmap", glCallback<plain<&Functions::GenerateMipmap>>},
      {"pixelStorei", glCallback<pixelStorei>},
      {"readPixels", glCallback<readPixels>},
      {"texImage2D", glCallback<texImage2D>},
      {"texImage3D", glCallback<texImage3D>},
      {"texParameterf", glCallback<plain<&Functions::TexParameterf>>},
      {"texParameteri", glCallback<plain<&Functions::TexParameteri>>},
      {"texStorage2D", glCallback<plain<&Functions::TexStorage2D>>},
      {"texStorage3D", glCallback<plain<&Functions::TexStorage3D>>},
      {"texSubImage2D", glCallback<texSubImage2D>},
      {"texSubImage3D", glCallback<texSubImage3D>},
  };
}

}  // namespace framelane::binding

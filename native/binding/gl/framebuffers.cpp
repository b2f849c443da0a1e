#include "binding/gl/call.hpp"

namespace framelane::binding {

namespace {

using namespace gl;

/// As in WebGL, what is drawn into SRGB8_ALPHA8 is encoded, and what is drawn into the window never is.
void encodeSrgb(const GlCall& call) {
  constexpr GLenum kFramebufferSrgb = 0x8DB9;
  if (call.integer(kDrawFramebufferBinding) != 0)
    call.gl.Enable(kFramebufferSrgb);
  else
    call.gl.Disable(kFramebufferSrgb);
}

Napi::Value createFramebuffer(const GlCall& call) {
  GLuint name = 0;
  call.gl.GenFramebuffers(1, &name);
  return call.make(GlKind::framebuffer, name);
}

Napi::Value deleteFramebuffer(const GlCall& call) {
  if (const GlObject* object = call.forget(0, GlKind::framebuffer)) call.gl.DeleteFramebuffers(1, &object->name);
  encodeSrgb(call);
  return call.env().Undefined();
}

Napi::Value bindFramebuffer(const GlCall& call) {
  call.gl.BindFramebuffer(call.argument<GLenum>(0), call.nameOrZero(1, GlKind::framebuffer));
  encodeSrgb(call);
  return call.env().Undefined();
}

Napi::Value framebufferTexture2D(const GlCall& call) {
  call.gl.FramebufferTexture2D(call.argument<GLenum>(0), call.argument<GLenum>(1), call.argument<GLenum>(2),
                               call.nameOrZero(3, GlKind::texture), call.argument<GLint>(4));
  return call.env().Undefined();
}

Napi::Value framebufferTextureLayer(const GlCall& call) {
  call.gl.FramebufferTextureLayer(call.argument<GLenum>(0), call.argument<GLenum>(1),
                                  call.nameOrZero(2, GlKind::texture), call.argument<GLint>(3),
                                  call.argument<GLint>(4));
  return call.env().Undefined();
}

Napi::Value framebufferRenderbuffer(const GlCall& call) {
  call.gl.FramebufferRenderbuffer(call.argument<GLenum>(0), call.argument<GLenum>(1), call.argument<GLenum>(2),
                                  call.nameOrZero(3, GlKind::renderbuffer));
  return call.env().Undefined();
}

Napi::Value createRenderbuffer(const GlCall& call) {
  GLuint name = 0;
  call.gl.GenRenderbuffers(1, &name);
  return call.make(GlKind::renderbuffer, name);
}

Napi::Value deleteRenderbuffer(const GlCall& call) {
  if (const GlObject* object = call.forget(0, GlKind::renderbuffer)) call.gl.DeleteRenderbuffers(1, &object->name);
  return call.env().Undefined();
}

Napi::Value bindRenderbuffer(const GlCall& call) {
  call.gl.BindRenderbuffer(call.argument<GLenum>(0), call.nameOrZero(1, GlKind::renderbuffer));
  return call.env().Undefined();
}

/// glDrawBuffers takes BACK only from OpenGL 4.5 on, and not on every pbuffer.
Napi::Value drawBuffers(const GlCall& call) {
  constexpr GLenum kBack = 0x0405;
  const Numbers<GLuint> buffers = call.numbers<GLuint>(0, 1);
  if (buffers.size == 1 && buffers.data[0] == kBack && call.integer(kDrawFramebufferBinding) == 0)
    call.gl.DrawBuffer(call.context()->windowBuffer());
  else
    call.gl.DrawBuffers(static_cast<GLsizei>(buffers.size), buffers.data);
  return call.env().Undefined();
}

/// A colour has four numbers, depth and stencil one.
template <class T>
Napi::Value clearBufferOf(const GlCall& call, void (*function)(GLenum, GLint, const T*)) {
  constexpr GLenum kColor = 0x1800;
  const auto buffer = call.argument<GLenum>(0);
  function(buffer, call.argument<GLint>(1), call.numbers<T>(2, buffer == kColor ? 4 : 1).data);
  return call.env().Undefined();
}

template <auto member>
Napi::Value clearBuffer(const GlCall& call) {
  return clearBufferOf(call, call.gl.*member);
}

}  // namespace

std::vector<GlMethod> glFramebufferMethods() {
  return {
      {"bindFramebuffer", glCallback<bindFramebuffer>},
      {"bindRenderbuffer", glCallback<bindRenderbuffer>},
      {"blitFramebuffer", glCallback<plain<&Functions::BlitFramebuffer>>},
      {"checkFramebufferStatus", glCallback<plain<&Functions::CheckFramebufferStatus>>},
      {"clearBufferfv", glCallback<clearBuffer<&Functions::ClearBufferfv>>},
      {"clearBufferiv", glCallback<clearBuffer<&Functions::ClearBufferiv>>},
      {"clearBufferuiv", glCallback<clearBuffer<&Functions::ClearBufferuiv>>},
      {"createFramebuffer", glCallback<createFramebuffer>},
      {"createRenderbuffer", glCallback<createRenderbuffer>},
      {"deleteFramebuffer", glCallback<deleteFramebuffer>},
      {"deleteRenderbuffer", glCallback<deleteRenderbuffer>},
      {"drawBuffers", glCallback<drawBuffers>},
      {"framebufferRenderbuffer", glCallback<framebufferRenderbuffer>},
      {"framebufferTexture2D", glCallback<framebufferTexture2D>},
      {"framebufferTextureLayer", glCallback<framebufferTextureLayer>},
      {"readBuffer", glCallback<plain<&Functions::ReadBuffer>>},
      {"renderbufferStorage", glCallback<plain<&Functions::RenderbufferStorage>>},
      {"renderbufferStorageMultisample", glCallback<plain<&Functions::RenderbufferStorageMultisample>>},
  };
}

}  // namespace framelane::binding

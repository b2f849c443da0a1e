#include <cstring>

#include "binding/gl/call.hpp"

namespace framelane::binding {

namespace {

using namespace gl;

bool hasExtension(const GlCall& call, const char* name) {
  constexpr GLenum kNumExtensions = 0x821D, kExtensions = 0x1F03;
  const GLint count = call.integer(kNumExtensions);
  for (GLint i = 0; i < count; i++) {
    const auto* known = reinterpret_cast<const char*>(call.gl.GetStringi(kExtensions, static_cast<GLuint>(i)));
    if (known != nullptr && std::strcmp(known, name) == 0) return true;
  }
  return false;
}

struct Constant {
  const char* name;
  GLenum value;
};

Napi::Value constants(const GlCall& call, std::initializer_list<Constant> list) {
  auto object = Napi::Object::New(call.env());
  for (const auto& [name, value] : list) object[name] = Napi::Number::New(call.env(), value);
  return object;
}

/// Of WebGL's extensions, those that need no functions; most are a part of OpenGL.
Napi::Value getExtension(const GlCall& call) {
  const std::string name = call.string(0);
  if (name == "EXT_color_buffer_float" || name == "EXT_color_buffer_half_float" || name == "EXT_float_blend" ||
      name == "OES_texture_float_linear")
    return constants(call, {});
  if (name == "EXT_texture_norm16")
    return constants(call, {{"R16_EXT", 0x822A}, {"RG16_EXT", 0x822C}, {"RGB16_EXT", 0x8054}, {"RGBA16_EXT", 0x805B}});
  if (name == "EXT_texture_filter_anisotropic" && hasExtension(call, "GL_EXT_texture_filter_anisotropic"))
    return constants(call, {{"TEXTURE_MAX_ANISOTROPY_EXT", 0x84FE}, {"MAX_TEXTURE_MAX_ANISOTROPY_EXT", 0x84FF}});
  return call.env().Null();
}

/// Whether the framebuffer that is bound for drawing, the window's own, has bits of a kind.
bool hasBits(const GlCall& call, GLenum attachment, GLenum parameter) {
  constexpr GLenum kObjectType = 0x8CD0;
  GLint type = 0, bits = 0;
  call.gl.GetFramebufferAttachmentParameteriv(kDrawFramebuffer, attachment, kObjectType, &type);
  if (type == 0) return false;
  call.gl.GetFramebufferAttachmentParameteriv(kDrawFramebuffer, attachment, parameter, &bits);
  return bits > 0;
}

Napi::Value getContextAttributes(const GlCall& call) {
  constexpr GLenum kFront = 0x0404, kFrontLeft = 0x0400, kBackLeft = 0x0402, kDepth = 0x1801, kStencil = 0x1802,
                   kSamples = 0x80A9;
  constexpr GLenum kAlphaSize = 0x8215, kDepthSize = 0x8216, kStencilSize = 0x8217;
  const GLenum left = call.context()->windowBuffer() == kFront ? kFrontLeft : kBackLeft;
  const GLint before = call.integer(kDrawFramebufferBinding);
  call.gl.BindFramebuffer(kDrawFramebuffer, 0);
  auto attributes = Napi::Object::New(call.env());
  attributes["alpha"] = Napi::Boolean::New(call.env(), hasBits(call, left, kAlphaSize));
  attributes["antialias"] = Napi::Boolean::New(call.env(), call.integer(kSamples) > 0);
  attributes["depth"] = Napi::Boolean::New(call.env(), hasBits(call, kDepth, kDepthSize));
  attributes["stencil"] = Napi::Boolean::New(call.env(), hasBits(call, kStencil, kStencilSize));
  attributes["premultipliedAlpha"] = Napi::Boolean::New(call.env(), true);
  attributes["preserveDrawingBuffer"] = Napi::Boolean::New(call.env(), false);
  call.gl.BindFramebuffer(kDrawFramebuffer, static_cast<GLuint>(before));
  return attributes;
}

}  // namespace

std::vector<GlMethod> glContextMethods() {
  return {
      {"getContextAttributes", glCallback<getContextAttributes>},
      {"getExtension", glCallback<getExtension>},
  };
}

}  // namespace framelane::binding

#include <iterator>

#include "binding/gl/call.hpp"

namespace framelane::binding {

namespace {

using namespace gl;

enum class Kind { string, integer, real, boolean };

struct Parameter {
  GLenum name;
  Kind kind;
  int count = 1;
};

/// The accepted parameters: an unknown one could write past the end of the result.
constexpr Parameter kParameters[] = {
    {kVendor, Kind::string},
    {kRenderer, Kind::string},
    {kVersion, Kind::string},
    {kShadingLanguageVersion, Kind::string},
    {0x0D33, Kind::integer},     // MAX_TEXTURE_SIZE
    {0x0D3A, Kind::integer, 2},  // MAX_VIEWPORT_DIMS
    {0x8872, Kind::integer},     // MAX_TEXTURE_IMAGE_UNITS
    {0x8869, Kind::integer},     // MAX_VERTEX_ATTRIBS
    {0x8B4C, Kind::integer},     // MAX_VERTEX_TEXTURE_IMAGE_UNITS
    {0x8B4D, Kind::integer},     // MAX_COMBINED_TEXTURE_IMAGE_UNITS
    {0x851C, Kind::integer},     // MAX_CUBE_MAP_TEXTURE_SIZE
    {0x8073, Kind::integer},     // MAX_3D_TEXTURE_SIZE
    {0x88FF, Kind::integer},     // MAX_ARRAY_TEXTURE_LAYERS
    {0x8DFB, Kind::integer},     // MAX_VERTEX_UNIFORM_VECTORS
    {0x8DFC, Kind::integer},     // MAX_VARYING_VECTORS
    {0x8DFD, Kind::integer},     // MAX_FRAGMENT_UNIFORM_VECTORS
    {0x8A2F, Kind::integer},     // MAX_UNIFORM_BUFFER_BINDINGS
    {0x8824, Kind::integer},     // MAX_DRAW_BUFFERS
    {0x8CDF, Kind::integer},     // MAX_COLOR_ATTACHMENTS
    {0x84FF, Kind::real},        // MAX_TEXTURE_MAX_ANISOTROPY_EXT
    {0x8B9A, Kind::integer},     // IMPLEMENTATION_COLOR_READ_TYPE
    {0x8B9B, Kind::integer},     // IMPLEMENTATION_COLOR_READ_FORMAT
    {0x80A9, Kind::integer},     // SAMPLES
    {0x8D57, Kind::integer},     // MAX_SAMPLES
    {0x84E0, Kind::integer},     // ACTIVE_TEXTURE
    {0x0BA2, Kind::integer, 4},  // VIEWPORT
    {0x0C10, Kind::integer, 4},  // SCISSOR_BOX
    {0x0C11, Kind::boolean},     // SCISSOR_TEST
    {0x0BE2, Kind::boolean},     // BLEND
    {0x80C9, Kind::integer},     // BLEND_SRC_RGB
    {0x80C8, Kind::integer},     // BLEND_DST_RGB
    {0x80CB, Kind::integer},     // BLEND_SRC_ALPHA
    {0x80CA, Kind::integer},     // BLEND_DST_ALPHA
    {0x0C22, Kind::real, 4},     // COLOR_CLEAR_VALUE
    {0x0C23, Kind::boolean, 4},  // COLOR_WRITEMASK
    {kUnpackAlignment, Kind::integer},
    {kUnpackRowLength, Kind::integer},
    {kUnpackSkipRows, Kind::integer},
    {kUnpackSkipPixels, Kind::integer},
    {kPackAlignment, Kind::integer},
    {kPackRowLength, Kind::integer},
    {kPackSkipRows, Kind::integer},
    {kPackSkipPixels, Kind::integer},
};

template <class T>
Napi::Value values(Napi::Env env, void (*get)(GLenum, T*), const Parameter& parameter) {
  T read[4] = {};
  get(parameter.name, read);
  if (parameter.count == 1) return toJs(env, read[0]);
  auto array = Napi::Array::New(env, parameter.count);
  for (int i = 0; i < parameter.count; i++) array[static_cast<uint32_t>(i)] = toJs(env, read[i]);
  return array;
}

Napi::Value getParameter(const GlCall& call) {
  const auto name = call.argument<GLenum>(0);
  const auto* found =
      std::find_if(std::begin(kParameters), std::end(kParameters), [&](const Parameter& p) { return p.name == name; });
  if (found == std::end(kParameters)) call.refuse(0, "a parameter that framelane knows (docs/display.md)");
  switch (found->kind) {
    case Kind::string: {
      const GLubyte* text = call.gl.GetString(name);
      return text == nullptr ? call.env().Null() : Napi::String::New(call.env(), reinterpret_cast<const char*>(text));
    }
    case Kind::real: return values(call.env(), call.gl.GetFloatv, *found);
    case Kind::boolean: return values(call.env(), call.gl.GetBooleanv, *found);
    case Kind::integer: break;
  }
  return values(call.env(), call.gl.GetIntegerv, *found);
}

Napi::Value fenceSync(const GlCall& call) {
  return call.make(GlKind::sync, 0, call.gl.FenceSync(call.argument<GLenum>(0), call.argument<GLbitfield>(1)));
}

Napi::Value clientWaitSync(const GlCall& call) {
  GLsync sync = call.object(0, GlKind::sync).sync;
  return toJs(call.env(), call.gl.ClientWaitSync(sync, call.argument<GLbitfield>(1), call.argument<GLuint64>(2)));
}

Napi::Value deleteSync(const GlCall& call) {
  if (const GlObject* object = call.forget(0, GlKind::sync)) call.gl.DeleteSync(object->sync);
  return call.env().Undefined();
}

}  // namespace

std::vector<GlMethod> glStateMethods() {
  return {
      {"blendColor", glCallback<plain<&Functions::BlendColor>>},
      {"blendEquation", glCallback<plain<&Functions::BlendEquation>>},
      {"blendEquationSeparate", glCallback<plain<&Functions::BlendEquationSeparate>>},
      {"blendFunc", glCallback<plain<&Functions::BlendFunc>>},
      {"blendFuncSeparate", glCallback<plain<&Functions::BlendFuncSeparate>>},
      {"clear", glCallback<plain<&Functions::Clear>>},
      {"clearColor", glCallback<plain<&Functions::ClearColor>>},
      {"clearDepth", glCallback<plain<&Functions::ClearDepth>>},
      {"clearStencil", glCallback<plain<&Functions::ClearStencil>>},
      {"clientWaitSync", glCallback<clientWaitSync>},
      {"colorMask", glCallback<plain<&Functions::ColorMask>>},
      {"cullFace", glCallback<plain<&Functions::CullFace>>},
      {"deleteSync", glCallback<deleteSync>},
      {"depthFunc", glCallback<plain<&Functions::DepthFunc>>},
      {"depthMask", glCallback<plain<&Functions::DepthMask>>},
      {"disable", glCallback<plain<&Functions::Disable>>},
      {"enable", glCallback<plain<&Functions::Enable>>},
      {"fenceSync", glCallback<fenceSync>},
      {"finish", glCallback<plain<&Functions::Finish>>},
      {"flush", glCallback<plain<&Functions::Flush>>},
      {"frontFace", glCallback<plain<&Functions::FrontFace>>},
      {"getError", glCallback<plain<&Functions::GetError>>},
      {"getParameter", glCallback<getParameter>},
      {"isEnabled", glCallback<plain<&Functions::IsEnabled>>},
      {"lineWidth", glCallback<plain<&Functions::LineWidth>>},
      {"polygonOffset", glCallback<plain<&Functions::PolygonOffset>>},
      {"scissor", glCallback<plain<&Functions::Scissor>>},
      {"stencilFunc", glCallback<plain<&Functions::StencilFunc>>},
      {"stencilMask", glCallback<plain<&Functions::StencilMask>>},
      {"stencilOp", glCallback<plain<&Functions::StencilOp>>},
      {"viewport", glCallback<plain<&Functions::Viewport>>},
  };
}

}  // namespace framelane::binding

#include "binding/gl/resource_wrap.hpp"

#include <cmath>

#include "binding/environment.hpp"
#include "binding/exports.hpp"
#include "binding/graph_reader.hpp"
#include "binding/image_wrap.hpp"
#include "binding/shape.hpp"
#include "devices/devices.hpp"

namespace framelane::binding {

namespace {

gl::GLuint nameArgument(Napi::Value value) {
  const double name = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : 0;
  require(name >= 1 && name <= 0xFFFFFFFF && name == std::floor(name), "ERR_INVALID_ARGUMENT",
          "expected the name of an OpenGL object, an integer above 0");
  return static_cast<gl::GLuint>(name);
}

std::vector<gl::GLuint> namesArgument(Napi::Value value) {
  require(value.IsArray(), "ERR_INVALID_ARGUMENT", "expected the names of OpenGL objects");
  const auto array = value.As<Napi::Array>();
  std::vector<gl::GLuint> names;
  for (uint32_t i = 0; i < array.Length(); i++) names.push_back(nameArgument(array[i]));
  return names;
}

template <class Resource>
std::unique_ptr<Resource> make(const Napi::CallbackInfo& info);

template <>
std::unique_ptr<gl::PixelBuffer> make(const Napi::CallbackInfo& info) {
  return std::make_unique<gl::PixelBuffer>(openDevice(info[0].ToString()), nameArgument(info[1]));
}

template <>
std::unique_ptr<gl::FrameTextures> make(const Napi::CallbackInfo& info) {
  return std::make_unique<gl::FrameTextures>(openDevice(info[0].ToString()), readShape(info[1]),
                                             namesArgument(info[2]));
}

template <>
std::unique_ptr<gl::Texture> make(const Napi::CallbackInfo& info) {
  return std::make_unique<gl::Texture>(openDevice(info[0].ToString()), nameArgument(info[1]));
}

}  // namespace

template <class Resource>
Napi::Function GlResourceWrap<Resource>::define(Napi::Env env) {
  using Wrap = GlResourceWrap<Resource>;
  std::vector<Napi::ClassPropertyDescriptor<Wrap>> members{Wrap::template method<&Wrap::copyFrom>("copyFrom"),
                                                           Wrap::template method<&Wrap::free>("free")};
  if constexpr (std::is_same_v<Resource, gl::Texture>) {
    members.push_back(Wrap::template method<&Wrap::copyTo>("copyTo"));
    members.push_back(Wrap::template accessor<&Wrap::width>("width"));
    members.push_back(Wrap::template accessor<&Wrap::height>("height"));
  } else {
    members.push_back(Wrap::template accessor<&Wrap::shared>("shared"));
  }
  return Wrap::DefineClass(env, "GLResourceHandle", members);
}

template <class Resource>
GlResourceWrap<Resource>::GlResourceWrap(const Napi::CallbackInfo& info) : OwnerWrap<GlResourceWrap<Resource>>(info) {
  guard(info.Env(), [&] { resource_ = make<Resource>(info); });
  this->holds(resource_->bytes());
}

template <class Resource>
void GlResourceWrap<Resource>::release() noexcept {
  resource_.reset();
  this->holds(0);
}

template <class Resource>
Resource& GlResourceWrap<Resource>::resource() const {
  require(resource_ != nullptr, "ERR_DISPOSED", "the OpenGL resource has been freed");
  return *resource_;
}

template <class Resource>
Napi::Value GlResourceWrap<Resource>::shared(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), resource().shared());
}

template <class Resource>
Napi::Value GlResourceWrap<Resource>::width(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), resource().size().width);
}

template <class Resource>
Napi::Value GlResourceWrap<Resource>::height(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), resource().size().height);
}

template <class Resource>
Napi::Value GlResourceWrap<Resource>::copyFrom(const Napi::CallbackInfo& info) {
  Resource& target = resource();
  target.copyFrom(*unwrap<ImageWrap>(info[0], "an image").buffer(), info[1].ToBoolean());
  return info.Env().Undefined();
}

template <class Resource>
Napi::Value GlResourceWrap<Resource>::copyTo(const Napi::CallbackInfo& info) {
  const Graph stages = readGraph(info[1]);  // may run JavaScript, which may free what follows
  resource().copyTo(*unwrap<ImageWrap>(info[0], "an image").buffer(), stages);
  return info.Env().Undefined();
}

template <class Resource>
Napi::Value GlResourceWrap<Resource>::free(const Napi::CallbackInfo& info) {
  release();
  return info.Env().Undefined();
}

void exportGlResources(Napi::Env env, Napi::Object exports) {
  exports["GLPixelBufferHandle"] = GlResourceWrap<gl::PixelBuffer>::define(env);
  exports["GLFrameTexturesHandle"] = GlResourceWrap<gl::FrameTextures>::define(env);
  exports["GLTextureHandle"] = GlResourceWrap<gl::Texture>::define(env);
}

}  // namespace framelane::binding

#include "binding/gl/object.hpp"

#include "binding/environment.hpp"

namespace framelane::binding {

namespace {

constexpr napi_type_tag kTag{0x3d0be41f6f0c4f52, 0x8a7c1d1f9b2e6c05};

const char* describe(GlKind kind) {
  switch (kind) {
    case GlKind::buffer: return "a buffer";
    case GlKind::framebuffer: return "a framebuffer";
    case GlKind::program: return "a program";
    case GlKind::renderbuffer: return "a renderbuffer";
    case GlKind::shader: return "a shader";
    case GlKind::sync: return "a sync object";
    case GlKind::texture: return "a texture";
    case GlKind::uniformLocation: return "a uniform location";
    case GlKind::vertexArray: return "a vertex array";
  }
  return "an object";
}

}  // namespace

Napi::Value makeGlObject(Napi::Env env, GlObject object) {
  auto value = Napi::Object::New(env);
  value.DefineProperty(Napi::PropertyDescriptor::Value("_", Napi::Number::New(env, object.name)));
  auto held = std::make_unique<GlObject>(std::move(object));
  const auto release = [](napi_env, void* data, void*) { delete static_cast<GlObject*>(data); };
  const napi_status status = napi_wrap(env, value, held.get(), release, nullptr, nullptr);
  require(status == napi_ok, "ERR_INTERNAL", "an OpenGL object could not be wrapped");
  held.release();
  value.TypeTag(&kTag);
  return value;
}

GlObject& anyGlObject(Napi::Value value, GlKind kind, const std::shared_ptr<gl::Context>& context,
                      const std::string& where) {
  const std::string expected = where + ": expected " + describe(kind) + " of this window, received ";
  require(value.IsObject() && value.As<Napi::Object>().CheckTypeTag(&kTag), "ERR_INVALID_ARGUMENT",
          expected + "something else");
  void* data = nullptr;
  napi_unwrap(value.Env(), value, &data);
  auto& object = *static_cast<GlObject*>(data);
  require(object.kind == kind, "ERR_INVALID_ARGUMENT", expected + describe(object.kind));
  require(object.owner.lock() == context, "ERR_INVALID_ARGUMENT", expected + "one of another window");
  return object;
}

GlObject& glObject(Napi::Value value, GlKind kind, const std::shared_ptr<gl::Context>& context,
                   const std::string& where) {
  GlObject& object = anyGlObject(value, kind, context, where);
  require(!object.deleted, "ERR_DISPOSED", where + ": " + describe(kind) + " that has been deleted");
  return object;
}

}  // namespace framelane::binding

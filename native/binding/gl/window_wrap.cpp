#include "binding/gl/window_wrap.hpp"

#include "binding/exports.hpp"
#include "binding/gl/call.hpp"
#include "gl/window_egl.hpp"

namespace framelane::binding {

namespace {

int sideArgument(Napi::Value value, const char* name) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : 0;
  require(number >= 1 && number <= 1 << 20 && number == static_cast<int>(number), "ERR_INVALID_SIZE",
          std::string(name) + ": expected an integer from 1 to 1048576");
  return static_cast<int>(number);
}

Size sizeArgument(const Napi::CallbackInfo& info, size_t index) {
  return {sideArgument(info[index], "width"), sideArgument(info[index + 1], "height")};
}

std::string titleArgument(Napi::Value value) {
  require(value.IsString(), "ERR_INVALID_ARGUMENT", "title: expected a string");
  return value.As<Napi::String>();
}

Napi::Value releaseGl(const Napi::CallbackInfo& info) {
  unwrap<GlWrap>(info[0], "a window's gl").release();
  return info.Env().Undefined();
}

Napi::Value releaseCurrentContext(const Napi::CallbackInfo& info) {
  gl::Context::releaseCurrent();
  return info.Env().Undefined();
}

/// The events as native.ts has them.
class ToJs {
 public:
  explicit ToJs(Napi::Env env) : env_(env) {}

  Napi::Object operator()(const gl::KeyPressed& event) const {
    auto object = make("key");
    object["code"] = Napi::Number::New(env_, event.key);
    object["name"] = Napi::String::New(env_, event.name);
    object["repeat"] = Napi::Boolean::New(env_, event.repeat);
    object["shift"] = Napi::Boolean::New(env_, event.shift);
    object["ctrl"] = Napi::Boolean::New(env_, event.control);
    object["altOrSuper"] = Napi::Boolean::New(env_, event.altOrSuper);
    return object;
  }
  Napi::Object operator()(const gl::Typed& event) const {
    auto object = make("typed");
    object["character"] = Napi::Number::New(env_, event.character);
    return object;
  }
  Napi::Object operator()(const gl::ButtonChanged& event) const {
    auto object = at(event.down ? "mousedown" : "mouseup", event.x, event.y);
    object["button"] = Napi::Number::New(env_, event.button);
    return object;
  }
  Napi::Object operator()(const gl::CursorMoved& event) const { return at("mousemove", event.x, event.y); }
  Napi::Object operator()(const gl::Scrolled& event) const {
    auto object = at("wheel", event.x, event.y);
    object["delta"] = Napi::Number::New(env_, event.delta);
    return object;
  }
  Napi::Object operator()(const gl::Resized& event) const {
    auto object = make("resize");
    object["width"] = Napi::Number::New(env_, event.width);
    object["height"] = Napi::Number::New(env_, event.height);
    return object;
  }
  Napi::Object operator()(const gl::CloseRequested&) const { return make("close"); }

 private:
  Napi::Object make(const char* type) const {
    auto object = Napi::Object::New(env_);
    object["type"] = Napi::String::New(env_, type);
    return object;
  }
  Napi::Object at(const char* type, double x, double y) const {
    auto object = make(type);
    object["x"] = Napi::Number::New(env_, x);
    object["y"] = Napi::Number::New(env_, y);
    return object;
  }
  Napi::Env env_;
};

}  // namespace

Napi::Function GlWindowWrap::define(Napi::Env env) {
  return DefineClass(
      env, "GLWindowHandle",
      {accessor<&GlWindowWrap::width>("width"), accessor<&GlWindowWrap::height>("height"),
       accessor<&GlWindowWrap::current>("current"), method<&GlWindowWrap::makeCurrent>("makeCurrent"),
       method<&GlWindowWrap::swapBuffers>("swapBuffers"), method<&GlWindowWrap::setSwapInterval>("setSwapInterval"),
       method<&GlWindowWrap::setSize>("setSize"), accessor<&GlWindowWrap::scale>("scale"),
       accessor<&GlWindowWrap::contentScale>("contentScale"), method<&GlWindowWrap::setTitle>("setTitle"),
       accessor<&GlWindowWrap::fullscreen>("fullscreen"), method<&GlWindowWrap::setFullscreen>("setFullscreen"),
       method<&GlWindowWrap::pollEvents>("pollEvents"), method<&GlWindowWrap::free>("free")});
}

GlWindowWrap::GlWindowWrap(const Napi::CallbackInfo& info) : GuardedWrap(info) {
  guard(info.Env(), [&] {
    info.This().As<Napi::Object>().TypeTag(&Tag<GlWindowWrap>::value);
    const std::string provider = info[0].ToString();
    const Size size = sizeArgument(info, 1);
    if (provider == "headless") {
      window_ = std::make_shared<gl::EglWindow>(size);
    } else {
      require(provider == "system", "ERR_INVALID_ARGUMENT", "provider: expected headless or system");
      window_ = std::make_shared<gl::GlfwWindow>(
          gl::WindowOptions{size, titleArgument(info[3]), info[4].ToBoolean().Value()});
    }
  });
}

const std::shared_ptr<gl::Window>& GlWindowWrap::window() const {
  require(window_ != nullptr, "ERR_DISPOSED", "the window has been freed");
  return window_;
}

Napi::Value GlWindowWrap::width(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), window()->size().width);
}

Napi::Value GlWindowWrap::height(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), window()->size().height);
}

Napi::Value GlWindowWrap::current(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), window_ != nullptr && window_->isCurrent());
}

Napi::Value GlWindowWrap::makeCurrent(const Napi::CallbackInfo& info) {
  window()->makeCurrent();
  return info.Env().Undefined();
}

Napi::Value GlWindowWrap::swapBuffers(const Napi::CallbackInfo& info) {
  window()->swapBuffers();
  return info.Env().Undefined();
}

Napi::Value GlWindowWrap::setSwapInterval(const Napi::CallbackInfo& info) {
  window()->setSwapInterval(info[0].ToBoolean() ? 1 : 0);
  return info.Env().Undefined();
}

Napi::Value GlWindowWrap::setSize(const Napi::CallbackInfo& info) {
  window()->resize(sizeArgument(info, 0));
  return info.Env().Undefined();
}

gl::GlfwWindow& GlWindowWrap::onScreen() const {
  auto* found = dynamic_cast<gl::GlfwWindow*>(window().get());
  require(found != nullptr, "ERR_INTERNAL", "a headless window has no screen");
  return *found;
}

Napi::Value GlWindowWrap::scale(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), onScreen().scale());
}

Napi::Value GlWindowWrap::contentScale(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), onScreen().contentScale());
}

Napi::Value GlWindowWrap::setTitle(const Napi::CallbackInfo& info) {
  onScreen().setTitle(titleArgument(info[0]));
  return info.Env().Undefined();
}

Napi::Value GlWindowWrap::fullscreen(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), onScreen().fullscreen());
}

Napi::Value GlWindowWrap::setFullscreen(const Napi::CallbackInfo& info) {
  onScreen().setFullscreen(info[0].ToBoolean());
  return info.Env().Undefined();
}

Napi::Value GlWindowWrap::pollEvents(const Napi::CallbackInfo& info) {
  auto events = Napi::Array::New(info.Env());
  for (const gl::Event& event : onScreen().pollEvents()) events[events.Length()] = std::visit(ToJs(info.Env()), event);
  return events;
}

Napi::Value GlWindowWrap::free(const Napi::CallbackInfo& info) {
  window_.reset();
  return info.Env().Undefined();
}

void exportGl(Napi::Env env, Napi::Object exports) {
  exports["GLWindowHandle"] = GlWindowWrap::define(env);
  exports["GLHandle"] = GlWrap::define(env);
  exportFunction<releaseGl>(env, exports, "releaseGL");
  exportFunction<releaseCurrentContext>(env, exports, "releaseCurrentContext");
}

}  // namespace framelane::binding

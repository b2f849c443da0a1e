#pragma once
// OpenGL objects as JavaScript holds them: a name with its kind and the context it belongs to.
#include <napi.h>

#include <memory>

#include "gl/context.hpp"

namespace framelane::binding {

enum class GlKind { buffer, framebuffer, program, renderbuffer, shader, sync, texture, uniformLocation, vertexArray };

struct GlObject {
  GlKind kind;
  gl::GLuint name;
  gl::GLsync sync;
  std::weak_ptr<gl::Context> owner;
  bool deleted = false;
};

/// An opaque object, but for `_`: its OpenGL name, as webgl-raub has it. What is not deleted goes with its context.
Napi::Value makeGlObject(Napi::Env env, GlObject object);

/// The object behind a value; ERR_INVALID_ARGUMENT for another kind or another window's, ERR_DISPOSED after deletion.
GlObject& glObject(Napi::Value value, GlKind kind, const std::shared_ptr<gl::Context>& context,
                   const std::string& where);

/// The same, where it may have been deleted.
GlObject& anyGlObject(Napi::Value value, GlKind kind, const std::shared_ptr<gl::Context>& context,
                      const std::string& where);

}  // namespace framelane::binding

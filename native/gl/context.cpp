#include "gl/context.hpp"

#include <cstdio>
#include <string>
#include <vector>

#include "core/error.hpp"

namespace framelane::gl {

namespace {

thread_local std::vector<Context*> contextsOfThread;

}  // namespace

Context::Context() { contextsOfThread.push_back(this); }
Context::~Context() { std::erase(contextsOfThread, this); }

void Context::forgetElements(GLuint buffer) {
  for (Context* context : contextsOfThread)
    if (context->isCurrent()) context->elements_.forget(buffer);
}

void Context::releaseCurrent() {
  for (Context* context : contextsOfThread)
    if (context->isCurrent()) context->release();
}

const Functions& Context::functions() const {
  require(isCurrent(), "ERR_GL_CONTEXT", "this window's OpenGL context is not current; call its makeCurrent() first");
  return *functions_;
}

void Context::begin() {
  functions_ = &gl::functions();
  id_ = currentContext();
  const auto* version = reinterpret_cast<const char*>(functions_->GetString(kVersion));
  int major = 0, minor = 0;
  const bool known = version != nullptr && std::sscanf(version, "%d.%d", &major, &minor) == 2;
  require(known && (major > 3 || (major == 3 && minor >= 3)), "ERR_GL_UNAVAILABLE",
          std::string("OpenGL 3.3 or later is needed, this is ") + (version != nullptr ? version : "of no version"));
  functions_->GenVertexArrays(1, &defaultVertexArray_);
  functions_->BindVertexArray(defaultVertexArray_);
  GLint framebuffer = 0, buffer = 0;
  constexpr GLenum kDrawBuffer = 0x0C01;
  functions_->GetIntegerv(kDrawFramebufferBinding, &framebuffer);
  functions_->BindFramebuffer(kDrawFramebuffer, 0);
  functions_->GetIntegerv(kDrawBuffer, &buffer);
  functions_->BindFramebuffer(kDrawFramebuffer, static_cast<GLuint>(framebuffer));
  windowBuffer_ = static_cast<GLenum>(buffer);
  constexpr GLenum kProgramPointSize = 0x8642, kTextureCubeMapSeamless = 0x884F;
  functions_->Enable(kProgramPointSize);  // WebGL has both, always
  functions_->Enable(kTextureCubeMapSeamless);
}

}  // namespace framelane::gl

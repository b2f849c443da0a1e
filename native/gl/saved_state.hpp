#pragma once
// OpenGL state that is changed for a call and then put back: the context may belong to another library.
#include "gl/functions.hpp"

namespace framelane::gl {

/// Binds a buffer for as long as it lives.
class BoundBuffer {
 public:
  BoundBuffer(const Functions& gl, GLenum target, GLuint buffer) : gl_(gl), target_(target) {
    gl.GetIntegerv(target == kPixelPackBuffer ? kPixelPackBufferBinding : kPixelUnpackBufferBinding, &before_);
    gl.BindBuffer(target, buffer);
  }
  BoundBuffer(const BoundBuffer&) = delete;
  BoundBuffer& operator=(const BoundBuffer&) = delete;
  ~BoundBuffer() { gl_.BindBuffer(target_, static_cast<GLuint>(before_)); }

 private:
  const Functions& gl_;
  GLenum target_;
  GLint before_ = 0;
};

/// Binds a texture to the active unit for as long as it lives.
class BoundTexture {
 public:
  BoundTexture(const Functions& gl, GLuint texture) : gl_(gl) {
    constexpr GLenum kTextureBinding2D = 0x8069;
    gl.GetIntegerv(kTextureBinding2D, &before_);
    gl.BindTexture(kTexture2D, texture);
  }
  BoundTexture(const BoundTexture&) = delete;
  BoundTexture& operator=(const BoundTexture&) = delete;
  ~BoundTexture() { gl_.BindTexture(kTexture2D, static_cast<GLuint>(before_)); }

 private:
  const Functions& gl_;
  GLint before_ = 0;
};

/// Sets rows without gaps while it lives: UNPACK_ for uploads, PACK_ for downloads.
class TightRows {
 public:
  TightRows(const Functions& gl, bool unpack) : gl_(gl), names_(unpack ? kUnpack : kPack) {
    for (int i = 0; i < 4; i++) {
      gl.GetIntegerv(names_[i], &before_[i]);
      gl.PixelStorei(names_[i], i == 0 ? 1 : 0);
    }
  }
  TightRows(const TightRows&) = delete;
  TightRows& operator=(const TightRows&) = delete;
  ~TightRows() {
    for (int i = 0; i < 4; i++) gl_.PixelStorei(names_[i], before_[i]);
  }

 private:
  static constexpr GLenum kUnpack[4] = {kUnpackAlignment, kUnpackRowLength, kUnpackSkipRows, kUnpackSkipPixels};
  static constexpr GLenum kPack[4] = {kPackAlignment, kPackRowLength, kPackSkipRows, kPackSkipPixels};
  const Functions& gl_;
  const GLenum* names_;
  GLint before_[4] = {};
};

}  // namespace framelane::gl

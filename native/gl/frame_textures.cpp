#include "gl/frame_textures.hpp"

#include <cstdio>

#include "core/format_name.hpp"
#include "gl/saved_state.hpp"

namespace framelane::gl {

namespace {

struct InternalFormat {
  int channels;
  Element element;
  const char* name;
  GLint value;
};

// What CUDA registers, too. A texture made with an unsized format says so.
constexpr InternalFormat kInternalFormats[] = {
    {1, Element::u8, "R8", 0x8229},   {1, Element::u16, "R16", 0x822A},    {4, Element::u8, "RGBA8", 0x8058},
    {4, Element::u8, "RGBA", 0x1908}, {4, Element::u16, "RGBA16", 0x805B}, {4, Element::f32, "RGBA32F", 0x8814}};

std::string sizeText(Size size) { return std::to_string(size.width) + "x" + std::to_string(size.height); }

void requirePlane(GLuint texture, const Plane& plane, const std::string& what) {
  const Size size = textureSize(texture), wanted{plane.width, plane.height};
  require(size == wanted, "ERR_INVALID_SIZE", what + ": expected " + sizeText(wanted) + ", received " + sizeText(size));
  const Functions& gl = functions();
  const BoundTexture bound(gl, texture);
  constexpr GLenum kTextureInternalFormat = 0x1003;
  GLint format = 0;
  gl.GetTexLevelParameteriv(kTexture2D, 0, kTextureInternalFormat, &format);
  std::string expected;
  for (const InternalFormat& row : kInternalFormats) {
    if (row.channels != plane.channels || row.element != plane.element) continue;
    if (row.value == format) return;
    expected += (expected.empty() ? "" : " or ") + std::string(row.name);
  }
  char received[16];
  std::snprintf(received, sizeof received, "0x%04X", static_cast<unsigned>(format));
  fail("ERR_UNSUPPORTED_FORMAT", what + ": expected the internal format " + expected + ", received " + received);
}

}  // namespace

Size textureSize(GLuint texture) {
  const Functions& gl = functions();
  require(gl.IsTexture(texture), "ERR_INVALID_ARGUMENT",
          "texture: expected a texture of the current OpenGL context, received the name " + std::to_string(texture) +
              ", which is none (one exists from its first bindTexture on)");
  gl.GetError();  // so that what follows is about this texture
  const BoundTexture bound(gl, texture);
  require(gl.GetError() == kNoError, "ERR_INVALID_ARGUMENT",
          "texture: expected a TEXTURE_2D, received one of another kind");
  Size size;
  gl.GetTexLevelParameteriv(kTexture2D, 0, kTextureWidth, &size.width);
  gl.GetTexLevelParameteriv(kTexture2D, 0, kTextureHeight, &size.height);
  require(size.width > 0 && size.height > 0, "ERR_INVALID_SIZE",
          "texture: expected one that has memory; call texStorage2D or texImage2D first");
  return size;
}

FrameTextures::FrameTextures(std::shared_ptr<Device> on, const FrameShape& shape, const std::vector<GLuint>& textures)
    : CopyTarget(std::move(on)), shape_(shape) {
  const Frame frame = frameAt(nullptr, shape);
  require(textures.size() == static_cast<size_t>(shape.format.info().planes), "ERR_INTERNAL",
          "a texture for each plane");
  for (size_t i = 0; i < textures.size(); i++)
    requirePlane(textures[i], frame.planes[i], textures.size() == 1 ? "texture" : "texture " + std::to_string(i));
  memory_ = mapTextures(device(), textures);
}

void FrameTextures::requireFits(const ImageBuffer& image) const {
  require(image.format() == shape_.format && image.size() == shape_.size(), "ERR_INVALID_SIZE",
          "image: expected " + sizeText(shape_.size()) + " " + formatName(shape_.format) +
              " as the texture, received " + sizeText(image.size()) + " " + formatName(image.format()));
}

}  // namespace framelane::gl

#include "gl/texture_reader.hpp"

#include "core/plan_run.hpp"
#include "gl/copy_target.hpp"
#include "gl/frame_textures.hpp"
#include "gl/saved_state.hpp"

namespace framelane::gl {

namespace {

constexpr GLenum kReadFramebuffer = 0x8CA8, kReadFramebufferBinding = 0x8CAA;
constexpr GLenum kColorAttachment0 = 0x8CE0, kFramebufferComplete = 0x8CD5;
constexpr GLenum kStreamRead = 0x88E1, kStreamCopy = 0x88E2;

class BoundReadFramebuffer {
 public:
  BoundReadFramebuffer(const Functions& gl, GLuint framebuffer) : gl_(gl) {
    gl.GetIntegerv(kReadFramebufferBinding, &before_);
    gl.BindFramebuffer(kReadFramebuffer, framebuffer);
  }
  BoundReadFramebuffer(const BoundReadFramebuffer&) = delete;
  BoundReadFramebuffer& operator=(const BoundReadFramebuffer&) = delete;
  ~BoundReadFramebuffer() { gl_.BindFramebuffer(kReadFramebuffer, static_cast<GLuint>(before_)); }

 private:
  const Functions& gl_;
  GLint before_ = 0;
};

/// Bytes for normalised channels of at most 8 bits, floats for everything else that has colours.
Element elementOf(GLuint texture) {
  constexpr GLenum kRedSize = 0x805C, kRedType = 0x8C10;
  constexpr GLint kNormalized = 0x8C17, kSignedNormalized = 0x8F9C, kFloatType = 0x1406;
  const Functions& gl = functions();
  const BoundTexture bound(gl, texture);
  GLint bits = 0, type = 0;
  gl.GetTexLevelParameteriv(kTexture2D, 0, kRedSize, &bits);
  gl.GetTexLevelParameteriv(kTexture2D, 0, kRedType, &type);
  require(bits > 0 && (type == kNormalized || type == kSignedNormalized || type == kFloatType),
          "ERR_UNSUPPORTED_FORMAT",
          "texture: expected colours (RGBA8, RGBA16F …), received depths, integers or a format without red");
  return bits <= 8 && type == kNormalized ? Element::u8 : Element::f32;
}

}  // namespace

TextureReader::Objects::Objects() {
  const Functions& gl = functions();
  gl.GenFramebuffers(1, &framebuffer);
  gl.GenBuffers(1, &buffer);
}

TextureReader::Objects::~Objects() {
  if (!context.isCurrent()) return;
  const Functions& gl = functions();
  gl.DeleteFramebuffers(1, &framebuffer);
  gl.DeleteBuffers(1, &buffer);
}

TextureReader::TextureReader(std::shared_ptr<Device> device, GLuint texture)
    : device_(std::move(device)), texture_(texture), size_(textureSize(texture)), element_(elementOf(texture)) {
  const Functions& gl = functions();
  const size_t bytes = frameBytes({rgbaOf(element_), size_.width, size_.height});
  {
    const BoundBuffer bound(gl, kPixelPackBuffer, objects_.buffer);
    // What the host reads lies in its memory; what a GPU reads must not.
    const GLenum usage = device_->backend->unified() ? kStreamRead : kStreamCopy;
    gl.BufferData(kPixelPackBuffer, static_cast<GLsizeiptr>(bytes), nullptr, usage);
  }
  memory_ = mapBuffer(*device_, objects_.buffer, bytes, Access::read);
}

void TextureReader::readIntoBuffer() {
  const Functions& gl = functions();
  require(gl.IsTexture(texture_), "ERR_DISPOSED", "the texture has been deleted; free the resource before it");
  const BoundReadFramebuffer framebuffer(gl, objects_.framebuffer);
  gl.FramebufferTexture2D(kReadFramebuffer, kColorAttachment0, kTexture2D, texture_, 0);
  require(gl.CheckFramebufferStatus(kReadFramebuffer) == kFramebufferComplete, "ERR_UNSUPPORTED_FORMAT",
          "texture: expected one that can be rendered to; this OpenGL cannot read its format");
  require(textureSize(texture_) == size_, "ERR_INVALID_SIZE",
          "the texture has another size than when the resource was made");
  const BoundBuffer buffer(gl, kPixelPackBuffer, objects_.buffer);
  const TightRows tight(gl, false);
  gl.ReadPixels(0, 0, size_.width, size_.height, kRgba, element_ == Element::u8 ? kUnsignedByte : kFloat, nullptr);
}

void TextureReader::copyTo(ImageBuffer& image, const Graph& graph) {
  objects_.context.requireCurrent();
  requireDevice(image, *device_);
  const FrameShape shape{rgbaOf(element_), size_.width, size_.height};
  const auto plan =
      std::make_shared<const BoundPlan>(PlanRequest{device_, shape, image.format(), image.shape().color, graph});
  PlanRun run(*device_, plan);
  image.requireRoom(plan->output().size());
  readIntoBuffer();
  image.overwrite(plan->output().size(), device_->immediate, [&](const WriteAccess& pixels) {
    const std::scoped_lock lock(device_->immediate->mutex());
    Queue& queue = device_->immediate->queue();
    Mapping mapping(*memory_, queue);
    run.run(queue, mapping.data(), pixels.data());
    mapping.end();
  });
}

}  // namespace framelane::gl

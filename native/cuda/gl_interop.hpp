#pragma once
// OpenGL objects registered with CUDA: pixels go from device memory to them without leaving the GPU. No CUDA header here.
#include "gl/resource.hpp"

namespace framelane::cuda {

/// Whether the current OpenGL context runs on this device.
bool drivesCurrentContext(Backend& backend);
std::unique_ptr<gl::MappedBuffer> mapBuffer(Backend& backend, gl::GLuint buffer, size_t bytes, gl::Access access);
std::unique_ptr<gl::MappedTextures> mapTextures(Backend& backend, const std::vector<gl::GLuint>& textures);

}  // namespace framelane::cuda

#pragma once
// OpenGL's types and the constants that are used, so that no header of the system is needed (Khronos registry, gl.xml).
#include <cstddef>
#include <cstdint>

namespace framelane::gl {

using GLenum = uint32_t;
using GLuint = uint32_t;
using GLbitfield = uint32_t;
using GLint = int32_t;
using GLsizei = int32_t;
using GLfloat = float;
using GLdouble = double;
using GLboolean = unsigned char;
using GLubyte = unsigned char;
using GLintptr = ptrdiff_t;
using GLsizeiptr = ptrdiff_t;
using GLint64 = int64_t;
using GLuint64 = uint64_t;
using GLsync = struct SyncObject*;

inline constexpr GLenum kNoError = 0;
inline constexpr GLenum kTexture2D = 0x0DE1;
inline constexpr GLenum kTextureWidth = 0x1000, kTextureHeight = 0x1001;
inline constexpr GLenum kByte = 0x1400, kUnsignedByte = 0x1401, kShort = 0x1402, kUnsignedShort = 0x1403, kInt = 0x1404,
                        kUnsignedInt = 0x1405, kFloat = 0x1406, kHalfFloat = 0x140B;
inline constexpr GLenum kRed = 0x1903, kRgb = 0x1907, kRgba = 0x1908, kRg = 0x8227;
inline constexpr GLenum kDepthComponent = 0x1902, kDepthStencil = 0x84F9;
inline constexpr GLenum kRedInteger = 0x8D94, kRgInteger = 0x8228, kRgbInteger = 0x8D98, kRgbaInteger = 0x8D99;
inline constexpr GLenum kVendor = 0x1F00, kRenderer = 0x1F01, kVersion = 0x1F02, kShadingLanguageVersion = 0x8B8C;
inline constexpr GLenum kUnpackRowLength = 0x0CF2, kUnpackSkipRows = 0x0CF3, kUnpackSkipPixels = 0x0CF4,
                        kUnpackAlignment = 0x0CF5, kUnpackSkipImages = 0x806D, kUnpackImageHeight = 0x806E;
inline constexpr GLenum kPackRowLength = 0x0D02, kPackSkipRows = 0x0D03, kPackSkipPixels = 0x0D04,
                        kPackAlignment = 0x0D05;
inline constexpr GLenum kArrayBuffer = 0x8892, kArrayBufferBinding = 0x8894;
inline constexpr GLenum kElementArrayBuffer = 0x8893, kElementArrayBufferBinding = 0x8895;
inline constexpr GLenum kVertexArrayBinding = 0x85B5;
inline constexpr GLenum kMaxVertexAttributes = 0x8869, kAttributeBufferBinding = 0x889F;
inline constexpr GLenum kUniformBuffer = 0x8A11, kUniformBufferBinding = 0x8A28;
inline constexpr GLenum kCopyReadBuffer = 0x8F36, kCopyWriteBuffer = 0x8F37;  // and their bindings
inline constexpr GLenum kPixelPackBuffer = 0x88EB, kPixelUnpackBuffer = 0x88EC;
inline constexpr GLenum kDrawFramebuffer = 0x8CA9, kDrawFramebufferBinding = 0x8CA6;
inline constexpr GLenum kPixelPackBufferBinding = 0x88ED, kPixelUnpackBufferBinding = 0x88EF;
inline constexpr GLenum kBufferSize = 0x8764;
inline constexpr GLenum kStreamDraw = 0x88E0;
inline constexpr GLbitfield kMapReadBit = 1, kMapWriteBit = 2, kMapInvalidateBufferBit = 8;

}  // namespace framelane::gl

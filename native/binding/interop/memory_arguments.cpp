#include "binding/interop/memory_arguments.hpp"

#include <cstring>
#include <string>

#include "binding/number_argument.hpp"

namespace framelane::binding {

namespace {

// Texts are made where they are needed: a launch takes a microsecond or two.

void requireOn(const Device& device, const Device& own) {
  if (&own == &device) return;
  fail("ERR_DEVICE_MISMATCH",
       "arguments: expected memory on " + device.backend->info().id + ", received it on " + own.backend->info().id);
}

void requireInteger(double value, double most, const char* what) {
  if (isInteger(value, 0, most)) return;
  fail("ERR_INVALID_ARGUMENT", std::string("arguments: expected ") + what);
}

}  // namespace

MemoryArguments::MemoryArguments(const Environment& environment, const Device& device, double count)
    : environment_(environment) {
  LaunchBlock& block = *environment.launch;
  requireInteger(count, LaunchBlock::kMostArguments, "at most 1016");
  arguments_ = std::span(block.memories).first(static_cast<size_t>(count));
  for (const auto& argument : arguments_) {
    requireInteger(argument.at, static_cast<double>(block.data.size() - sizeof(void*)), "at most 32764 bytes");
    if (argument.image != 0) {
      requireOn(device, *image(argument)->device());
      continue;
    }
    const interop::Memory& used = memory(argument);
    requireOn(device, *used.device);
    requireInteger(argument.offset, static_cast<double>(used.bytes), "an offset within the memory");
  }
}

void MemoryArguments::useOn(const std::shared_ptr<Stream>& stream) const {
  for (const auto& argument : arguments_) {
    const void* address = nullptr;
    if (argument.image != 0) {
      address = image(argument)->write(stream).data();
    } else if (const interop::Memory& used = memory(argument); used.block) {
      used.useOn(stream);
      address = used.data + static_cast<size_t>(argument.offset);
    }
    std::memcpy(environment_.launch->data.data() + static_cast<size_t>(argument.at), &address, sizeof address);
  }
}

void MemoryArguments::leave(const Stream& stream) const {
  if (stream.isImmediate()) return;
  for (const auto& argument : arguments_) {
    if (argument.image != 0)
      image(argument)->leave(stream);
    else
      memory(argument).leave(stream);
  }
}

const interop::Memory& MemoryArguments::memory(const LaunchBlock::Memory& argument) const {
  return environment_.memories->at(argument.handle);
}

const std::shared_ptr<ImageBuffer>& MemoryArguments::image(const LaunchBlock::Memory& argument) const {
  return environment_.images->at(argument.image);
}

}  // namespace framelane::binding

#include "core/half.hpp"

#include <algorithm>
#include <mutex>

#include "core/error.hpp"
#include "cuda/half.hpp"
#include "interop/half.hpp"

namespace framelane::interop {

void convertHalves(const Memory& to, const Memory& from, HalfWay way) {
  const Memory& halves = way == HalfWay::toHalves ? to : from;
  const Memory& floats = way == HalfWay::toHalves ? from : to;
  require(to.device == from.device && floats.bytes == 2 * halves.bytes && halves.bytes % 2 == 0, "ERR_INVALID_ARGUMENT",
          "halves: expected as many elements on both sides, on one device");
  const size_t count = halves.bytes / 2;
  if (count == 0) return;
  auto* const half = reinterpret_cast<uint16_t*>(halves.data);
  auto* const whole = reinterpret_cast<float*>(floats.data);
  const bool onHost = to.device->backend->unified();
  if (onHost && way == HalfWay::toHalves) {
    std::transform(whole, whole + count, half, [](float value) { return halfOfFloat(value); });
    return;
  }
  if (onHost) {
    std::transform(half, half + count, whole, [](uint16_t value) { return floatOfHalf(value); });
    return;
  }
  Stream& stream = *to.device->immediate;
  const std::scoped_lock lock(stream.mutex());
  if (way == HalfWay::toHalves)
    cuda::halvesOfFloats(stream.queue(), half, whole, count);
  else
    cuda::floatsOfHalves(stream.queue(), whole, half, count);
}

}  // namespace framelane::interop

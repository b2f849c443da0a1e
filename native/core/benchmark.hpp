#pragma once
#include <memory>

#include "core/bound_plan.hpp"

namespace framelane {

/// Microseconds a frame when `plan` runs back to back, the median of several batches of `iterations`. Frames rotate through
/// `sets` pairs of buffers, so that small frames do not stay in a cache that a real stream would have left.
/// `replays`: as a recording, where the device has them.
double benchmarkPlan(Device& device, const std::shared_ptr<const BoundPlan>& plan, int iterations, int sets,
                     bool replays = false);

/// The floor: microseconds to copy `bytes` within the device, measured the same way.
double benchmarkCopy(Device& device, size_t bytes, int iterations, int sets);

}  // namespace framelane

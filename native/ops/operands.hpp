#pragma once
// What an op's apply() takes beside its pixel.
#include "core/pixel.hpp"

namespace framelane {

template <class Op>
concept TakesTable = requires(Pixel p, const Table& table, const typename Op::Kernel& k) {
  Op::apply(p, table, k);
};
template <class Op>
concept TakesSource = requires(Pixel p, const typename Op::Kernel& k) {
  Op::apply(p, p, k);
};
template <class Op>
concept TakesMask = requires(Pixel p, const typename Op::Kernel& k) {
  Op::apply(p, p, p, k);
};
template <class Op>
concept HasVariants = requires {
  Op::kVariants;
};

}  // namespace framelane

#include "cuda/kernel_name.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <string_view>

namespace framelane::cuda {

std::string kernelName(const char* symbol) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(abi::__cxa_demangle(symbol, nullptr, nullptr, &status),
                                                         std::free);
  if (!text) return symbol;
  std::string_view name = text.get();
  // Templates have their result in it, which is void for every kernel. Angle brackets may hold parentheses: "f<(int)3>".
  if (name.starts_with("void ")) name.remove_prefix(5);
  int depth = 0;
  for (size_t i = 0; i < name.size(); i++) {
    if (name[i] == '<') depth++;
    if (name[i] == '>') depth--;
    if (name[i] == '(' && depth == 0) return std::string(name.substr(0, i));
  }
  return std::string(name);
}

}  // namespace framelane::cuda

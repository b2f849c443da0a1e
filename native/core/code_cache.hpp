#pragma once
// The code of custom ops in the memory of a device: equal code lies there once, so that passes with it are equal (PlanSet), and a
// parameter moves without an upload.
#include <list>
#include <memory>
#include <mutex>

#include "core/cache_count.hpp"
#include "core/custom_code.hpp"
#include "core/format.hpp"

namespace framelane {

struct Device;
class CodeTable;

class CodeCache {
 public:
  static constexpr size_t kMostTables = 64;

  std::shared_ptr<const CodeTable> get(Device& device, const std::shared_ptr<const custom::Code>& code);
  CacheCount count() const;
  void clear();

 private:
  std::shared_ptr<const CodeTable> find(const custom::Code& code);
  mutable std::mutex mutex_;
  std::list<std::shared_ptr<const CodeTable>> tables_;  // last used first
};

}  // namespace framelane

#include "core/host_memory.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

namespace framelane {

namespace {

/// "MemAvailable:  123 kB" in /proc/meminfo, "inactive_file 123" in memory.stat.
std::optional<size_t> field(const std::string& file, const std::string& name) {
  std::ifstream stream(file);
  for (std::string key; stream >> key; stream.ignore(std::numeric_limits<std::streamsize>::max(), '\n')) {
    size_t value = 0;
    if (key == name && stream >> value) return value;
  }
  return std::nullopt;
}

/// A file of one number; "max" is none.
std::optional<size_t> number(const std::string& file) {
  std::ifstream stream(file);
  size_t value = 0;
  return stream >> value ? std::optional(value) : std::nullopt;
}

struct GroupFiles {
  const char *limit, *used, *caches;
};

void narrow(HostMemory& memory, const std::string& folder, const GroupFiles& files) {
  const auto limit = number(folder + files.limit), used = number(folder + files.used);
  if (!limit || !used) return;
  const size_t caches = field(folder + "memory.stat", files.caches).value_or(0);
  const size_t held = *used - std::min(*used, caches);
  memory.total = std::min(memory.total, *limit);
  memory.available = std::min(memory.available, *limit - std::min(*limit, held));
}

/// A group is limited by those above it, too. Inside a container its own group is often mounted at the root.
void narrowUpwards(HostMemory& memory, const std::string& root, std::string group, const GroupFiles& files) {
  while (!group.empty() && group != "/") {
    narrow(memory, root + group + "/", files);
    group.resize(group.find_last_of('/'));
  }
  narrow(memory, root + "/", files);
}

}  // namespace

HostMemory hostMemory() {
  constexpr size_t kKilobyte = 1024, kUnknown = std::numeric_limits<size_t>::max() / kKilobyte;
  HostMemory memory{field("/proc/meminfo", "MemTotal:").value_or(kUnknown) * kKilobyte,
                    field("/proc/meminfo", "MemAvailable:").value_or(kUnknown) * kKilobyte};
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {  // "0::/path" or "5:memory:/path"
    const size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1), group = line.substr(second + 1);
    if (controllers.empty())
      narrowUpwards(memory, "/sys/fs/cgroup", group, {"memory.max", "memory.current", "inactive_file"});
    else if (("," + controllers + ",").find(",memory,") != std::string::npos)
      narrowUpwards(memory, "/sys/fs/cgroup/memory", group,
                    {"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"});
  }
  return memory;
}

}  // namespace framelane

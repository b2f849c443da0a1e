#include "core/code_cache.hpp"

#include <iterator>

#include "core/code_table.hpp"

namespace framelane {

std::shared_ptr<const CodeTable> CodeCache::get(Device& device, const std::shared_ptr<const custom::Code>& code) {
  {
    const std::scoped_lock lock(mutex_);
    if (auto known = find(*code)) return known;
  }
  auto table = std::make_shared<const CodeTable>(device, code);
  std::shared_ptr<const CodeTable> leaving;  // destroyed when the lock is gone: freeing memory may wait for the device
  const std::scoped_lock lock(mutex_);
  if (auto known = find(*code)) return known;  // another thread was faster
  tables_.push_front(table);
  if (tables_.size() > kMostTables) {
    leaving = std::move(tables_.back());
    tables_.pop_back();
  }
  return table;
}

std::shared_ptr<const CodeTable> CodeCache::find(const custom::Code& code) {
  for (auto table = tables_.begin(); table != tables_.end(); ++table)
    if ((*table)->code().sameAs(code)) {
      tables_.splice(tables_.begin(), tables_, table);
      return tables_.front();
    }
  return nullptr;
}

CacheCount CodeCache::count() const {
  const std::scoped_lock lock(mutex_);
  size_t bytes = 0;
  for (const auto& table : tables_) bytes += table->bytes();
  return {tables_.size(), bytes};
}

void CodeCache::clear() {
  decltype(tables_) leaving;
  const std::scoped_lock lock(mutex_);
  leaving.swap(tables_);
}

}  // namespace framelane

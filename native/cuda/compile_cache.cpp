#include "cuda/compile_cache.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>

#include "core/sha256.hpp"

namespace framelane::cuda {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kMagic = "framelane nvrtc 1\n";
constexpr size_t kChecksumBytes = 32;

/// Fields with their lengths before them, so that no two lists look the same.
class FieldWriter {
 public:
  void add(std::string_view field) {
    count(field.size());
    bytes_ += field;
  }
  void count(uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8) bytes_ += static_cast<char>(number >> shift);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes) : rest_(bytes) {}
  std::string field() { return std::string(take(count())); }
  uint64_t count() {
    uint64_t number = 0;
    const std::string_view bytes = take(8);
    for (size_t i = 0; i < 8; i++) number |= uint64_t{static_cast<uint8_t>(bytes[i])} << (8 * i);
    return number;
  }

 private:
  std::string_view take(uint64_t size) {
    require(size <= rest_.size(), "ERR_INTERNAL", "an entry of the cache ends early");
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::string_view rest_;
};

std::string_view asText(const Sha256::Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string encode(const CompiledCode& code) {
  FieldWriter fields;
  fields.add(code.code);
  fields.add(code.log);
  fields.count(code.symbols.size());
  for (const std::string& symbol : code.symbols) fields.add(symbol);
  return std::string(kMagic).append(asText(sha256(fields.bytes()))).append(fields.bytes());
}

/// Nothing where it is not what encode() has made.
std::optional<CompiledCode> decode(std::string_view entry) {
  if (entry.size() < kMagic.size() + kChecksumBytes || !entry.starts_with(kMagic)) return std::nullopt;
  const std::string_view checksum = entry.substr(kMagic.size(), kChecksumBytes);
  const std::string_view payload = entry.substr(kMagic.size() + kChecksumBytes);
  if (asText(sha256(payload)) != checksum) return std::nullopt;
  FieldReader fields(payload);
  CompiledCode code;
  code.code = fields.field();
  code.log = fields.field();
  for (uint64_t left = fields.count(); left > 0; left--) code.symbols.push_back(fields.field());
  return code;
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

CompileCache CompileCache::ofEnvironment() {
  if (variable("FRAMELANE_CACHE") == "off") return CompileCache();
  if (const std::string folder = variable("FRAMELANE_CACHE_DIR"); !folder.empty())
    return CompileCache(fs::path(folder) / "nvrtc");
  // By the specification, a relative path there is to be ignored.
  if (const fs::path folder = variable("XDG_CACHE_HOME"); folder.is_absolute())
    return CompileCache(folder / "framelane" / "nvrtc");
  const fs::path home = variable("HOME");
  return home.is_absolute() ? CompileCache(home / ".cache" / "framelane" / "nvrtc") : CompileCache();
}

std::optional<CompiledCode> CompileCache::load(const std::string& key) const noexcept {
  if (folder_.empty()) return std::nullopt;
  try {
    const fs::path path = folder_ / key;
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    auto code = decode(std::string(std::istreambuf_iterator<char>(file), {}));
    std::error_code ignored;
    if (code)
      fs::last_write_time(path, fs::file_time_type::clock::now(), ignored);
    else
      fs::remove(path, ignored);
    return code;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

void CompileCache::store(const std::string& key, const CompiledCode& code) const noexcept {
  if (folder_.empty()) return;
  try {
    static std::atomic<unsigned> count = 0;
    fs::create_directories(folder_);
    const fs::path unfinished =
        folder_ / (key + '.' + std::to_string(getpid()) + '-' + std::to_string(count++) + ".part");
    {
      std::ofstream file(unfinished, std::ios::binary);
      const std::string entry = encode(code);
      file.write(entry.data(), static_cast<std::streamsize>(entry.size())).flush();
      if (!file) {
        std::error_code ignored;
        fs::remove(unfinished, ignored);
        return;
      }
    }
    fs::rename(unfinished, folder_ / key);
    trim();
  } catch (const std::exception&) {
    return;
  }
}

void CompileCache::trim() const {
  struct File {
    fs::file_time_type used;
    uintmax_t bytes;
    fs::path path;
  };
  std::vector<File> files;
  uintmax_t bytes = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_)) {
    std::error_code gone;  // another process may trim, too
    const File file{entry.last_write_time(gone), entry.file_size(gone), entry.path()};
    if (gone) continue;
    files.push_back(file);
    bytes += file.bytes;
  }
  std::ranges::sort(files, {}, &File::used);
  for (const File& file : files) {
    if (bytes <= mostBytes_) return;
    std::error_code ignored;
    fs::remove(file.path, ignored);
    bytes -= file.bytes;
  }
}

std::string compileKey(const CompileRequest& request, const std::string& compilerVersion) {
  FieldWriter fields;
  fields.add(kMagic);
  fields.add(compilerVersion);
  fields.add(request.architecture);
  fields.add(request.source);
  fields.count(request.options.size());
  for (const std::string& option : request.options) fields.add(option);
  fields.count(request.headers.size());
  for (const SourceHeader& header : request.headers) {
    fields.add(header.name);
    fields.add(header.text);
  }
  fields.count(request.names.size());
  for (const std::string& name : request.names) fields.add(name);
  return toHex(sha256(fields.bytes()));
}

CachedCode compileCached(const CompileRequest& request, const CompileCache& cache) {
  const Nvrtc& compiler = Nvrtc::get();
  if (!compiler.readsNoFile(request)) return {compiler.compile(request), false};
  const std::string key = compileKey(request, compiler.version());
  if (auto code = cache.load(key)) return {std::move(*code), true};
  CachedCode result{compiler.compile(request), false};
  cache.store(key, result.code);
  return result;
}

}  // namespace framelane::cuda

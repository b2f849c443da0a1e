#include "cuda/code_format.hpp"

#include <elf.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

#include "core/error.hpp"

namespace framelane::cuda {

namespace {

struct FatbinHeader {
  uint32_t magic;
  uint16_t version;
  uint16_t headerBytes;
  uint64_t bytes;  // after the header
};
constexpr uint32_t kFatbinMagic = 0xBA55ED50;

[[noreturn]] void refuse(const char* what) {
  fail("ERR_INPUT_INVALID", std::string("compiled code: expected a cubin, a fatbin or PTX, received ") + what);
}

template <class T>
T readAt(std::string_view code, uint64_t at) {
  T value;
  if (at > code.size() || code.size() - at < sizeof value) fail("ERR_INPUT_TRUNCATED", "compiled code: it ends early");
  std::memcpy(&value, code.data() + at, sizeof value);
  return value;
}

void requireBytes(std::string_view code, uint64_t at, uint64_t bytes) {
  if (at <= code.size() && bytes <= code.size() - at) return;
  fail("ERR_INPUT_TRUNCATED",
       "compiled code: its headers describe more than its " + std::to_string(code.size()) + " bytes");
}

void checkElf(std::string_view code) {
  const auto header = readAt<Elf64_Ehdr>(code, 0);
  constexpr uint16_t kCuda = 190;  // EM_CUDA
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != kCuda) refuse("an ELF file for another machine");
  requireBytes(code, header.e_phoff, uint64_t{header.e_phnum} * header.e_phentsize);
  requireBytes(code, header.e_shoff, uint64_t{header.e_shnum} * header.e_shentsize);
  if (header.e_shnum > 0 && header.e_shentsize < sizeof(Elf64_Shdr)) refuse("an ELF file with short headers");
  for (uint64_t i = 0; i < header.e_shnum; i++) {
    const auto section = readAt<Elf64_Shdr>(code, header.e_shoff + i * header.e_shentsize);
    if (section.sh_type != SHT_NOBITS) requireBytes(code, section.sh_offset, section.sh_size);
  }
}

void checkFatbin(std::string_view code) {
  const auto header = readAt<FatbinHeader>(code, 0);
  requireBytes(code, header.headerBytes, header.bytes);
}

std::string_view afterComments(std::string_view text) {
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    const std::string_view end = text.starts_with("//") ? "\n" : text.starts_with("/*") ? "*/" : "";
    if (end.empty()) return text;
    const size_t at = text.find(end, 2);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
  }
}

}  // namespace

CodeFormat codeFormat(std::string_view code) {
  if (code.starts_with(ELFMAG)) {
    checkElf(code);
    return CodeFormat::cubin;
  }
  if (code.size() >= sizeof kFatbinMagic && readAt<uint32_t>(code, 0) == kFatbinMagic) {
    checkFatbin(code);
    return CodeFormat::fatbin;
  }
  if (code.empty()) refuse("nothing");
  if (code.find('\0') < code.size() - 1 || !afterComments(code).starts_with(".version")) refuse("something else");
  return CodeFormat::ptx;
}

}  // namespace framelane::cuda

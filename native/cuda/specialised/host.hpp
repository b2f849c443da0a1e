// What specialised programs are given in place of the C++ library and of our headers for the host: NVRTC has neither. Of the
// operations they only run apply(); what reads options must compile, no more.
#ifndef FL_SPECIALISED_HOST
#define FL_SPECIALISED_HOST
#define __builtin_floor floor
#define __builtin_memcpy memcpy
#define __builtin_nanf nanf
#define __builtin_inff() __int_as_float(0x7f800000)

using int8_t = signed char;
using uint8_t = unsigned char;
using int16_t = short;
using uint16_t = unsigned short;
using int32_t = int;
using uint32_t = unsigned;
using int64_t = long long;
using uint64_t = unsigned long long;
using uintptr_t = unsigned long;
using ptrdiff_t = long;
using size_t = decltype(sizeof(0));

namespace std {

using ::abs, ::exp, ::exp2, ::floor, ::fmax, ::fmin, ::log, ::log10, ::log2, ::memcpy, ::pow, ::sqrt;
using ::int32_t, ::uint8_t, ::uint16_t, ::uint32_t, ::uint64_t, ::uintptr_t, ::size_t, ::ptrdiff_t;
enum class byte : unsigned char {};

template <class T>
inline constexpr bool is_trivially_copyable_v = __is_trivially_copyable(T);
template <class A, class B>
concept derived_from = __is_base_of(B, A);
template <class A, class B>
inline constexpr bool is_same_v = false;
template <class A>
inline constexpr bool is_same_v<A, A> = true;
template <class A, class B>
concept same_as = is_same_v<A, B>;

template <class T, T...>
struct integer_sequence {};
template <int kCount, int... kIndex>
struct Indices {
  using Type = typename Indices<kCount - 1, kCount - 1, kIndex...>::Type;
};
template <int... kIndex>
struct Indices<0, kIndex...> {
  using Type = integer_sequence<int, kIndex...>;
};
template <class T, T kCount>
using make_integer_sequence = typename Indices<kCount>::Type;

template <class T>
struct shared_ptr {
  T* operator->() const;
  explicit operator bool() const;
};
template <class T, size_t kCount>
struct array {
  T values[kCount];
  const T& operator[](size_t i) const { return values[i]; }
};

template <class T>
struct vector {
  bool operator==(const vector&) const;
};
struct string {};

}  // namespace std

namespace framelane {

struct Rgba {
  float r, g, b, a;
};
class ImageBuffer;
struct Lut {
  std::shared_ptr<const ImageBuffer> table;
  int dimensions, size;
  std::array<double, 3> domainMin, domainMax;
};
struct Reader {
  double number(const char*);
  int integer(const char*);
  bool boolean(const char*);
  Rgba color(const char*);
  std::shared_ptr<const ImageBuffer> image(const char*);
  Lut lut(const char*);
  bool has(const char*);
};
template <class Enum>
Enum readEnum(Reader&, const char*, std::initializer_list<const char*>);
template <class... T>
void require(const T&...);
template <class... T>
void fail(const T&...);

// No program switches over operations.
enum class PointId : uint32_t {};

}  // namespace framelane

#endif

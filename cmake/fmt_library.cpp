// fmt, compiled once. In header-only mode each source that formats compiles fmt's own functions
// again, which is two thirds of its cost. Debian's libfmt-dev has only a shared library, and
// loading that costs a fifth of an audit; its headers hold all that a static one needs. This is
// what fmt's own src/format.cc does.
#include <fmt/format-inl.h>

FMT_BEGIN_NAMESPACE
namespace detail {

template FMT_API auto dragonbox::to_decimal(float x) noexcept -> dragonbox::decimal_fp<float>;
template FMT_API auto dragonbox::to_decimal(double x) noexcept -> dragonbox::decimal_fp<double>;

template FMT_API auto thousands_sep_impl(locale_ref) -> thousands_sep_result<char>;
template FMT_API auto decimal_point_impl(locale_ref) -> char;
template FMT_API auto locale_ref::get<std::locale>() const -> std::locale;
template FMT_API void buffer<char>::append(const char*, const char*);
#if FMT_VERSION < 110000  // a function of its own since
template FMT_API void vformat_to<char>(buffer<char>&, string_view, format_args, locale_ref);
#endif

}  // namespace detail
FMT_END_NAMESPACE

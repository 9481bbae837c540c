#include <rondo/compat/str.h>

#include <sstream>

namespace rondo::compat {

Text::Text() : stream_(new std::ostringstream) {}
Text::~Text() { delete stream_; }
void Text::add(std::string_view text) { *stream_ << text; }
void Text::add(char character) { *stream_ << character; }
void Text::add(double number) { *stream_ << number; }
void Text::add(long long number) { *stream_ << number; }
void Text::add(unsigned long long number) { *stream_ << number; }
void Text::add(const void* pointer) { *stream_ << pointer; }
std::string Text::take() const { return static_cast<const std::ostringstream&>(*stream_).str(); }

}  // namespace rondo::compat

// Texts within quotation marks.
#pragma once

#include <string>
#include <string_view>

namespace rondo::base {

// As it stands between the quotation marks of a JSON string; Graphviz reads quotes, backslashes and line ends so too.
std::string escaped(std::string_view text);

}  // namespace rondo::base

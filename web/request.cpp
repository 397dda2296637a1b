#include "web/request.h"

#include <boost/algorithm/string/predicate.hpp>

namespace mailrota::web {

std::string_view Request::header(std::string_view name) const {
    for (const auto& [field, value] : headers)
        if (boost::algorithm::iequals(field, name)) return value;
    return {};
}

std::string Request::joined_header(std::string_view name) const {
    std::string joined;
    for (const auto& [field, value] : headers)
        if (boost::algorithm::iequals(field, name)) joined.append(joined.empty() ? "" : ",").append(value);
    return joined;
}

}  // namespace mailrota::web

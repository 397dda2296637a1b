#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mailrota::fakes {

struct ShapeField;

/// What a JSON value must look like. A value; built by the functions below.
struct Shape {
    enum class Type { text, integer, boolean, object, list, anything };

    Type type = Type::anything;
    std::vector<ShapeField> fields;        ///< object: the names there may be
    std::shared_ptr<const Shape> element;  ///< list: each element; object: each value whose name is free
    std::size_t least = 0;                 ///< characters of a text, elements of a list
    std::size_t most = std::numeric_limits<std::size_t>::max();
    std::vector<std::string> words;     ///< text: one of these; empty: any
    bool address = false;               ///< text: a bare mail address
    bool nullable = false;              ///< null will do too
    std::shared_ptr<const Shape> also;  ///< a value of this shape will do too
};

struct ShapeField {
    std::string name;
    Shape shape;
    bool required = false;
};

constexpr bool required = true;

Shape text(std::size_t least = 0, std::size_t most = std::numeric_limits<std::size_t>::max());
Shape word(std::vector<std::string> words);
Shape address_text();
Shape integer();
Shape boolean();
Shape anything();
Shape list(Shape element, std::size_t least = 0, std::size_t most = std::numeric_limits<std::size_t>::max());
Shape object(std::vector<ShapeField> fields);
Shape object_of(Shape value);  ///< any names
Shape nullable(Shape shape);
Shape either(Shape first, Shape second);

/// Where a value leaves its shape.
struct Breach {
    enum class Kind { unknown, missing, type, size, word, address };

    Kind kind = Kind::type;
    std::string path;  ///< "personalizations.0.to"
    std::string what;  ///< "is not a string"
};
/// The first breach; nothing if the value fits.
std::optional<Breach> check(const boost::json::value& value, const Shape& shape,
                            const std::string& path = "");

}  // namespace mailrota::fakes

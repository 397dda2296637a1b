#include "tests/fakes/shape.h"

#include <algorithm>
#include <utility>

#include "tests/fakes/header_block.h"

namespace mailrota::fakes {

namespace {

namespace json = boost::json;
using Type = Shape::Type;
using Kind = Breach::Kind;

Shape of_type(Type type) {
    Shape shape;
    shape.type = type;
    return shape;
}

Shape sized(Type type, std::size_t least, std::size_t most) {
    Shape shape = of_type(type);
    shape.least = least;
    shape.most = most;
    return shape;
}

std::string below(const std::string& path, std::string_view name) {
    return path.empty() ? std::string(name) : path + "." + std::string(name);
}

std::optional<Breach> check_text(const json::value& value, const Shape& shape, const std::string& path) {
    if (!value.is_string()) return Breach{Kind::type, path, "is not a string"};
    const std::string text(value.get_string());
    if (text.size() < shape.least) return Breach{Kind::size, path, "is empty or too short"};
    if (text.size() > shape.most) return Breach{Kind::size, path, "is too long"};
    if (shape.address && !is_address(text))
        return Breach{Kind::address, path, "is not a valid email address"};
    if (!shape.words.empty() && std::ranges::find(shape.words, text) == shape.words.end())
        return Breach{Kind::word, path, "is not one of the values there are"};
    return {};
}

std::optional<Breach> check_list(const json::value& value, const Shape& shape, const std::string& path) {
    if (!value.is_array()) return Breach{Kind::type, path, "is not an array"};
    const auto& array = value.get_array();
    if (array.size() < shape.least) return Breach{Kind::size, path, "has too few elements"};
    if (array.size() > shape.most) return Breach{Kind::size, path, "has too many elements"};
    for (std::size_t i = 0; i < array.size(); ++i)
        if (auto breach = check(array[i], *shape.element, below(path, std::to_string(i)))) return breach;
    return {};
}

std::optional<Breach> check_object(const json::value& value, const Shape& shape, const std::string& path) {
    if (!value.is_object()) return Breach{Kind::type, path, "is not an object"};
    for (const auto& member : value.get_object()) {
        const std::string name(member.key());
        const auto field = std::ranges::find(shape.fields, name, &ShapeField::name);
        const Shape* inner = field != shape.fields.end() ? &field->shape : shape.element.get();
        if (!inner) return Breach{Kind::unknown, below(path, name), "is not a known parameter"};
        if (auto breach = check(member.value(), *inner, below(path, name))) return breach;
    }
    for (const auto& field : shape.fields)
        if (field.required && !value.get_object().contains(field.name))
            return Breach{Kind::missing, below(path, field.name), "is required"};
    return {};
}

std::optional<Breach> check_one(const json::value& value, const Shape& shape, const std::string& path) {
    switch (shape.type) {
        case Type::text:
            return check_text(value, shape, path);
        case Type::list:
            return check_list(value, shape, path);
        case Type::object:
            return check_object(value, shape, path);
        case Type::integer:
            if (!value.is_int64() && !value.is_uint64()) return Breach{Kind::type, path, "is not an integer"};
            return {};
        case Type::boolean:
            if (!value.is_bool()) return Breach{Kind::type, path, "is not a boolean"};
            return {};
        case Type::anything:
            return {};
    }
    return {};
}

}  // namespace

Shape text(std::size_t least, std::size_t most) { return sized(Type::text, least, most); }
Shape word(std::vector<std::string> words) {
    Shape shape = of_type(Type::text);
    shape.words = std::move(words);
    return shape;
}
Shape address_text() {
    Shape shape = of_type(Type::text);
    shape.address = true;
    return shape;
}
Shape integer() { return of_type(Type::integer); }
Shape boolean() { return of_type(Type::boolean); }
Shape anything() { return of_type(Type::anything); }
Shape list(Shape element, std::size_t least, std::size_t most) {
    Shape shape = sized(Type::list, least, most);
    shape.element = std::make_shared<const Shape>(std::move(element));
    return shape;
}
Shape object(std::vector<ShapeField> fields) {
    Shape shape = of_type(Type::object);
    shape.fields = std::move(fields);
    return shape;
}
Shape object_of(Shape value) {
    Shape shape = of_type(Type::object);
    shape.element = std::make_shared<const Shape>(std::move(value));
    return shape;
}
Shape nullable(Shape shape) {
    shape.nullable = true;
    return shape;
}
Shape either(Shape first, Shape second) {
    first.also = std::make_shared<const Shape>(std::move(second));
    return first;
}

std::optional<Breach> check(const json::value& value, const Shape& shape, const std::string& path) {
    if (shape.nullable && value.is_null()) return {};
    auto breach = check_one(value, shape, path);
    if (breach && shape.also && !check(value, *shape.also, path)) return {};
    return breach;
}

}  // namespace mailrota::fakes

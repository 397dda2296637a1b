#include "core/config/load_reply.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/policy/template.h"

namespace mailrota::config {

namespace {

constexpr std::string_view digits = "0123456789";

// "5.7.1": a class, a dot, up to three digits, a dot, up to three digits (RFC 3463).
bool valid_enhanced(std::string_view text) {
    const auto first = text.find('.');
    const auto second = text.find('.', first == std::string_view::npos ? first : first + 1);
    if (first != 1 || second == std::string_view::npos) return false;
    const auto number = [](std::string_view part) {
        return !part.empty() && part.size() <= 3 && part.find_first_not_of(digits) == std::string_view::npos;
    };
    return number(text.substr(2, second - 2)) && number(text.substr(second + 1));
}

void load_code(const Section& table, policy::Reply& reply, bool for_good) {
    const auto code = table.integer("code", 400, 599);
    if (!code) return;
    reply.code = static_cast<int>(*code);
    if ((reply.code >= 500) == for_good) return;
    if (for_good) {
        table.error("code", fmt::format("{} is no refusal for good: those are 500 to 599", *code),
                    "use defer for 400 to 499");
    } else {
        table.error("code", fmt::format("{} is no refusal for now: those are 400 to 499", *code),
                    "use reject for 500 to 599");
    }
}

void load_enhanced(const Section& table, policy::Reply& reply, bool for_good) {
    const auto enhanced = table.text("enhanced");
    if (!enhanced) return;
    reply.enhanced = *enhanced;
    const std::string_view sample = for_good ? "5.7.1" : "4.7.1";
    if (!valid_enhanced(*enhanced)) {
        table.error("enhanced", quoted(*enhanced) + " is no enhanced status code",
                    fmt::format("write as in \"{}\"", sample));
    } else if (enhanced->front() != sample.front()) {
        table.error(
            "enhanced",
            fmt::format("{} does not fit the reply: its class is {}", quoted(*enhanced), sample.front()),
            fmt::format("write as in \"{}\"", sample));
    }
}

}  // namespace

std::string load_template(const Section& section, std::string_view key,
                          const std::vector<std::string>& captures) {
    const auto text = section.text(key);
    if (!text) return {};
    if (text->find_first_of(std::string_view("\r\0", 2)) != std::string::npos) {
        section.error(key, "has a carriage return or a NUL in it");
        return {};
    }
    if (const auto parsed = policy::check_template(*text, captures); !parsed) {
        section.error(key, parsed.error().text);
        return {};
    }
    return *text;
}

policy::Reply load_reply(const Section& section, std::string_view key,
                         const std::vector<std::string>& captures) {
    const bool for_good = key == "reject";
    policy::Reply reply = for_good ? policy::Reply{550, "5.7.1", "Message refused"}
                                   : policy::Reply{451, "4.7.1", "Try again later"};
    const toml::node* node = section.node(key);
    if (node->is_string()) {
        if (const std::string text = load_template(section, key, captures); !text.empty()) reply.text = text;
        return reply;
    }
    if (!node->is_table()) {
        section.wrong_type(key, "a text or a table", *node,
                           fmt::format("write as in {{ {} = \"{}\" }}", key, reply.text));
        return reply;
    }
    const auto table = section.section(key);
    load_code(*table, reply, for_good);
    load_enhanced(*table, reply, for_good);
    if (const std::string text = load_template(*table, "text", captures); !text.empty()) reply.text = text;
    return reply;
}

}  // namespace mailrota::config

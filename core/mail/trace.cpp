#include <openssl/crypto.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/mail/digest.h"
#include "core/mail/header_text.h"
#include "core/mail/keys.h"

namespace mailrota::mail {
namespace {

constexpr std::size_t line_width = 78;
constexpr int most_hops = 1000;
constexpr std::string_view version = "v1";
constexpr std::string_view hops_label = "hops=";
constexpr std::string_view rotas_label = "rotas=";
constexpr std::string_view mac_label = "mac=";

std::string mac_hex(const Trace& trace, std::string_view identity, const TraceSecret& secret) {
    std::vector<std::string> fields{"mailrota trace v1", std::string(identity), std::to_string(trace.hops)};
    fields.insert(fields.end(), trace.rotas.begin(), trace.rotas.end());
    return to_hex(mac_of(fields, secret));
}

// Puts words after each other, on a new line where the next would pass the width of one. A word is never
// split.
class FoldedLine {
  public:
    explicit FoldedLine(std::size_t column) : column_(column) {}

    void add(std::string_view word, bool blank_before) {
        if (column_ + word.size() + (blank_before ? 1 : 0) > line_width && !text_.empty()) {
            text_ += "\n ";
            column_ = 1;
        } else if (blank_before) {
            text_ += ' ';
            ++column_;
        }
        text_ += word;
        column_ += word.size();
    }

    std::string take() { return std::move(text_); }

  private:
    std::string text_;
    std::size_t column_;
};

bool is_rota_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '.' || c == '-';
    });
}

// Takes `label`, what follows it and the semicolon after that off the front of `text`.
std::optional<std::string_view> take_field(std::string_view& text, std::string_view label) {
    const std::size_t end = std::min(text.find(';'), text.size());
    const std::string_view field = text.substr(0, end);
    if (!field.starts_with(label)) {
        return std::nullopt;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
    return field.substr(label.size());
}

std::optional<int> parse_hops(std::string_view digits) {
    int hops = -1;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), hops);
    const bool whole = fault == std::errc() && end == digits.data() + digits.size();
    return whole && hops >= 0 && hops <= most_hops ? std::optional(hops) : std::nullopt;
}

std::optional<std::vector<std::string>> parse_rotas(std::string_view list) {
    std::vector<std::string> rotas;
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(','), list.size());
        if (!is_rota_name(list.substr(0, end))) {
            return std::nullopt;
        }
        rotas.emplace_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return rotas;
}

// The trace that one header value holds; nothing unless its signature is right.
std::optional<Trace> verify(std::string_view value, std::string_view identity, const TraceSecret& secret) {
    std::string compact = unfold_header(value);
    std::erase_if(compact, [](char c) { return c == ' ' || c == '\t'; });
    std::string_view text = compact;
    const auto head = take_field(text, version);
    const auto hops = take_field(text, hops_label);
    const auto rotas = take_field(text, rotas_label);
    const auto mac = take_field(text, mac_label);
    if (!head || !head->empty() || !hops || !rotas || !mac || !text.empty()) {
        return std::nullopt;
    }
    const auto count = parse_hops(*hops);
    auto names = parse_rotas(*rotas);
    if (!count || !names) {
        return std::nullopt;
    }
    Trace trace{*std::move(names), *count};
    const std::string right = mac_hex(trace, identity, secret);
    const bool valid =
        mac->size() == right.size() && CRYPTO_memcmp(mac->data(), right.data(), right.size()) == 0;
    return valid ? std::optional(std::move(trace)) : std::nullopt;
}

}  // namespace

bool Trace::passed(std::string_view rota) const { return std::ranges::find(rotas, rota) != rotas.end(); }

std::string mark_of_rule(std::string_view name) {
    constexpr std::size_t digits = 12;
    const std::string_view fields[] = {"mailrota rule v1", name};
    return "rule." + to_hex(digest_of(fields)).substr(0, digits);
}

std::string sign_trace(const Trace& trace, std::string_view identity, const TraceSecret& secret) {
    FoldedLine line(trace_header.size() + 2);
    line.add(std::string(version) + ";", false);
    line.add(std::string(hops_label) + std::to_string(trace.hops) + ";", true);
    std::string word(rotas_label);
    bool first = true;
    for (const std::string& rota : trace.rotas) {
        word += rota;
        const bool last = &rota == &trace.rotas.back();
        line.add(word + (last ? ";" : ","), first);
        word.clear();
        first = false;
    }
    if (trace.rotas.empty()) {
        line.add(word + ";", true);
    }
    line.add(std::string(mac_label) + mac_hex(trace, identity, secret), true);
    return line.take();
}

Trace read_trace(const Message& message, const TraceSecret& secret) {
    Trace best;
    bool found = false;
    std::string identity;  // a digest, which mail without a trace is not worth
    for (const std::string_view value : message.raw_headers(trace_header)) {
        if (identity.empty()) {
            identity = trace_identity(message);
        }
        auto trace = verify(value, identity, secret);
        if (trace && (!found || trace->hops > best.hops)) {
            best = *std::move(trace);
            found = true;
        }
    }
    return best;
}

}  // namespace mailrota::mail

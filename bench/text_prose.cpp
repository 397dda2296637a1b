#include "bench/text_prose.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace mailrota::bench {

namespace {

constexpr std::array<std::string_view, 72> words = {
    "the",      "the",     "the",    "and",    "and",      "to",        "to",          "of",        "of",
    "a",        "in",      "in",     "is",     "is",       "that",      "for",         "for",       "with",
    "on",       "we",      "you",    "it",     "this",     "have",      "are",         "not",       "will",
    "be",       "as",      "from",   "at",     "order",    "server",    "customer",    "invoice",   "network",
    "meeting",  "disk",    "backup", "report", "für",      "Störung",   "Überwachung", "später",    "größer",
    "tomorrow", "again",   "please", "check",  "restart",  "delivered", "monitoring",  "printer",   "office",
    "contract", "problem", "update", "before", "after",    "because",   "schedule",    "upgrade",   "plant",
    "database", "queue",   "driver", "Monday", "released", "version",   "answer",      "emergency", "outage"};

// Forms that come close to what alert rules want.
constexpr std::array<std::string_view, 6> near = {
    "Ticket #4711 updated", "Priority: Normal",        "host-webfarm is up again",
    "filesystem is fine",   "kernel panic is a novel", "the outage in plant nine is over"};

constexpr std::array<std::string_view, 5> people = {
    "", "Ben Example <ben@example.com>", "Carla Example <carla@example.net>", "Ann Example <ann@example.com>",
    "Dora Example <dora@example.net>"};

std::string attribution(std::size_t depth) {
    return fmt::format("On Mon, {} Mar 2026 at 09:{}, {} wrote:", 9 - depth, 40 - depth,
                       people.at(depth % people.size()));
}

std::string marks(std::size_t depth) { return depth == 0 ? "" : std::string(depth, '>') + " "; }

void add_wrapped(std::string& out, const Paragraph& paragraph) {
    constexpr std::size_t width = 72;
    for (std::string_view rest = paragraph.text; !rest.empty();) {
        std::size_t end = rest.size();
        if (end > width) end = rest.rfind(' ', width);
        out += marks(paragraph.depth) + std::string(rest.substr(0, end)) + "\n";
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    out += std::string(paragraph.depth, '>') + "\n";
}

void add_escaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else
            out += c;
    }
}

}  // namespace

std::string Prose::sentence() {
    if (below(12) == 0) return std::string(near.at(below(near.size()))) + ".";
    std::string text;
    for (unsigned left = 5 + below(14); left > 0; --left)
        text.append(words.at(below(words.size()))) += left > 1 ? (below(14) == 0 ? ", " : " ") : ".";
    if (text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

std::vector<Paragraph> Prose::thread(std::size_t bytes) {
    constexpr std::size_t levels = 5;
    std::vector<Paragraph> all{{0, "Reference: BENCH-4711"}};
    std::size_t size = 0;
    for (std::size_t depth = 0; depth < levels; ++depth)
        while (size < bytes * (depth + 1) / levels) {
            Paragraph paragraph{depth, {}};
            for (unsigned left = 1 + below(5); left > 0; --left)
                paragraph.text += sentence() + (left > 1 ? " " : "");
            size += paragraph.text.size();
            all.push_back(std::move(paragraph));
        }
    return all;
}

std::string Prose::log(std::size_t bytes) {
    constexpr std::array<std::string_view, 4> programs = {"nginx", "postfix/smtpd", "cron", "kernel"};
    std::string text = "Reference: BENCH-4711\n";
    for (unsigned line = 0; text.size() < bytes; ++line)
        text += fmt::format("2026-03-09T03:{:02}:{:02}.{:03}Z web-{:02} {}[{}]: {} ({} ms)\n", line / 60 % 60,
                            line % 60, below(1000), below(20), programs.at(below(programs.size())),
                            1000 + below(30'000), sentence(), below(5000));
    return text;
}

std::string Prose::file(std::size_t bytes) {
    std::string content(bytes, '\0');
    for (char& c : content) c = static_cast<char>(random_());
    return content;
}

std::string as_plain(const std::vector<Paragraph>& thread) {
    std::string out;
    std::size_t depth = 0;
    for (const Paragraph& paragraph : thread) {
        for (; depth < paragraph.depth; ++depth) out += marks(depth) + attribution(depth + 1) + "\n";
        add_wrapped(out, paragraph);
    }
    return out;
}

std::string as_html(const std::vector<Paragraph>& thread) {
    std::string out = "<html><head><meta charset=\"utf-8\"></head><body><div dir=\"ltr\">\n";
    std::size_t depth = 0;
    for (const Paragraph& paragraph : thread) {
        for (; depth < paragraph.depth; ++depth) {
            out += "<br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">";
            add_escaped(out, attribution(depth + 1));
            out +=
                "<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px "
                "0.8ex;border-left:1px "
                "solid rgb(204,204,204);padding-left:1ex\">\n";
        }
        out += "<p class=\"MsoNormal\"><span style=\"font-family:Calibri,sans-serif;font-size:11pt\">";
        add_escaped(out, paragraph.text);
        out += "</span></p>\n";
    }
    for (; depth > 0; --depth) out += "</blockquote></div>\n";
    return out + "</div></body></html>\n";
}

}  // namespace mailrota::bench

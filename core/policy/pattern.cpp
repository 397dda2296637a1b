#define PCRE2_CODE_UNIT_WIDTH 8
#include "core/policy/pattern.h"

#include <fmt/format.h>
#include <pcre2.h>

#include <algorithm>
#include <array>
#include <new>

#include "core/mail/release.h"
#include "core/policy/pattern_source.h"

namespace mailrota::policy {
namespace {

// The bounds of the stack that a match gets when the 32 KiB on the thread's own stack were not enough.
constexpr std::size_t jit_stack_start = std::size_t{32} << 10;
constexpr std::size_t jit_stack_most = std::size_t{1} << 20;

using mail::Release;
using Code = std::unique_ptr<pcre2_code, Release<pcre2_code_free>>;
using CompileSettings = std::unique_ptr<pcre2_compile_context, Release<pcre2_compile_context_free>>;
using MatchSettings = std::unique_ptr<pcre2_match_context, Release<pcre2_match_context_free>>;
using MatchData = std::unique_ptr<pcre2_match_data, Release<pcre2_match_data_free>>;
using JitStack = std::unique_ptr<pcre2_jit_stack, Release<pcre2_jit_stack_free>>;

template <class T>
T made(T handle) {
    if (!handle) throw std::bad_alloc();
    return handle;
}

std::string pcre2_words(int code) {
    std::array<PCRE2_UCHAR, 256> buffer{};
    pcre2_get_error_message(code, buffer.data(), buffer.size());
    return reinterpret_cast<const char*>(buffer.data());
}

std::uint32_t options_of(const PatternSource& source) {
    std::uint32_t options = PCRE2_NEVER_BACKSLASH_C;
    if (source.caseless) options |= PCRE2_CASELESS;
    if (source.multiline) options |= PCRE2_MULTILINE;
    if (source.dotall) options |= PCRE2_DOTALL;
    if (source.extended) options |= PCRE2_EXTENDED;
    // Without the flag u, "(*UTF)" inside the pattern must not make bytes that are no UTF-8 an error.
    return options | (source.unicode ? PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF : PCRE2_NEVER_UTF);
}

Result<Code> compile_code(const PatternSource& source) {
    const CompileSettings settings(made(pcre2_compile_context_create(nullptr)));
    pcre2_set_newline(settings.get(), PCRE2_NEWLINE_ANYCRLF);
    int error = 0;
    std::size_t offset = 0;
    Code code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(source.pattern.data()), source.pattern.size(),
                            options_of(source), &error, &offset, settings.get()));
    if (!code) return invalid(fmt::format("{} at offset {}", pcre2_words(error), offset));
    return code;
}

MatchSettings match_settings(const PatternLimits& limits) {
    MatchSettings settings(made(pcre2_match_context_create(nullptr)));
    pcre2_set_match_limit(settings.get(), limits.match);
    pcre2_set_depth_limit(settings.get(), limits.depth);
    pcre2_set_heap_limit(settings.get(), limits.heap_kib);
    return settings;
}

struct Group {
    std::string name;
    std::size_t number;
};

// PCRE2's table: entries of one size, each the number in two bytes and the name ended by NUL.
std::vector<Group> named_groups(const pcre2_code* code) {
    std::uint32_t count = 0;
    std::uint32_t entry_size = 0;
    PCRE2_SPTR table = nullptr;
    pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count);
    pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &entry_size);
    pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &table);
    std::vector<Group> groups;
    for (std::uint32_t i = 0; i < count; ++i, table += entry_size) {
        const auto number = static_cast<std::size_t>(table[0] << 8 | table[1]);
        groups.push_back({reinterpret_cast<const char*>(table + 2), number});
    }
    return groups;
}

Match doubtful(int code) {
    return {Answer::unknown, Doubt::limit, fmt::format("PCRE2: {}", pcre2_words(code)), {}};
}

}  // namespace

struct Pattern::Compiled {
    Code code;
    MatchSettings settings;  // shared by all threads, so never changed after compile()
    std::vector<Group> groups;

    int run(std::string_view subject, pcre2_match_data* data, pcre2_match_context* with) const {
        const char* bytes = subject.data() ? subject.data() : "";
        return pcre2_match(code.get(), reinterpret_cast<PCRE2_SPTR>(bytes), subject.size(), 0, 0, data, with);
    }

    // Runs again with a larger stack of its own; most matches never need one.
    int run_on_own_stack(std::string_view subject, pcre2_match_data* data) const {
        const JitStack stack(made(pcre2_jit_stack_create(jit_stack_start, jit_stack_most, nullptr)));
        const MatchSettings with_stack(made(pcre2_match_context_copy(settings.get())));
        pcre2_jit_stack_assign(with_stack.get(), nullptr, stack.get());
        return run(subject, data, with_stack.get());
    }

    Captures captures(std::string_view subject, pcre2_match_data* data) const {
        Captures captures;
        const auto* offsets = pcre2_get_ovector_pointer(data);
        for (const auto& group : groups) {
            const auto from = offsets[2 * group.number];
            const auto until = offsets[2 * group.number + 1];
            if (from == PCRE2_UNSET || until < from) continue;
            captures.emplace(group.name, subject.substr(from, until - from));
        }
        return captures;
    }
};

Result<Pattern> Pattern::compile(std::string_view text, PatternLimits limits) {
    const auto source = parse_pattern_source(text);
    if (!source) return invalid(fmt::format("{}: {}", text, source.error().text));
    auto code = compile_code(*source);
    if (!code) return invalid(fmt::format("{}: {}", text, code.error().text));
    // A refusal leaves the interpreter to do the work; jitted() tells.
    pcre2_jit_compile(code->get(), PCRE2_JIT_COMPLETE);
    auto compiled = std::make_shared<Compiled>();
    compiled->code = std::move(*code);
    compiled->settings = match_settings(limits);
    compiled->groups = named_groups(compiled->code.get());
    Pattern pattern;
    pattern.text_ = text;
    pattern.compiled_ = std::move(compiled);
    return pattern;
}

Match Pattern::match(std::string_view subject) const {
    const MatchData data(made(pcre2_match_data_create_from_pattern(compiled_->code.get(), nullptr)));
    int code = compiled_->run(subject, data.get(), compiled_->settings.get());
    if (code == PCRE2_ERROR_JIT_STACKLIMIT) code = compiled_->run_on_own_stack(subject, data.get());
    if (code == PCRE2_ERROR_NOMATCH) return {};
    if (code < 0) return doubtful(code);
    const auto* range = pcre2_get_ovector_pointer(data.get());
    // After \K the match may begin behind its end.
    return {Answer::yes,
            Doubt::none,
            {},
            compiled_->captures(subject, data.get()),
            std::min(range[0], range[1]),
            std::max(range[0], range[1])};
}

bool Pattern::jitted() const {
    std::size_t size = 0;
    return pcre2_pattern_info(compiled_->code.get(), PCRE2_INFO_JITSIZE, &size) == 0 && size > 0;
}

std::vector<std::string> Pattern::group_names() const {
    std::vector<std::string> names;
    for (const auto& group : compiled_->groups) names.push_back(group.name);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

}  // namespace mailrota::policy

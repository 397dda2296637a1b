#include "core/policy/sieve.h"

#include <hs.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <mutex>
#include <new>
#include <string>

#include "core/mail/release.h"
#include "core/policy/relaxed_pattern.h"

namespace mailrota::policy {
namespace {

using mail::Release;
using Database = std::unique_ptr<hs_database_t, Release<hs_free_database>>;
using Scratch = std::unique_ptr<hs_scratch_t, Release<hs_free_scratch>>;
using CompileError = std::unique_ptr<hs_compile_error_t, Release<hs_free_compile_error>>;

// One pattern on its way to a database.
struct Entry {
    std::uint32_t number;  // in the sieve
    std::string text;
    unsigned flags;
};

unsigned flags_of(const PatternSource& source) {
    unsigned flags = HS_FLAG_PREFILTER | HS_FLAG_SINGLEMATCH;
    if (source.caseless) flags |= HS_FLAG_CASELESS;
    if (source.dotall) flags |= HS_FLAG_DOTALL;
    if (source.unicode) flags |= HS_FLAG_UTF8;
    return flags;
}

// Compiles the entries, without those that Hyperscan refuses: these go to `refused`. Null if none is left, or
// if this processor is too old for it.
Database compile(std::vector<Entry>& entries, std::vector<std::uint32_t>& refused) {
    while (!entries.empty()) {
        std::vector<const char*> texts;
        std::vector<unsigned> flags;
        std::vector<unsigned> numbers;
        for (const auto& entry : entries) {
            texts.push_back(entry.text.c_str());
            flags.push_back(entry.flags);
            numbers.push_back(entry.number);
        }
        hs_database_t* made = nullptr;
        hs_compile_error_t* failed = nullptr;
        const auto code =
            hs_compile_multi(texts.data(), flags.data(), numbers.data(), static_cast<unsigned>(texts.size()),
                             HS_MODE_BLOCK, nullptr, &made, &failed);
        if (code == HS_SUCCESS) return Database(made);
        const CompileError error(failed);
        // An error that is not of one pattern is of all of them.
        const bool of_one = error && error->expression >= 0;
        const auto first = of_one ? entries.begin() + error->expression : entries.begin();
        const auto last = of_one ? first + 1 : entries.end();
        for (auto at = first; at != last; ++at) refused.push_back(at->number);
        entries.erase(first, last);
    }
    return nullptr;
}

// Refuses one by one before the whole is compiled, which is dear.
bool is_known(const Entry& entry) {
    hs_expr_info_t* info = nullptr;
    hs_compile_error_t* failed = nullptr;
    const auto code = hs_expression_info(entry.text.c_str(), entry.flags, &info, &failed);
    const CompileError error(failed);
    const std::unique_ptr<hs_expr_info_t, Release<std::free>> found(info);
    return code == HS_SUCCESS && found->min_width > 0;
}

}  // namespace

// One database, and working memory for as many scans as ever ran at a time.
class Sieve::Pass {
  public:
    // Null if there is nothing to scan for. Patterns that it cannot judge are added to `refused`.
    static std::shared_ptr<const Pass> of(std::vector<Entry> entries, std::vector<std::uint32_t>& refused) {
        auto pass = std::make_shared<Pass>();
        pass->database_ = compile(entries, refused);
        if (!pass->database_) return nullptr;
        hs_scratch_t* made = nullptr;
        if (hs_alloc_scratch(pass->database_.get(), &made) != HS_SUCCESS) throw std::bad_alloc();
        pass->first_ = Scratch(made);
        return pass;
    }

    // False if the text could not be scanned.
    bool mark(std::string_view text, std::vector<std::uint8_t>& possible) const {
        auto scratch = take();
        if (!scratch || text.size() > UINT_MAX) return false;
        const auto note = [](unsigned number, unsigned long long, unsigned long long, unsigned, void* to) {
            (*static_cast<std::vector<std::uint8_t>*>(to))[number] = 1;
            return 0;
        };
        const char* bytes = text.data() ? text.data() : "";
        const auto code = hs_scan(database_.get(), bytes, static_cast<unsigned>(text.size()), 0,
                                  scratch.get(), note, &possible);
        const std::scoped_lock held(lock_);
        idle_.push_back(std::move(scratch));
        return code == HS_SUCCESS;
    }

  private:
    Scratch take() const {
        const std::scoped_lock held(lock_);
        if (idle_.empty()) {
            hs_scratch_t* made = nullptr;
            hs_clone_scratch(first_.get(), &made);
            return Scratch(made);
        }
        auto scratch = std::move(idle_.back());
        idle_.pop_back();
        return scratch;
    }

    Database database_;
    Scratch first_;  // what the others are copies of
    mutable std::mutex lock_;
    mutable std::vector<Scratch> idle_;
};

Sieve::Sieve(std::span<const Pattern* const> patterns) : size_(patterns.size()) {
    std::vector<Entry> bytes;
    std::vector<Entry> unicode;
    for (std::uint32_t number = 0; number < patterns.size(); ++number) {
        const auto source = parse_pattern_source(patterns[number]->text());
        auto text = source ? relaxed_pattern(*source) : std::nullopt;
        const Entry entry{number, text ? std::move(*text) : "", source ? flags_of(*source) : 0};
        if (text && is_known(entry))
            (source->unicode ? unicode : bytes).push_back(entry);
        else
            always_.push_back(number);
    }
    for (const auto& entry : unicode) unicode_.push_back(entry.number);
    byte_pass_ = Pass::of(std::move(bytes), always_);
    unicode_pass_ = Pass::of(std::move(unicode), always_);
}

void Sieve::mark(std::string_view text, std::vector<std::uint8_t>& possible) const {
    for (const auto number : always_) possible[number] = 1;
    if (byte_pass_ && !byte_pass_->mark(text, possible)) std::ranges::fill(possible, std::uint8_t{1});
    if (!unicode_pass_) return;
    if (even_text(text) && unicode_pass_->mark(text, possible)) return;
    for (const auto number : unicode_) possible[number] = 1;
}

std::size_t Sieve::judged() const { return size_ - always_.size(); }

}  // namespace mailrota::policy

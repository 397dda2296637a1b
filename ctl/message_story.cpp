#include "ctl/message_story.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>

namespace mailrota::ctl {
namespace {

using store::BoxItem;
using store::Job;
using store::StoredMail;
using store::StoredTurn;
using store::Time;

constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
constexpr std::size_t most_turns = 1'000;  // of all mails of one id
constexpr std::string_view box_prefix = "box ";

std::string_view without_brackets(std::string_view id) {
    if (id.starts_with('<')) id.remove_prefix(1);
    if (id.ends_with('>')) id.remove_suffix(1);
    return id;
}

bool is_of(const StoredTurn& turn, const StoredMail& mail) {
    if (!mail.message_key.empty() && turn.key == mail.message_key) return true;
    return !mail.queue_id.empty() && turn.queue_id == mail.queue_id && !mail.message_id.empty() &&
           without_brackets(turn.message_id) == mail.message_id;
}

bool is_known(const std::vector<StoredTurn>& turns, const StoredTurn& turn) {
    return std::ranges::any_of(
        turns, [&](const auto& known) { return known.rota == turn.rota && known.key == turn.key; });
}

// Puts the pieces together; boxes and jobs are read once for all mails.
class Finder {
  public:
    explicit Finder(store::Transaction& transaction) : transaction_(transaction) {}

    Result<FoundMessages> find(std::string_view id, std::size_t limit) {
        const auto mails = transaction_.find_mails(id, limit + 1);
        if (!mails) return tl::unexpected(mails.error());
        auto turns = transaction_.find_turns(id, most_turns);
        if (!turns) return tl::unexpected(turns.error());
        FoundMessages found;
        for (const StoredMail& mail : *mails) {
            std::erase_if(*turns, [&](const StoredTurn& turn) { return is_of(turn, mail); });
            found.stories.emplace_back().mail = mail;
        }
        add_seen_by_milter(*std::move(turns), found.stories);
        std::ranges::stable_sort(found.stories, [](const auto& one, const auto& other) {
            return one.mail.arrived > other.mail.arrived;
        });
        found.more = found.stories.size() > limit;
        found.stories.resize(std::min(found.stories.size(), limit));
        for (MessageStory& story : found.stories)
            if (auto filled = fill(story); !filled) return tl::unexpected(filled.error());
        return found;
    }

  private:
    static void add_seen_by_milter(std::vector<StoredTurn> turns, std::vector<MessageStory>& stories) {
        std::map<std::string, MessageStory> by_key;
        for (StoredTurn& turn : turns) {
            auto [place, made] = by_key.try_emplace(turn.key);
            StoredMail& mail = place->second.mail;
            if (made) {
                mail.message_key = turn.key;
                mail.queue_id = turn.queue_id;
                mail.message_id = std::string(without_brackets(turn.message_id));
            }
            mail.arrived = made ? turn.at : std::min(mail.arrived, turn.at);
        }
        for (auto& [key, story] : by_key) stories.push_back(std::move(story));
    }

    Result<void> fill(MessageStory& story) {
        if (auto filled = fill_turns(story); !filled || story.mail.id.empty()) return filled;
        auto entries = transaction_.journal_of(story.mail.id);
        if (!entries) return tl::unexpected(entries.error());
        story.entries = *std::move(entries);
        auto lines = transaction_.story_of(story.mail.id);
        if (!lines) return tl::unexpected(lines.error());
        story.lines = *std::move(lines);
        if (auto filled = fill_items(story); !filled) return filled;
        if (auto filled = fill_relays(story); !filled) return filled;
        return fill_jobs(story);
    }

    Result<void> fill_relays(MessageStory& story) {
        auto calls = transaction_.attempts_of_mail(story.mail.id);
        if (!calls) return tl::unexpected(calls.error());
        story.calls = *std::move(calls);
        auto events = transaction_.events_of(story.mail.id);
        if (!events) return tl::unexpected(events.error());
        story.events = *std::move(events);
        return {};
    }

    Result<void> fill_turns(MessageStory& story) {
        auto turns = transaction_.turns_of(story.mail.message_key);
        if (!turns) return tl::unexpected(turns.error());
        story.turns = *std::move(turns);
        const auto others = transaction_.find_turns(story.mail.queue_id, most_turns);
        if (!others) return tl::unexpected(others.error());
        for (const StoredTurn& turn : *others)
            if (is_of(turn, story.mail) && !is_known(story.turns, turn)) story.turns.push_back(turn);
        std::ranges::stable_sort(story.turns, {}, &StoredTurn::at);
        return {};
    }

    Result<void> fill_items(MessageStory& story) {
        std::vector<std::string> names;
        for (const auto& entry : story.entries)
            if (entry.to.starts_with(box_prefix)) names.push_back(entry.to.substr(box_prefix.size()));
        std::ranges::sort(names);
        names.erase(std::unique(names.begin(), names.end()), names.end());
        for (const std::string& name : names) {
            const auto box = items_of(name);
            if (!box) return tl::unexpected(box.error());
            std::ranges::copy_if(**box, std::back_inserter(story.items),
                                 [&](const BoxItem& item) { return item.mail == story.mail.id; });
        }
        return {};
    }

    Result<void> fill_jobs(MessageStory& story) {
        if (!jobs_) {
            auto jobs = transaction_.jobs(false, all);
            if (!jobs) return tl::unexpected(jobs.error());
            jobs_ = *std::move(jobs);
        }
        std::ranges::copy_if(*jobs_, std::back_inserter(story.jobs),
                             [&](const Job& job) { return job.mail == story.mail.id; });
        return {};
    }

    Result<const std::vector<BoxItem>*> items_of(const std::string& box) {
        const auto known = boxes_.find(box);
        if (known != boxes_.end()) return &known->second;
        auto items = transaction_.box_items(box, all);
        if (!items) return tl::unexpected(items.error());
        return &boxes_.emplace(box, *std::move(items)).first->second;
    }

    store::Transaction& transaction_;
    std::map<std::string, std::vector<BoxItem>> boxes_;
    std::optional<std::vector<Job>> jobs_;
};

}  // namespace

Result<FoundMessages> find_messages(store::Transaction& transaction, std::string_view id, std::size_t limit) {
    return Finder(transaction).find(id, limit);
}

}  // namespace mailrota::ctl

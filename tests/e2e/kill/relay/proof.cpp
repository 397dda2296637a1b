#include "tests/e2e/kill/relay/proof.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace mailrota::rig {

namespace {

/// The text from after `name` to a blank or the line's end; empty if it is not there.
std::string value_of(const std::string& line, const std::string& name) {
    const auto at = line.find(name);
    if (at == std::string::npos) return "";
    const auto begin = at + name.size();
    return line.substr(begin, line.find_first_of(" \n", begin) - begin);
}

/// What the log says of calls, by attempt.
struct Told {
    std::map<std::string, int> possible_duplicates;
    std::map<std::string, int> without_answer;
    std::map<std::string, int> look_ups_in_vain;  ///< too many other mails were accepted at that time
    std::map<std::string, std::string> lines;
};

Told told_by(const std::string& log) {
    Told told;
    std::istringstream lines(log);
    for (std::string line; std::getline(lines, line);) {
        const auto attempt = value_of(line, " attempt=");
        if (attempt.empty()) continue;
        told.lines[attempt] += line + '\n';
        if (line.find("possible-duplicate ") != std::string::npos) ++told.possible_duplicates[attempt];
        const auto outcome = value_of(line, " outcome=");
        if (outcome == "uncertain" || outcome == "mixed") ++told.without_answer[attempt];
        if (outcome == "unknown") ++told.look_ups_in_vain[attempt];
    }
    return told;
}

using Copies = std::map<std::string, std::vector<FakeMail>>;

class Proof {
  public:
    explicit Proof(RelayPrograms& programs) : told_(told_by(programs.lmtp().log())) {
        for (const auto& death : programs.open_at_death()) ++deaths_[death.substr(0, death.find(' '))];
        read_database(programs);
    }

    void check(const MailQueue::Taken& taken, const std::vector<FakeMail>& copies) {
        SCOPED_TRACE(taken.recipient + ": " + taken.reply);
        ASSERT_FALSE(copies.empty()) << "lost";
        std::map<std::string, std::vector<FakeMail>> by_provider;
        for (const FakeMail& copy : copies) {
            by_provider[copy.provider].push_back(copy);
            EXPECT_NE(copy.content.find("\nSubject: " + subject_of(taken.mail)), std::string::npos)
                << "another mail:\n"
                << copy.content;
        }
        const auto told = value_of(taken.reply, "accepted by ");
        EXPECT_TRUE(by_provider.contains(told)) << "who said so does not have it";
        EXPECT_TRUE(written_[taken.recipient].contains(told)) << "the database does not say so";
        for (const auto& [provider, own] : by_provider)
            if (provider != told) explain_elsewhere(taken.recipient, provider, own);
        for (const auto& [provider, own] : by_provider)
            if (own.size() > 1) explain(own);
    }

    const Duplicates& duplicates() const { return duplicates_; }

  private:
    void read_database(const RelayPrograms& programs) {
        Rows endless;
        for (auto& row : programs.sql("SELECT r.address, a.provider, a.id, a.state, r.outcome = 1 OR "
                                      "CAST(r.standing AS TEXT) <> 'unknown' FROM relay_recipient r "
                                      "JOIN relay_attempt a ON a.seq = r.attempt")) {
            stories_[row[0]] += told_.lines[row[2]];
            if (row[4] == "1") written_[row[0]].insert(row[1]);
            if (row[3] == "0" || row[3] == "3") endless.push_back(std::move(row));
        }
        for (const auto& row : endless)
            EXPECT_TRUE(doubt_is_told(row[0]))
                << "a call without an end: " << testing::PrintToString(row) << '\n'
                << stories_[row[0]];
    }

    /// Whether the log says of one of the recipient's calls that it may be the second.
    bool doubt_is_told(const std::string& recipient) {
        return stories_[recipient].find("possible-duplicate ") != std::string::npos;
    }

    void explain_elsewhere(const std::string& recipient, const std::string& provider,
                           const std::vector<FakeMail>& copies) {
        const auto& id = copies[0].our_id;
        EXPECT_TRUE(doubt_is_told(recipient)) << provider << " has it too:\n" << stories_[recipient];
        EXPECT_GT(told_.without_answer[id] + deaths_[id], 0) << provider << " has it, as was known";
        ++duplicates_.elsewhere;
    }

    void explain(const std::vector<FakeMail>& copies) {
        // Whoever is left of a call's recipients goes in a call of another name.
        std::set<std::string> calls;
        for (const FakeMail& copy : copies) calls.insert(copy.our_id);
        const int count = static_cast<int>(copies.size());
        int silences = 0;
        int deaths = 0;
        int told = 0;
        int in_vain = 0;
        for (const auto& id : calls) {
            silences += told_.without_answer[id];
            deaths += deaths_[id];
            told += told_.possible_duplicates[id];
            in_vain += told_.look_ups_in_vain[id];
        }
        EXPECT_TRUE(copies[0].provider == RelayPrograms::forgetful ||
                    (copies[0].provider == RelayPrograms::looked_up && in_vain > 0))
            << count << " copies:\n"
            << stories_[copies[0].recipient];
        EXPECT_LE(count - 1, silences + deaths) << "sent again although its end was known";
        EXPECT_LE(count - 1, told) << "not told";
        duplicates_.after_silence += std::min(count - 1, silences);
        duplicates_.after_death += std::max(0, count - 1 - silences);
    }

    Told told_;
    std::map<std::string, int> deaths_;           ///< by attempt
    std::map<std::string, std::string> stories_;  ///< by address
    /// Providers, by address, that have it: they said so, or sent events of it.
    std::map<std::string, std::set<std::string>> written_;
    Duplicates duplicates_;
};

/// How many different notices, and how many in all, tell of each recipient.
struct Notices {
    std::set<std::string> ids;
    int count = 0;
};

std::map<std::string, Notices> by_recipient(const std::vector<SinkMail>& mails) {
    std::map<std::string, Notices> notices;
    for (const SinkMail& mail : mails) {
        Notices& of = notices[value_of(mail.content, "\nFinal-Recipient: rfc822; ")];
        of.ids.insert(value_of(mail.content, "\nMessage-ID: "));
        ++of.count;
    }
    return notices;
}

std::set<std::string> names_of(const std::map<std::string, Notices>& notices) {
    std::set<std::string> names;
    for (const auto& [name, of] : notices) names.insert(name);
    return names;
}

std::set<std::string> first_of(const Rows& rows) {
    std::set<std::string> values;
    for (const auto& row : rows) EXPECT_TRUE(values.insert(row[0]).second) << "twice: " << row[0];
    return values;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Duplicates& duplicates) {
    return out << duplicates.after_death << " after a death, " << duplicates.after_silence
               << " after a lost answer, " << duplicates.elsewhere << " elsewhere";
}

Duplicates expect_each_once(RelayPrograms& programs, const MailQueue& queue) {
    Copies copies;
    for (auto& mail : programs.fakes().mails()) copies[mail.recipient].push_back(std::move(mail));
    const auto taken = queue.taken();
    std::set<std::string> known;
    Proof proof(programs);
    for (const auto& one : taken) {
        EXPECT_TRUE(known.insert(one.recipient).second) << "taken twice: " << one.recipient;
        proof.check(one, copies[one.recipient]);
    }
    EXPECT_EQ(known, queue.recipients());
    EXPECT_EQ(copies.size(), known.size()) << "something came that nobody sent";
    EXPECT_TRUE(queue.refused().empty()) << testing::PrintToString(queue.refused());
    return proof.duplicates();
}

int expect_each_event_once(RelayPrograms& programs, const EventTeller& teller) {
    EXPECT_EQ(first_of(programs.sql("SELECT provider || ' ' || id FROM event")), teller.told());
    EXPECT_EQ(first_of(programs.sql("SELECT id FROM event WHERE settled = 0")).size(), 0U);
    EXPECT_EQ(first_of(programs.sql("SELECT address FROM suppression")), teller.bounced());
    // "notify bounce ATTEMPT RECIPIENT"
    EXPECT_EQ(
        first_of(programs.sql("SELECT substr(CAST(key AS TEXT), length('notify bounce ') + 34) FROM job "
                              "WHERE CAST(key AS TEXT) LIKE 'notify bounce %'")),
        teller.bounced());
    int twice = 0;
    const auto notices = by_recipient(programs.notices());
    EXPECT_EQ(names_of(notices), teller.bounced());
    for (const auto& [recipient, of] : notices) {
        EXPECT_EQ(of.ids.size(), 1U) << recipient << " has different notices";
        EXPECT_LE(of.count - 1, programs.deaths_in_hand(recipient))
            << recipient << " has more notices than deaths of the worker explain";
        twice += of.count - 1;
    }
    return twice;
}

}  // namespace mailrota::rig

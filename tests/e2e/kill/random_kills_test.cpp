#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "tests/e2e/kill/deliveries.h"
#include "tests/e2e/kill/history.h"
#include "tests/e2e/kill/load.h"
#include "tests/e2e/kill/raw_mail.h"
#include "tests/rig/message_text.h"
#include "tests/rig/smtp_client.h"

namespace mailrota::rig {
namespace {

/// How often this file kills in all: MAILROTA_KILLS, else 200. `share` of it in percent.
int kills(int share) {
    const char* given = std::getenv("MAILROTA_KILLS");
    return std::max(1, (given != nullptr ? std::atoi(given) : 200) * share / 100);
}

/// Sends mail to orders@example.com by SMTP like any MTA: what is deferred or cut off is sent again with the
/// same Message-ID, on a new connection.
class SmtpSender {
  public:
    explicit SmtpSender(int port) : port_(port) {}

    SentMail operator()(Traffic& traffic) {
        const auto text = MessageText::fresh();
        SentMail mail{text.message_id, ++mails_ % 3 == 0, 0, {}};
        for (;;) {
            // Postfix goes without a filter that failed for as long as the session lasts.
            const int restarts = traffic.wait_to_go();
            if (std::exchange(restarts_, restarts) != restarts) client_.reset();
            count_attempt(mail);
            if (attempt(traffic, text, mail.to_dan_too)) return mail;
            client_.reset();
        }
    }

  private:
    bool attempt(Traffic& traffic, const MessageText& text, bool to_dan_too) {
        if (!client_) client_.emplace(SmtpClient::to_port(port_));
        std::vector<std::string> commands = {"MAIL FROM:<sender@example.com>",
                                             "RCPT TO:<orders@example.com>"};
        if (to_dan_too) commands.emplace_back("RCPT TO:<dan@example.com>");
        commands.emplace_back("DATA");
        for (const auto& command : commands)
            if (!client_->command(command).positive()) return false;
        client_->send_raw(dot_stuffed(text.text()));
        const AwaitedAnswer awaited(traffic);
        return client_->read_reply().positive();
    }

    int port_;
    int mails_ = 0;
    int restarts_ = 0;
    std::optional<SmtpClient> client_;
};

/// A milter that is killed again and again behind a Postfix that several senders keep busy.
class UnderFire {
  public:
    explicit UnderFire(const std::string& default_action)
        : action_(default_action), milter_(std::string(three_colleagues)), postfix_(options()) {}

    /// Kills so often, then waits until all that was accepted is delivered, and counts.
    Tally count_after(int kills) {
        Load load(6, [this] {
            return [sender = std::make_shared<SmtpSender>(postfix_.port())](Traffic& traffic) {
                return (*sender)(traffic);
            };
        });
        kill_under(load, milter_, kills, action_);
        sent_ = load.end();
        release_held();
        EXPECT_TRUE(postfix_.wait_for_empty_queue(std::chrono::seconds(60))) << postfix_.queue();
        return tally();
    }

    const std::vector<SentMail>& sent() const { return sent_; }

    /// Each turn that is remembered is the one delivery to a colleague, and there are no others.
    void expect_history_agrees() const {
        auto turns = history(milter_);
        auto delivered = deliveries(postfix_);
        for (const auto& mail : sent_) {
            std::erase(delivered[mail.message_id], "dan");
            EXPECT_EQ(turns[mail.message_id], delivered[mail.message_id]) << mail.message_id;
        }
        EXPECT_EQ(turns.size(), sent_.size());
    }

  private:
    PostfixOptions options() const {
        PostfixOptions options;
        options.smtpd_milters = milter_.socket_for_postfix();
        options.milter_default_action = action_;
        return options;
    }
    void release_held() const {
        if (action_ != "quarantine") return;
        run_or_throw({"postsuper", "-c", postfix_.config(), "-H", "ALL"});
        postfix_.flush();
    }
    Tally tally() const {
        Tally tally;
        auto delivered = deliveries(postfix_);
        int attempts = 0;
        for (const auto& mail : sent_) {
            attempts += mail.attempts;
            count(tally, delivered[mail.message_id], mail.to_dan_too);
            delivered.erase(mail.message_id);
        }
        EXPECT_TRUE(delivered.empty()) << delivered.size() << " mails that were never accepted";
        std::cout << action_ << ": " << sent_.size() << " mails in " << attempts << " attempts: " << tally
                  << std::endl;
        return tally;
    }

    std::string action_;
    MailrotaMilter milter_;
    Postfix postfix_;
    std::vector<SentMail> sent_;
};

TEST(M7, KilledUnderTempfailEveryMailReachesOneColleagueOnce) {
    UnderFire scene("tempfail");
    const auto tally = scene.count_after(kills(40));
    EXPECT_EQ(tally.edited, static_cast<int>(scene.sent().size()));
    EXPECT_EQ(tally.untouched + tally.half_edited + tally.nobody + tally.wrong, 0);
    EXPECT_LE(spread(tally), 1);
    scene.expect_history_agrees();
}

class FailOpen : public testing::TestWithParam<const char*> {};

TEST_P(FailOpen, KilledUnderItNobodyIsLeftOut) {
    UnderFire scene(GetParam());
    const auto tally = scene.count_after(kills(20));
    EXPECT_EQ(tally.nobody, 0);
    EXPECT_EQ(tally.wrong, 0);
    EXPECT_GT(tally.edited, 0);
}

SentMail send_raw_mail(Traffic& traffic, const std::string& socket) {
    RawMail raw({"orders@example.com", "dan@example.com"});
    SentMail mail{raw.message_id(), true, 0, {}};
    for (bool finished = false; !finished;) {
        traffic.wait_to_go();
        count_attempt(mail);
        if (!raw.begin(socket)) continue;
        const AwaitedAnswer awaited(traffic);
        finished = raw.finish();
        if (finished || raw.edited()) mail.to.push_back(raw.recipients());
    }
    return mail;
}

/// What became of a mail at an MTA that keeps the edits of a broken session.
void expect_one_colleague(const SentMail& mail, Tally& tally) {
    std::set<std::string> chosen;
    for (const auto& recipients : mail.to) {
        EXPECT_THAT(recipients, testing::Contains("dan@example.com"));
        EXPECT_GT(recipients.size(), 1U) << "orders@example.com was deleted and nobody added";
        for (const auto& recipient : recipients)
            if (is_colleague(recipient.substr(0, recipient.find('@')))) chosen.insert(recipient);
    }
    EXPECT_EQ(chosen.size(), 1U);
    for (const auto& recipient : mail.to.back()) EXPECT_NE(recipient, "orders@example.com");
    for (const auto& recipient : chosen) ++tally.turns[recipient.substr(0, recipient.find('@'))];
}

TEST(M7, KilledBeforeRawClientsEachOfferOfAMailNamesTheSameColleague) {
    MailrotaMilter milter{std::string(three_colleagues)};
    Load load(6, [&milter] {
        return [socket = milter.socket()](Traffic& traffic) { return send_raw_mail(traffic, socket); };
    });
    kill_under(load, milter, kills(20), "raw client");
    const auto sent = load.end();
    Tally tally;
    for (const auto& mail : sent) expect_one_colleague(mail, tally);
    EXPECT_LE(spread(tally), 1) << tally;
}

INSTANTIATE_TEST_SUITE_P(M7, FailOpen, testing::Values("accept", "quarantine"),
                         [](const auto& action) { return std::string(action.param); });

}  // namespace
}  // namespace mailrota::rig

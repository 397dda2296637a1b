#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "ctl/mails_fixture.h"

namespace mailrota::ctl {

// MailsFixture with two providers in a rota, and what they did.
class RelayFixture : public MailsFixture {
  protected:
    using Attempt = store::RelayAttempt;
    using Outcome = Attempt::Recipient::Outcome;
    using Type = mail::MailEvent::Type;

    static constexpr const char* attempt_id = "feedfeedfeedfeedfeedfeedfeedfeed";

    RelayFixture() {
        configure("[provider.sg.webhook]\nsecrets = [{ env = \"X\" }]\n");
        setenv("MAILROTA_TEST_KEY", "SG.secret", 1);
    }

    // After the providers sg and own, of which sg is asked at `base_url`.
    void configure(const std::string& more, const std::string& base_url = "http://127.0.0.1:9",
                   const std::string& host = "127.0.0.1:9") const {
        std::ofstream(folder.path() / "c.toml")
            << "[store]\nurl = \"sqlite:" << (folder.path() / "state.db").string() << "\"\n"
            << "[provider.sg]\nkind = \"sendgrid\"\napi_key = { env = \"MAILROTA_TEST_KEY\" }\nbase_url = \""
            << base_url << "\"\ntimeout = \"20s\"\n"
            << "[provider.own]\nkind = \"smtp\"\nhost = \"" << host << "\"\nsecurity = \"none\"\n"
            << "[rota.outbound]\nmembers = [{ provider = \"sg\" }, { provider = \"own\" }]\n"
            << more;
    }

    void put(const policy::Breaker& breaker) {
        change([&](auto& transaction) { return transaction.put_breaker(breaker); });
    }
    // Opened five minutes ago for ten.
    static policy::Breaker open_breaker(const std::string& scope) {
        policy::Breaker made;
        made.scope = scope;
        made.state = policy::Breaker::State::open;
        made.failures = 4;
        made.until = at(5);
        made.period = std::chrono::minutes(10);
        made.why = "401 authorization grant is invalid";
        made.last_fault = at(-5);
        made.last_success = at(-60);
        return made;
    }

    // Of the mail to ann@, at sg.
    static Attempt call(Attempt::State state = Attempt::State::accepted) {
        Attempt made;
        made.id = attempt_id;
        made.mail = mail_id;
        made.rota = "outbound";
        made.provider = "sg";
        made.state = state;
        made.begun = made.last = at(-60);
        made.ended = state == Attempt::State::begun ? store::Time{} : at(-59);
        made.owner = "test/1";
        made.words = state == Attempt::State::begun ? "" : "202 Accepted";
        Attempt::Recipient ann;
        ann.offer = "offer of ann@example.com";
        ann.address = "ann@example.com";
        ann.outcome = state == Attempt::State::accepted ? Outcome::accepted : Outcome::open;
        ann.provider_id = state == Attempt::State::accepted ? "sg-1" : "";
        made.recipients = {ann};
        return made;
    }
    void put(const Attempt& attempt) {
        change([&](auto& transaction) { return transaction.begin_attempt(mail(), attempt); });
        if (attempt.state == Attempt::State::begun) return;
        change([&](auto& transaction) { return transaction.end_attempt(attempt); });
    }

    static mail::MailEvent event(Type type, const std::string& recipient = "ann@example.com",
                                 int when = -30) {
        mail::MailEvent made;
        made.type = type;
        made.id = std::string(mail::to_string(type)) + recipient;
        made.at = at(when);
        made.message_id = "sg-1";
        made.recipient = recipient;
        made.native = mail::to_string(type);
        made.raw = "{}";
        return made;
    }
    void put(const std::vector<mail::MailEvent>& events) {
        change([&](auto& transaction) { return transaction.put_events("sg", events, at(-20)); });
    }
    // The events that are not settled belong to the mail.
    void settle() {
        change([&](store::Transaction& transaction) -> Result<void> {
            const auto events = transaction.unsettled_events(100);
            if (!events) return tl::unexpected(events.error());
            std::vector<store::Events::Settled> settled;
            for (const auto& one : *events) settled.push_back({one.seq, mail_id});
            return transaction.settle_events(settled);
        });
    }
    std::size_t unsettled() {
        std::size_t count = 0;
        change([&](store::Transaction& transaction) -> Result<void> {
            count = transaction.unsettled_events(100).value().size();
            return {};
        });
        return count;
    }
};

}  // namespace mailrota::ctl

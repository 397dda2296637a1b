#pragma once

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>

#include "core/runtime/deliver_job.h"
#include "core/store/store.h"
#include "ctl/command_line.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::ctl {

// Runs of the program beside a store that a test fills.
class MailsFixture : public testing::Test {
  protected:
    // A Friday, 10:00 UTC.
    static constexpr store::Time now{std::chrono::seconds(1'795'168'800)};
    static constexpr const char* mail_id = "0123456789abcdef0123456789abcdef";

    MailsFixture() {
        setenv("TZ", "UTC", 1);
        const std::string url = "sqlite:" + (folder.path() / "state.db").string();
        std::ofstream(folder.path() / "c.toml")
            << "[store]\nurl = \"" << url << "\"\n"
            << "[box.web]\ntokens = [{ env = \"X\" }]\n[box.empty]\ntokens = [{ env = \"X\" }]\n"
            << "[rota.orders]\nmembers = [\"ann@example.com\"]\n";
        auto opened = store::open_store(url);
        if (!opened) throw std::runtime_error(opened.error().text);
        state = *std::move(opened);
    }

    static store::Time at(int minutes) { return now + std::chrono::minutes(minutes); }

    template <class Change>
    void change(Change change) {
        const auto done = state->write({}, [&](store::Transaction& transaction) -> Result<void> {
            auto result = change(transaction);
            return result ? Result<void>() : tl::unexpected(result.error());
        });
        ASSERT_TRUE(done) << done.error().text;
    }

    int run(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--config", folder.path() / "c.toml"});
        std::istringstream in;
        std::ostringstream out_stream, err_stream;
        Console console{in, out_stream, err_stream, [] { return now; }};
        const int code = ctl::run(arguments, console);
        out = out_stream.str();
        err = err_stream.str();
        return code;
    }

    // Arrived an hour ago.
    static store::StoredMail mail(std::string id = mail_id) {
        return {std::move(id),          "key",     "4XyZ", "1@example.net",
                "customer@example.net", "mailbox", 4'096,  at(-60)};
    }
    static store::JournalEntry entry(const std::string& recipient, std::string route, std::string to,
                                     store::JournalEntry::Outcome outcome, std::string reply) {
        store::JournalEntry made;
        made.offer = "offer of " + recipient;
        made.mail = mail_id;
        made.recipient = recipient;
        made.route = std::move(route);
        made.to = std::move(to);
        made.outcome = outcome;
        made.reply = std::move(reply);
        made.at = at(-60);
        return made;
    }
    // Of the mail, to be fetched from box web.
    static store::BoxItem item(std::string id, std::string recipient, int queued = -60) {
        store::BoxItem made;
        made.id = std::move(id);
        made.box = "web";
        made.mail = mail_id;
        made.sender = "customer@example.net";
        made.recipients.push_back({std::move(recipient), {}, store::BoxRecipient::State::waiting, {}});
        made.size = 4'096;
        made.queued = at(queued);
        made.expires = at(24 * 60);
        return made;
    }
    // For ann@ and ben@; due in five minutes.
    static store::Job job(std::string key, int due = 5) {
        runtime::DeliverJob delivery;
        delivery.endpoint = config::parse_endpoint("smtp:127.0.0.1:10026").value();
        delivery.sender = "customer@example.net";
        delivery.sender_parameters = {"RET=HDRS"};
        delivery.recipients = {{"ann@example.com", "orders@example.com", {"NOTIFY=NEVER"}, "offer of orders"},
                               {"ben@example.com", "ben@example.com", {}, "offer of ben@example.com"}};
        delivery.queue_id = "4XyZ";
        store::Job made;
        made.key = std::move(key);
        made.kind = "deliver";
        made.mail = mail_id;
        made.payload = runtime::to_json(delivery);
        made.created = at(-60);
        made.due = at(due);
        made.expires = at(24 * 60);
        return made;
    }

    rig::TemporaryFolder folder;
    std::unique_ptr<store::Store> state;
    std::string out;
    std::string err;
};

}  // namespace mailrota::ctl

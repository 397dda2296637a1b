#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "core/runtime/alert_jobs.h"
#include "ctl/mails_fixture.h"

namespace mailrota::ctl {

// MailsFixture with somebody who is on call, and an alert.
class IncidentFixture : public MailsFixture {
  protected:
    static constexpr const char* ann = "+15550101";
    static constexpr const char* contact_id = "c0ffee00c0ffee00c0ffee00c0ffee00";

    IncidentFixture() {
        setenv("MAILROTA_TEST_TOKEN", "the-auth-token", 1);
        configure();
    }

    void configure(const std::string& base_url = "http://127.0.0.1:9", const std::string& more = "") const {
        std::ofstream(folder.path() / "c.toml")
            << "[store]\nurl = \"sqlite:" << (folder.path() / "state.db").string() << "\"\n"
            << "[telephone.first]\naccount = \"AC00000000000000000000000000000001\"\nbase_url = \""
            << base_url << "\"\nsecret = { env = \"MAILROTA_TEST_TOKEN\" }\nfrom = \"+15550100\"\n"
            << "[rota.oncall]\nmembers = [{ phone = \"+15550101\", name = \"Ann\" }]\n"
            << "[rota.lead]\nmembers = [{ phone = \"+15550102\", name = \"Ben\", contact = [\"sms\"] }]\n"
            << "[alert.disk]\nsay = \"Ticket {ticket}: {subject}.\"\nkey = \"{ticket}\"\n"
            << "acknowledge = \"answer\"\nescalate = [{ rota = \"oncall\", tries = 2, wait = \"5m\" }, "
               "{ rota = \"lead\" }]\n"
            << "[[rule]]\nname = \"disk\"\nwhen.subject = '/full.*#(?<ticket>\\d+)/'\n"
               "then = [{ alert = \"disk\" }]\n"
            << more;
    }

    // Opened ten minutes ago; its number.
    std::int64_t open(const std::string& key = "4711",
                      policy::Severity severity = policy::Severity::critical) {
        policy::Incident made;
        made.alert = "disk";
        made.key = key;
        made.severity = severity;
        made.say = "Ticket " + key + ": the disk is full.";
        made.text = made.say;
        made.subject = "The disk is full";
        made.mail = mail_id;
        made.queue_id = "4XyZ";
        made.rule = "disk";
        made.opened = made.changed = at(-10);
        made.until = at(12 * 60);
        std::int64_t number = 0;
        change([&](store::Transaction& transaction) -> Result<void> {
            const auto opened = transaction.open_incident(made);
            if (!opened) return tl::unexpected(opened.error());
            made.number = number = *opened;
            const auto job = transaction.put_job(runtime::escalation_job(made, at(5)), {});
            if (!job) return tl::unexpected(job.error());
            return transaction.add_line({number, "opened", "by mail 4XyZ: a new incident", at(-10)});
        });
        return number;
    }
    // A call to Ann that rings.
    void ring(std::int64_t number) {
        policy::Contact made;
        made.id = contact_id;
        made.incident = number;
        made.attempt = 1;
        made.member = made.number = ann;
        made.state = policy::Contact::State::placed;
        made.account = "first";
        made.provider_id = "CA1";
        made.status = "ringing";
        made.tries = 1;
        made.made = made.begun = at(-1);
        change([&](store::Transaction& transaction) -> Result<void> {
            if (auto put = transaction.put_contact(made); !put) return put;
            const auto incident = transaction.incident(number).value();
            const auto job = transaction.put_job(runtime::contact_job(made, *incident, at(1)), {});
            return job ? Result<void>() : tl::unexpected(job.error());
        });
    }
    policy::Incident incident(std::int64_t number) {
        policy::Incident found;
        change([&](store::Transaction& transaction) -> Result<void> {
            found = transaction.incident(number).value().value();
            return {};
        });
        return found;
    }
    // Of jobs that are not done, when each is due.
    std::vector<store::Time> due() {
        std::vector<store::Time> times;
        change([&](store::Transaction& transaction) -> Result<void> {
            const auto jobs = transaction.jobs(false, 100).value();
            for (const auto& job : jobs) times.push_back(job.due);
            return {};
        });
        return times;
    }
};

}  // namespace mailrota::ctl

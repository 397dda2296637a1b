#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/fake_events.h"
#include "tests/rig/process.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::rig {

/// A way in which a fake provider fails; what is not said here it does right. It applies to sending calls.
///
/// Said in the provider's own words, instead of accepting: "wrong_key", "unverified_domain", "suspended",
/// "rate_limited", "quota", "server_error", "unavailable" (503), "too_large", "bad_message". Instead of an
/// answer: "silent", "reset" (after the whole request), "cut_off" (a reset before the body is read),
/// "garbage", "html", "megabytes", "drip" (the right answer, accepted, a byte at a time). Mandrill only:
/// "stuck", accepted but queued for the reason in `words`.
struct FakeFault {
    std::string fault = {};
    std::string provider = {};  ///< "sendgrid", …; empty: any
    bool after = false;         ///< the mail is accepted and delivered all the same
    std::uint64_t times = 0;    ///< how often; 0: for ever
    double probability = 1;     ///< of each call; the same seed draws the same calls
    std::uint32_t seed = 1;
    bool every_call = false;  ///< look-ups and probes too
    int seconds = 1;          ///< rate_limited: the delay that is told
    std::string form = {};    ///< rate_limited: "retry_after", "http_date", "reset_epoch", "ratelimit",
                              ///< "text_date", "text_seconds", "plain"; empty: the provider's own
    int status = 0;           ///< garbage, html, megabytes: another than 200
    int code = 0;             ///< twilio: another error code than the fault's usual one
    std::string words = {};   ///< another message
    std::uint64_t size = 5'000'000;  ///< megabytes: bytes
};

/// What changes at an account; what is empty stays.
struct FakeAccount {
    std::optional<std::string> key = {};
    std::optional<std::string> region = {};                   ///< ses: "eu-west-1" at first
    std::optional<std::vector<std::string>> domains = {};     ///< that may send; an empty list: any
    std::optional<std::vector<std::string>> bad = {};         ///< recipients refused as invalid
    std::optional<std::vector<std::string>> suppressed = {};  ///< recipients on the provider's own list
    std::optional<std::vector<std::string>> bouncing = {};    ///< taken, then bounced by the automatic events
    std::optional<std::chrono::milliseconds> latency = {};    ///< before each answer of a sending call
    std::optional<std::chrono::milliseconds> index_lag = {};  ///< until a look-up finds a mail
    std::optional<bool> check = {};                           ///< of a request's shape; false for benches
    std::optional<bool> keep = {};                            ///< mails; false for benches
    std::optional<int> most_calls_a_second = {};              ///< resend; 0: no limit
    std::optional<std::string> webhook_key = {};
    std::optional<std::string> webhook_user = {};
    std::optional<std::string> webhook_password = {};
    std::optional<std::string> hook_url = {};    ///< events go there by themselves after each acceptance
    std::optional<std::string> signed_url = {};  ///< mandrill signs this instead of where it posts to
    std::optional<std::chrono::milliseconds> hook_delay = {};
    std::optional<std::string> indicator = {};  ///< of the status page: "none", "minor", "major", "critical"
};

/// A mail as it lies in one recipient's mailbox.
struct FakeMail {
    std::string provider;
    std::string id;      ///< the provider's, of this recipient
    std::string our_id;  ///< that came as metadata mailrota_id
    std::string sender;  ///< address of From
    std::string recipient;
    std::string content;  ///< what arrives: the bytes, or a mail made anew of the call's pieces
    std::string given;    ///< the bytes that the call had; empty if it had pieces
    std::string extras;   ///< what else the call said, a JSON object: options, tags, tracking
};

struct FakeCalls {
    std::uint64_t sending = 0;
    std::uint64_t refused = 0;   ///< sending calls answered with another status than 2xx
    std::uint64_t others = 0;    ///< probes, look-ups, wrong paths
    std::uint64_t accepted = 0;  ///< mails
};

/// The program mailrota-fake-providers: the HTTP APIs of sendgrid, mailgun, mandrill, ses, postmark,
/// sparkpost and resend on free loopback ports, one account each, which check what the real ones check; and
/// twilio, for which see FakeTwilio.
///
/// At first every From domain may send; mailgun knows example.com and example.net. A test program that uses
/// it must depend on the target mailrota-fake-providers. The constructor returns when it serves; every
/// failure is a std::runtime_error. Not thread-safe.
class FakeProviders {
  public:
    FakeProviders();
    ~FakeProviders();

    /// "http://127.0.0.1:PORT/sendgrid".
    std::string base_url(std::string_view kind) const;
    /// "https://127.0.0.1:PORT/sendgrid"; its certificate is made by ca_file().
    std::string tls_base_url(std::string_view kind) const;
    /// A proxy through which the providers' real https URLs lead here (and SNS's certificate can be had), for
    /// a client that trusts ca_file().
    std::string proxy() const { return "http://127.0.0.1:" + std::to_string(port_); }
    std::filesystem::path ca_file() const { return folder_ / "ca.pem"; }
    std::string status_url(std::string_view kind) const { return base_url(kind) + "/status/summary.json"; }
    int port() const { return port_; }

    /// A member of the account: "key", "access_key", "secret_key", "region", "topic", and what its webhooks
    /// are checked with: "webhook_key", "webhook_user", "webhook_password"; sendgrid "public_key".
    std::string secret(std::string_view kind, std::string_view name = "key") const;
    void set(std::string_view kind, const FakeAccount& change);
    void fail(const FakeFault& fault);
    void heal(std::string_view kind = {});  ///< forgets the faults; empty: of all

    /// All mails in order of acceptance, a mail for several recipients several times.
    std::vector<FakeMail> mails() const;
    std::vector<FakeMail> mailbox(std::string_view recipient) const;
    /// Waits until the mailbox holds at least `count` mails; returns fewer when the deadline passes.
    std::vector<FakeMail> wait_for_mail(std::string_view recipient, std::size_t count = 1,
                                        std::chrono::milliseconds deadline = std::chrono::seconds(20)) const;
    FakeCalls calls(std::string_view kind) const;
    /// Events that went out by themselves and are not taken yet.
    std::uint64_t events_waiting() const;
    void clear();  ///< mails and counts; accounts and faults stay

    /// Signs and sends events; without `url` only makes the posts. One post, or one for each event where the
    /// provider has no batches.
    std::vector<FakePost> emit(const FakeEvents& events) const;

    pid_t pid() const { return process_ ? process_->pid() : 0; }
    void stop();   ///< everything is forgotten
    void start();  ///< after stop(), on the same ports

  private:
    std::string ask(std::string_view method, const std::string& call, const std::string& body = "") const;
    std::vector<FakeMail> read_mails(const std::string& call) const;

    TemporaryFolder folder_;
    int port_;
    int tls_port_;
    std::optional<Process> process_;
};

}  // namespace mailrota::rig

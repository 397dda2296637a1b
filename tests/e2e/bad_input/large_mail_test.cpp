#include "tests/e2e/raw_milter/offer.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::size_t megabyte = 1'000'000;
constexpr std::size_t large = 100 * megabyte;

std::size_t resident_bytes(const MailrotaMilter& milter) {
    const auto line =
        lines_with(read_file("/proc/" + std::to_string(milter.pid()) + "/status"), "VmRSS:").at(0);
    return std::stoul(line.substr(6)) * 1024;
}

/// Sends a mail whose body has `size` bytes without holding it.
MilterOutcome offer_large(const MailrotaMilter& milter, const MilterMessage& message, std::size_t size) {
    std::string chunk;
    while (chunk.size() < 65'000) chunk += "It is only the length of this mail that matters here.\r\n";
    auto client = MilterClient::to(milter.socket());
    client.connection().set_timeout(std::chrono::minutes(2));
    client.mail(message);
    client.rcpt(message, 0);
    for (const auto& [name, value] : message.headers) client.header(name, value);
    for (std::size_t sent = 0; sent < size; sent += chunk.size()) {
        if (client.body(chunk).kind == 's') break;
        client.flush();
    }
    auto outcome = client.end_of_message(message);
    outcome.recipients.resize(message.recipients.size());
    client.quit();
    return outcome;
}

/// ASan keeps what was freed; only a little of it here, so that memory can be looked at.
MailrotaMilter frugal(const std::string& policy) {
    return MailrotaMilter(configuration(policy), MailrotaMilter::Socket::unix_path,
                          {"ASAN_OPTIONS=quarantine_size_mb=4:thread_local_quarantine_size_kb=64"});
}

void expect_memory_back(const MailrotaMilter& milter, std::size_t before) {
    EXPECT_TRUE(wait_until([&] { return resident_bytes(milter) < before + 60 * megabyte; }))
        << before << " bytes before, " << resident_bytes(milter) << " after";
}

TEST(HundredMegabytes, WithRecipientRulesAlone) {
    const auto milter = frugal(std::string(orders_rota));
    recipients_of(milter, mail_to({"zoe@example.com"}));
    const auto before = resident_bytes(milter);
    const auto message = mail_to({"orders@example.com"});
    EXPECT_THAT(offer_large(milter, message, large).final_recipients(message),
                ElementsAre("ann@example.com"));
    expect_memory_back(milter, before);
}

TEST(HundredMegabytes, WithABodyRule) {
    const auto milter = frugal(
        "[[rule]]\nname = \"words\"\nwhen.body = '/no such words/'\non_limit = \"no-match\"\nthen = [{ "
        "discard = true }]\n" +
        std::string(orders_rota));
    recipients_of(milter, mail_to({"zoe@example.com"}));
    const auto before = resident_bytes(milter);
    const auto message = mail_to({"orders@example.com"});
    EXPECT_THAT(offer_large(milter, message, large).final_recipients(message),
                ElementsAre("ann@example.com"));
    expect_memory_back(milter, before);
}

TEST(HundredMegabytes, BeyondTheLimitIsDeferredUnlessTheRuleSaysElse) {
    const auto milter = frugal(
        "[limits]\ntext_bytes = \"1MB\"\n[[rule]]\nname = \"words\"\nwhen.body = '/no such words/'\nthen = "
        "[{ discard = true }]\n");
    const auto outcome = offer_large(milter, mail_to({"orders@example.com"}), 3 * megabyte);
    EXPECT_THAT(outcome.verdict.text, HasSubstr("451 "));
    EXPECT_THAT(lines_with(milter.log(), "words"), testing::Not(testing::IsEmpty())) << milter.log();
    EXPECT_THAT(recipients_of(milter, mail_to({"orders@example.com"})), ElementsAre("orders@example.com"));
}

TEST(HundredMegabytes, WithARuleOnRawBytes) {
    const auto milter = frugal(
        "[[rule]]\nwhen.body.raw = '/length of this mail/'\non_limit = \"no-match\"\nthen = [{ redirect = "
        "\"ann@example.com\" }]\n");
    const auto message = mail_to({"orders@example.com"});
    EXPECT_THAT(offer_large(milter, message, large).final_recipients(message),
                ElementsAre("ann@example.com"));
}

TEST(ManyHeaders, TenThousandPass) {
    const MailrotaMilter milter(configuration(
        "[[rule]]\nwhen.header.X-Field = \"9999\"\nthen = [{ redirect = \"ann@example.com\" }]\n"));
    auto message = mail_to({"orders@example.com"});
    for (int field = 0; field < 10'000; ++field)
        message.headers.emplace_back("X-Field", std::to_string(field));
    EXPECT_THAT(recipients_of(milter, message), ElementsAre("ann@example.com"));
}

TEST(ManyHeaders, TooManyBytesAreRefusedWithTheReason) {
    const MailrotaMilter milter(configuration(orders_rota));
    auto message = mail_to({"orders@example.com"});
    for (int field = 0; field < 100; ++field)
        message.headers.emplace_back("X-Field", std::string(50'000, 'x'));
    EXPECT_THAT(offer(milter, message).verdict.text, HasSubstr("552 5.3.4 Message header too large"));
    EXPECT_THAT(milter.log(), HasSubstr("header of more than 4 MiB"));
    EXPECT_THAT(recipients_of(milter, mail_to({"orders@example.com"})), ElementsAre("ann@example.com"));
}

TEST(ManyRecipients, AThousandOfWhichSomeAreTeams) {
    std::string policy;
    std::vector<std::string> recipients, expected;
    for (int number = 0; number < 1000; ++number) {
        const auto digits = std::to_string(number);
        recipients.push_back("user" + digits + "@example.com");
        if (number % 100 != 7) {
            expected.push_back(recipients.back());
            continue;
        }
        policy += "[rota.team" + digits + "]\naddresses = [\"" + recipients.back() +
                  "\"]\nmembers = [\"member" + digits + "@example.com\", \"ben@example.com\"]\n";
        expected.push_back("member" + digits + "@example.com");
    }
    const MailrotaMilter milter(configuration(policy));
    const auto message = mail_to(recipients);
    const auto outcome = offer(milter, message);
    EXPECT_EQ(edited(outcome, '+').size(), 10U);
    EXPECT_EQ(edited(outcome, '-').size(), 10U);
    EXPECT_THAT(outcome.final_recipients(message), testing::UnorderedElementsAreArray(expected));
}

TEST(ManyRecipients, OfOneTeam) {
    std::string policy = "[rota.all]\nmembers = [\"ann@example.com\"]\naddresses = [";
    std::vector<std::string> recipients;
    for (int number = 0; number < 1000; ++number) {
        recipients.push_back("user" + std::to_string(number) + "@example.com");
        policy += '"' + recipients.back() + "\", ";
    }
    const MailrotaMilter milter(configuration(policy + "]\n"));
    EXPECT_THAT(recipients_of(milter, mail_to(recipients)), ElementsAre("ann@example.com"));
}

}  // namespace
}  // namespace mailrota::rig

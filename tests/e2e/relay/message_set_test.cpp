#include "tests/e2e/relay/message_set.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "tests/e2e/relay/mime_reading.h"
#include "tests/e2e/relay/scene.h"

// Every mail of the set goes through every provider, and what arrives is what was sent.
namespace mailrota::e2e {
namespace {

using testing::SizeIs;
using testing::StartsWith;

using Names = std::set<std::string>;

/// Nobody gets them, by any transport; what describes the body is compared with the parts.
const Names removed = {
    "bcc",        "resent-bcc",   "x-mc-bccaddress",           "x-smtpapi",           "x-pm-tag",
    "x-msys-api", "content-type", "content-transfer-encoding", "content-disposition", "mime-version"};
/// The way so far and a seal that no longer fits, which say nothing of a mail that is made anew; the
/// envelope's recipients stand in for To and Cc.
const Names not_by_json = {"received", "dkim-signature", "to", "cc"};
/// SES puts its own.
const Names not_by_ses = {"message-id", "date", "dkim-signature"};

std::string trimmed(std::string text) {
    const auto last = text.find_last_not_of(" \t\r\n");
    text.resize(last == std::string::npos ? 0 : last + 1);
    return text;
}

/// One of the fields that both have: an address without its name's quotes and a comment as its name.
std::string plain_value(std::string value) {
    std::erase(value, '"');
    std::erase(value, '\\');
    if (const auto comment = value.find(" ("); comment != std::string::npos && value.ends_with(')'))
        value = value.substr(comment + 2, value.size() - comment - 3) + " <" + value.substr(0, comment) + ">";
    return value;
}

std::string shown(const ReadPart& part) {
    return part.path + part.type + " \"" + part.name + "\" <" + part.content_id + "> " +
           std::to_string(part.content.size()) + " bytes";
}

class MessageSet : public RelayTest, public testing::WithParamInterface<SetMail> {
  protected:
    static void SetUpTestSuite();
    void SetUp() override {}

    static void compare_fields(const std::string& kind, const ReadMail& sent, const ReadMail& got);
    static void compare_whole(const ReadMail& sent, const ReadMail& got);
    static void compare_pieces(const std::string& kind, const ReadMail& sent, const ReadMail& got);
    static void compare_files(const std::string& kind, const ReadMail& sent, const ReadMail& got);

    static std::map<std::string, std::vector<std::string>> replies;    ///< by the mail's name
    static std::map<std::string, std::vector<rig::FakeMail>> arrived;  ///< by recipient
};
std::map<std::string, std::vector<std::string>> MessageSet::replies;
std::map<std::string, std::vector<rig::FakeMail>> MessageSet::arrived;

std::vector<std::string> everyone_of(const SetMail& mail) {
    std::vector<std::string> all;
    for (const auto& kind : http_kinds()) all.push_back(mail.name + "@" + kind + ".example.net");
    return all;
}

/// All of them at the start, by several sessions at once.
void MessageSet::SetUpTestSuite() {
    RelayTest::SetUpTestSuite();
    const Scene host(fakes(), {.providers = http_kinds(), .more = rota_of_each(http_kinds())});
    fakes().clear();
    for (const auto& mail : message_set()) replies[mail.name];
    std::atomic<std::size_t> next = 0;
    const auto send_some = [&] {
        for (auto at = next++; at < message_set().size(); at = next++) {
            const auto& mail = message_set()[at];
            try {
                replies[mail.name] = host.send(mail.text, everyone_of(mail));
            } catch (const std::exception& error) {
                replies[mail.name].assign(http_kinds().size(), error.what());
            }
        }
    };
    std::vector<std::thread> sessions;
    for (int i = 0; i < 4; ++i) sessions.emplace_back(send_some);
    for (auto& session : sessions) session.join();
    for (auto& mail : fakes().mails()) arrived[mail.recipient].push_back(mail);
}

void MessageSet::compare_fields(const std::string& kind, const ReadMail& sent, const ReadMail& got) {
    const bool json = json_kinds().contains(kind);
    for (const auto& [name, value] : sent.fields) {
        const bool given_up = removed.contains(name) || (json && not_by_json.contains(name)) ||
                              (kind == "ses" && not_by_ses.contains(name)) ||
                              (kind == "mandrill" && name == "dkim-signature") ||
                              (json && GetParam().details.contains(name)) ||
                              (name == "subject" && value.empty());
        if (given_up) continue;
        auto values = got.all(name);
        if (name == "from" || name == "reply-to") {
            ASSERT_THAT(values, SizeIs(1)) << name;
            EXPECT_EQ(plain_value(values[0]), plain_value(value)) << name;
            continue;
        }
        EXPECT_THAT(values, testing::Contains(value)) << name;
    }
    for (const auto* secret : {"bcc", "resent-bcc", "x-mc-bccaddress", "x-smtpapi", "x-pm-tag", "x-msys-api"})
        EXPECT_THAT(got.all(secret), SizeIs(0)) << secret;
}

/// By a transport that takes whole mails: the same parts in the same places.
void MessageSet::compare_whole(const ReadMail& sent, const ReadMail& got) {
    ASSERT_EQ(got.parts.size(), sent.parts.size());
    for (std::size_t i = 0; i < sent.parts.size(); ++i) {
        EXPECT_EQ(shown(got.parts[i]), shown(sent.parts[i]));
        EXPECT_EQ(got.parts[i].content, sent.parts[i].content) << shown(sent.parts[i]);
    }
}

/// The texts of that type, one after the other.
std::string text_of(const ReadMail& mail, const std::string& type) {
    std::string all;
    for (const auto& part : mail.parts)
        if (part.text && part.type == type) all += (all.empty() ? "" : "\n") + trimmed(part.content);
    return all;
}

void MessageSet::compare_pieces(const std::string& kind, const ReadMail& sent, const ReadMail& got) {
    for (const auto* type : {"text/plain", "text/html"})
        EXPECT_EQ(text_of(got, type), text_of(sent, type)) << type;
    compare_files(kind, sent, got);
}

void MessageSet::compare_files(const std::string& kind, const ReadMail& sent, const ReadMail& got) {
    std::vector<ReadPart> files;
    std::ranges::copy_if(got.parts, std::back_inserter(files), [](const auto& part) { return !part.text; });
    for (const auto& file : sent.parts) {
        if (file.text || GetParam().details.contains(file.type)) continue;
        const auto found = std::ranges::find_if(files, [&](const ReadPart& other) {
            const bool same_name = file.name.empty() ? !other.name.empty() : other.name == file.name;
            return same_name && other.content == file.content;
        });
        ASSERT_NE(found, files.end()) << shown(file);
        if (kind != "resend") {
            EXPECT_EQ(found->type, file.type);
        }
        if (file.path.find("related/") != std::string::npos) {
            EXPECT_EQ(found->content_id, file.content_id);
        }
        files.erase(found);
    }
    for (const auto& more : files) ADD_FAILURE() << "more than was sent: " << shown(more);
}

TEST_P(MessageSet, ArrivesAsItWasSentOrIsRefused) {
    const auto recipients = everyone_of(GetParam());
    const auto& said = replies.at(GetParam().name);
    const ReadMail sent = read_mail(GetParam().text + (GetParam().text.ends_with('\n') ? "" : "\n"));
    for (std::size_t i = 0; i < http_kinds().size(); ++i) {
        const auto& kind = http_kinds()[i];
        SCOPED_TRACE(kind);
        const auto failed_before = HasFailure();
        const auto& got_there = arrived[recipients[i]];
        if (GetParam().refused.contains(kind)) {
            EXPECT_THAT(said[i], StartsWith("554 5.6.0 "));
            EXPECT_THAT(got_there, SizeIs(0));
            continue;
        }
        EXPECT_THAT(said[i], StartsWith("250 2.0.0 accepted by " + kind));
        EXPECT_THAT(got_there, SizeIs(1));
        if (got_there.empty()) continue;
        const ReadMail got = read_mail(got_there[0].content);
        compare_fields(kind, sent, got);
        if (json_kinds().contains(kind))
            compare_pieces(kind, sent, got);
        else
            compare_whole(sent, got);
        if (HasFailure() && !failed_before) ADD_FAILURE() << got_there[0].content.substr(0, 3000);
    }
}

INSTANTIATE_TEST_SUITE_P(Mails, MessageSet, testing::ValuesIn(message_set()), [](const auto& test) {
    std::string name = test.param.name;
    std::ranges::replace(name, '-', '_');
    return name;
});

TEST(MessageSetSize, HasAtLeastSixtyMailsOfDifferentNames) {
    Names names;
    for (const auto& mail : message_set()) names.insert(mail.name);
    EXPECT_EQ(names.size(), message_set().size());
    EXPECT_GE(names.size(), 60);
}

}  // namespace
}  // namespace mailrota::e2e

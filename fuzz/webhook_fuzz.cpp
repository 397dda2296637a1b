// Any bytes are a webhook's body, of the provider that the first one names: nothing crashes, what is not
// signed is not believed, and every event that is read stays within its limits and is read back from JSON.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/mail/text_encoding.h"
#include "core/providers/webhook.h"

namespace {

using namespace mailrota;
using Kind = config::ProviderSettings::Kind;

void require(bool holds) {
    if (!holds) std::abort();
}

void check(const mail::MailEvent& event) {
    require(!event.id.empty() && event.id.size() <= 255);
    require(event.raw.size() <= 16'000 && mail::is_utf8(event.raw));
    for (const auto* text : {&event.id, &event.message_id, &event.recipient, &event.description,
                             &event.mta_response, &event.click_url, &event.user_agent, &event.native})
        require(text->size() <= 5'000 && mail::is_utf8(*text) && text->find('\0') == std::string::npos);
    require(event.attempt.empty() || event.attempt.size() == 32);
    require(event.tags.size() <= 100 && event.metadata.size() <= 50);
    const auto read = providers::read_event(providers::to_json(event));
    require(read && *read == event);
}

providers::HookKeys some_keys() {
    providers::HookKeys keys;
    keys.secrets = {"a key that signs nothing", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
    keys.url = "https://relay.example.net/hook/mandrill";
    keys.users = {{"events", "password"}};
    keys.topics = {"arn:aws:sns:eu-west-1:123456789012:mail-events"};
    return keys;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const providers::HookKeys keys = some_keys();
    if (size == 0) return 0;
    const auto kind = static_cast<Kind>(data[0] % 7);
    const providers::HookRequest request{
        "POST",
        {{"svix-id", "msg_1"}, {"svix-signature", "v1,AAAA"}, {"X-Mandrill-Signature", "AAAA"}},
        std::string(reinterpret_cast<const char*>(data + 1), size - 1)};
    const auto hook = providers::make_webhook(kind);
    const auto verdict =
        hook->verify(request, keys, std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000)));
    require(!std::holds_alternative<providers::Genuine>(verdict));
    auto without_users = keys;
    without_users.users.clear();
    hook->verify(request, without_users, std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000)));
    const auto news = hook->parse(request);
    if (!news) {
        require(!news.error().text.empty());
        return 0;
    }
    for (const auto& event : news->events) check(event);
    return 0;
}

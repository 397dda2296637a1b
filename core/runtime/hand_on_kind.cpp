#include "core/runtime/hand_on_kind.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "core/mail/offer.h"
#include "core/mail/text_encoding.h"
#include "core/policy/safe_text.h"
#include "core/providers/base64.h"
#include "core/providers/signature.h"
#include "core/runtime/program_run.h"

namespace mailrota::runtime {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using std::chrono::seconds;

constexpr seconds longest_command{60};
constexpr seconds longest_post{60};

// What has been done of one batch: the job's payload.
struct Progress {
    bool command = false;
    bool url = false;
};

Progress read_progress(std::string_view payload) {
    boost::system::error_code fault;
    const json::value value = json::parse(payload, fault);
    const auto is_set = [&](const char* key) {
        const auto* object = fault ? nullptr : value.if_object();
        const auto* found = object == nullptr ? nullptr : object->if_contains(key);
        return found != nullptr && found->is_bool() && found->as_bool();
    };
    return {is_set("command"), is_set("url")};
}

std::string to_json(const Progress& progress) {
    return json::serialize(json::object{{"command", progress.command}, {"url", progress.url}});
}

asio::awaitable<Result<ProgramEnd>> run_command(std::string command,
                                                std::shared_ptr<const std::string> lines) {
    co_return run_program("/bin/sh", {"-c", command}, *lines, longest_command);
}

std::string first_line(const std::string& text) {
    return policy::without_controls(text.substr(0, text.find('\n')));
}

// Why a batch was not taken; nothing: it was.
using Refusal = std::optional<std::string>;

Refusal refusal_of(const Result<ProgramEnd>& ended) {
    if (!ended) return ended.error().text;
    if (ended->exit_code == 0) return std::nullopt;
    return "the command ended with " + std::to_string(ended->exit_code) + ": " + first_line(ended->words);
}

Refusal refusal_of(const providers::HttpOutcome& outcome) {
    if (const auto* failure = std::get_if<providers::HttpFailure>(&outcome)) return failure->words;
    const auto& answer = std::get<providers::HttpAnswer>(outcome);
    if (answer.status / 100 == 2) return std::nullopt;
    return "the URL answered " + std::to_string(answer.status) + ": " +
           first_line(answer.body.substr(0, 200));
}

asio::awaitable<Attempted> hand_on(std::shared_ptr<const HandOnServices> services, store::Job job,
                                   std::string bytes, bool expired) {
    const config::EventSettings& settings = services->settings;
    const auto lines = std::make_shared<const std::string>(std::move(bytes));
    Progress progress = read_progress(job.payload);
    std::string last;
    if (!progress.command && !settings.command.empty()) {
        const Result<ProgramEnd> ended = co_await asio::co_spawn(
            services->programs, run_command(settings.command, lines), asio::use_awaitable);
        const Refusal refusal = refusal_of(ended);
        progress.command = !refusal;
        last = refusal.value_or("");
    }
    if (!progress.url && !settings.url.empty()) {
        HttpTerms terms;
        terms.whole = longest_post;
        terms.ca_file = settings.ca_file;
        providers::HttpRequest request = hand_on_request(
            settings.url, services->secret, mail::offer_key(job.key, {}), services->clock(), *lines);
        const providers::HttpOutcome outcome =
            co_await services->http.send(std::move(request), std::move(terms));
        const Refusal refusal = refusal_of(outcome);
        progress.url = !refusal;
        if (refusal) last += (last.empty() ? "" : "; ") + *refusal;
    }
    mail::cut_utf8(last, 1000);
    if (last.empty()) co_return Finished{"handed on", {}};
    if (expired) co_return Failed{std::move(last), {}};
    co_return Postponed{std::move(last), to_json(progress), seconds{0}, {}};
}

}  // namespace

providers::HttpRequest hand_on_request(const std::string& url, std::string_view secret, const std::string& id,
                                       std::chrono::sys_seconds now, std::string_view lines) {
    std::string body = "[";
    for (std::size_t at = 0; at < lines.size();) {
        const std::size_t end = std::min(lines.find('\n', at), lines.size());
        if (end > at) body += (body.size() > 1 ? "," : "") + std::string(lines.substr(at, end - at));
        at = end + 1;
    }
    body += "]";
    const std::string time = std::to_string(now.time_since_epoch().count());
    providers::HttpRequest request;
    request.method = "POST";
    request.url = url;
    request.headers = {{"Content-Type", "application/json"}, {"webhook-id", id}, {"webhook-timestamp", time}};
    if (!secret.empty()) {
        constexpr std::string_view encoded = "whsec_";
        const auto key = secret.starts_with(encoded) ? providers::from_base64(secret.substr(encoded.size()))
                                                     : std::optional<std::string>(secret);
        const std::string text = id + "." + time + "." + body;
        const std::string signature =
            providers::hmac(providers::Hash::sha256, key.value_or(std::string(secret)), text);
        request.headers.emplace_back("webhook-signature", "v1," + providers::base64(signature));
    }
    request.body = std::move(body);
    return request;
}

JobKind hand_on_kind_on(HandOnServices services) {
    auto shared = std::make_shared<const HandOnServices>(std::move(services));
    return [shared = std::move(shared)](store::Job job, std::string bytes, bool expired) {
        return hand_on(shared, std::move(job), std::move(bytes), expired);
    };
}

}  // namespace mailrota::runtime

#include <algorithm>
#include <map>
#include <set>

#include "tests/fakes/header_block.h"
#include "tests/fakes/mailgun.h"

namespace mailrota::fakes {

namespace {

constexpr std::size_t most_recipients = 1000;
constexpr std::size_t most_option_bytes = 16'000;
constexpr std::size_t most_message_bytes = 25'000'000;

using Words = std::set<std::string>;
const Words yes = {"yes"};
const Words yes_no = {"yes", "no", "true", "false"};
const Words yes_no_html = {"yes", "no", "true", "false", "htmlonly"};

/// The options there are; an empty set takes any value.
const std::map<std::string, Words>& options() {
    static const std::map<std::string, Words> known = {{"template", {}},
                                                       {"t:version", {}},
                                                       {"t:text", yes},
                                                       {"t:variables", {}},
                                                       {"o:tag", {}},
                                                       {"o:dkim", yes_no},
                                                       {"o:secondary-dkim", {}},
                                                       {"o:secondary-dkim-public", {}},
                                                       {"o:deliverytime", {}},
                                                       {"o:deliver-within", {}},
                                                       {"o:deliverytime-optimize-period", {}},
                                                       {"o:time-zone-localize", {}},
                                                       {"o:testmode", yes},
                                                       {"o:tracking", yes_no_html},
                                                       {"o:tracking-clicks", yes_no_html},
                                                       {"o:tracking-opens", yes_no},
                                                       {"o:require-tls", yes_no},
                                                       {"o:skip-verification", yes_no},
                                                       {"o:sending-ip", {}},
                                                       {"o:sending-ip-pool", {}},
                                                       {"o:tracking-pixel-location-top", yes_no_html},
                                                       {"o:archive-to", {}},
                                                       {"o:suppress-headers", {}},
                                                       {"recipient-variables", {}}};
    return known;
}

const Words pieces = {"from", "cc", "bcc", "subject", "text", "html", "amp-html", "attachment", "inline"};
const Words repeatable = {"to", "cc", "bcc", "o:tag", "attachment", "inline"};

Reply bad(const std::string& message) { return json_reply(400, {{"message", message}}); }

std::optional<Reply> check_name(const FormPart& part, bool mime) {
    if (part.name == "to" || (mime ? part.name == "message" : pieces.contains(part.name))) return {};
    if ((part.name.starts_with("h:") || part.name.starts_with("v:")) && part.name.size() > 2) {
        if (!is_ascii(part.name)) return bad("header names must be ASCII");
        return {};
    }
    const auto known = options().find(part.name);
    if (known == options().end()) return bad("'" + part.name + "' is not a parameter of this call");
    if (!known->second.empty() && !known->second.contains(part.value))
        return bad("invalid value '" + part.value + "' of parameter '" + part.name + "'");
    return {};
}

std::optional<Reply> check_message(const std::vector<FormPart>& parts) {
    const auto message = std::ranges::find(parts, "message", &FormPart::name);
    if (message == parts.end()) return bad("message parameter is missing");
    if (!message->is_file) return bad("message parameter is not a file");
    if (message->value.size() > most_message_bytes)
        return json_reply(413, {{"message", "Message too large"}});
    if (!HeaderBlock(message->value).value("From")) return bad("from parameter is missing");
    return {};
}

std::optional<Reply> check_pieces(const std::vector<FormPart>& parts) {
    const auto has = [&](std::string_view name) {
        return std::ranges::find(parts, name, &FormPart::name) != parts.end();
    };
    if (!has("from")) return bad("from parameter is missing");
    if (!has("subject") && !has("template")) return bad("subject parameter is missing");
    if (!has("text") && !has("html") && !has("amp-html") && !has("template"))
        return bad("Need at least one of 'text', 'html', 'amp-html' or 'template' parameters specified");
    return {};
}

std::optional<Reply> check_recipients(const std::vector<FormPart>& parts) {
    std::size_t count = 0;
    bool named = false;
    for (const auto& part : parts) {
        if (part.name != "to" && part.name != "cc" && part.name != "bcc") continue;
        named = named || part.name == "to";
        const auto mailboxes = split_mailboxes(part.value);
        count += mailboxes.size();
        const bool right = !mailboxes.empty() && std::ranges::all_of(mailboxes, [](const std::string& one) {
            return is_address(bare_address(one));
        });
        if (!right) return bad(part.name + " parameter is not a valid address. please check documentation");
    }
    if (!named) return bad("to parameter is missing");
    if (count > most_recipients) return bad("Too many recipients; the limit is 1000");
    return {};
}

}  // namespace

std::optional<Reply> check_mailgun(const std::vector<FormPart>& parts, bool mime) {
    Words seen;
    std::size_t option_bytes = 0;
    for (const auto& part : parts) {
        if (auto refused = check_name(part, mime)) return refused;
        if (!seen.insert(part.name).second && !repeatable.contains(part.name))
            return bad("Only one parameter '" + part.name + "' is allowed");
        if (part.name.size() > 1 && part.name[1] == ':') option_bytes += part.name.size() + part.value.size();
    }
    if (option_bytes > most_option_bytes)
        return bad("Send options (parameters starting with o:, h:, or v:) are limited to 16KB total");
    if (auto refused = check_recipients(parts)) return refused;
    return mime ? check_message(parts) : check_pieces(parts);
}

}  // namespace mailrota::fakes

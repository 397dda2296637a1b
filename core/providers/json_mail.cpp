#include "core/providers/json_mail.h"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <set>
#include <utility>

#include "core/mail/dsn_text.h"
#include "core/mail/header_edit.h"
#include "core/policy/fold.h"
#include "core/providers/base64.h"
#include "core/providers/loss.h"

namespace mailrota::providers {
namespace {

namespace json = boost::json;
using File = mail::Parts::File;

// Traces of the way so far, seals that no longer fit, and what describes a body that is built anew.
constexpr std::array<std::string_view, 7> never{
    "received", "return-path", "delivered-to", "dkim-signature", "domainkey-signature", "arc-*", "content-*"};

bool matches(std::span<const std::string_view> patterns, std::string_view small) {
    return std::ranges::any_of(patterns, [small](std::string_view pattern) {
        if (!pattern.ends_with('*')) return small == pattern;
        return small.starts_with(pattern.substr(0, pattern.size() - 1));
    });
}

std::string unfolded(std::string value) {
    for (std::size_t fold = value.find("\n\t"); fold != std::string::npos; fold = value.find("\n\t", fold)) {
        value.replace(fold, 2, " ");
    }
    return value;
}

// Builds a JsonMail of a mail's parts and notes what that loses.
class Builder {
  public:
    Builder(const Outgoing& outgoing, const JsonTerms& terms)
        : outgoing_(outgoing), terms_(terms), parts_(mail::take_apart(outgoing.message)) {
        for (const auto& [shape, text] : parts_.losses) {
            add_loss(result_.losses, shape ? Loss::Kind::shape : Loss::Kind::detail, text);
        }
    }

    JsonMail build() {
        addresses();
        texts();
        headers();
        files();
        return std::move(result_);
    }

    const mail::Parts& parts() const { return parts_; }

  private:
    void lose(std::string text) { add_loss(result_.losses, Loss::Kind::detail, std::move(text)); }

    void addresses() {
        const mail::Mailbox& from = parts_.from.front();
        result_.from = {from.name, from.address.text(), 0};
        if (parts_.from.size() > 1) lose("all but the first address of From");
        for (const mail::Mailbox& each : parts_.reply_to) {
            if (mail::is_ascii(each.address.text())) {
                result_.reply_to.push_back({each.name, each.address.text(), 0});
            } else {
                lose("an internationalised address of Reply-To");
            }
        }
        result_.recipients = json_recipients(outgoing_);
        if (result_.recipients.left_out) lose("addresses of To and Cc that are no recipients");
    }

    void texts() {
        result_.subject = std::move(parts_.subject);
        const auto some = [](std::optional<std::string>& text) { return text && !text->empty(); };
        if (some(parts_.text)) result_.text = std::move(parts_.text);
        if (some(parts_.html)) result_.html = std::move(parts_.html);
        if (!result_.text && !result_.html) result_.text = " ";  // providers want a text
    }

    void headers() {
        std::set<std::string> seen;
        for (const mail::HeaderField& field : parts_.fields) {
            const std::string name = policy::folded(field.name);
            std::string value = unfolded(mail::clean_header_value(field.name, field.value));
            const bool repeated = !terms_.repeated_fields && seen.contains(name);
            if (matches(never, name) || matches(terms_.refused, name) || value.empty()) {
                lose("the field " + field.name);
            } else if (repeated) {
                lose("all but the first field " + field.name);
            } else {
                seen.insert(name);
                result_.headers.push_back({field.name, std::move(value)});
            }
        }
    }

    void files() {
        std::size_t number = 0;
        for (File& file : parts_.files) {
            ++number;
            if (file.name.empty()) {
                lose("a file without a name gets one");
                file.name = "attachment-" + std::to_string(number) + extension(file.type);
            }
            if (terms_.plain_file_names && !mail::is_ascii(file.name)) lose("file names outside ASCII");
            if (!terms_.type_parameters && !file.parameters.empty()) {
                lose("the charset and other parameters of a file's type");
                file.parameters.clear();
            }
            if (file.bytes.empty() && !terms_.empty_files) {
                add_loss(result_.losses, Loss::Kind::shape, "an empty file would be left out");
            } else {
                result_.files.push_back(std::move(file));
            }
        }
    }

    // Providers go by it.
    static std::string extension(std::string_view type) {
        constexpr std::array<std::pair<std::string_view, std::string_view>, 12> known{{
            {"image/jpeg", ".jpg"},
            {"image/png", ".png"},
            {"image/gif", ".gif"},
            {"application/pdf", ".pdf"},
            {"text/plain", ".txt"},
            {"text/html", ".html"},
            {"text/calendar", ".ics"},
            {"message/rfc822", ".eml"},
            {"text/csv", ".csv"},
            {"application/zip", ".zip"},
            {"application/json", ".json"},
            {"image/svg+xml", ".svg"},
        }};
        const auto same = [type](const auto& entry) { return entry.first == type; };
        const auto found = std::ranges::find_if(known, same);
        return found == known.end() ? ".dat" : std::string(found->second);
    }

    const Outgoing& outgoing_;
    const JsonTerms& terms_;
    mail::Parts parts_;
    JsonMail result_;
};

}  // namespace

Result<JsonMail> json_mail(const Outgoing& mail, const JsonTerms& terms) {
    if (mail.sender.empty()) return invalid("a provider's API takes no mail with the null sender");
    if (!std::ranges::all_of(mail.recipients, mail::is_ascii)) {
        return invalid("this provider takes no internationalised address of a recipient");
    }
    Builder builder(mail, terms);
    if (builder.parts().from.empty()) return invalid("the mail has no From address");
    if (!mail::is_ascii(builder.parts().from.front().address.text())) {
        return invalid("this provider takes no internationalised address in From");
    }
    return builder.build();
}

std::vector<Loss> json_losses(Result<JsonMail> mail) {
    if (!mail) return {Loss{Loss::Kind::shape, mail.error().text}};
    return std::move(mail->losses);
}

std::string address_text(const JsonAddress& address) {
    if (address.name.empty()) return address.address;
    constexpr std::string_view specials = "()<>[]:;@\\,.\"";
    if (address.name.find_first_of(specials) == std::string::npos) {
        return address.name + " <" + address.address + ">";
    }
    std::string quoted = "\"";
    for (const char c : address.name) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + "\" <" + address.address + ">";
}

std::string address_texts(const std::vector<JsonAddress>& addresses) {
    std::string out;
    for (const JsonAddress& each : addresses) out.append(out.empty() ? "" : ", ").append(address_text(each));
    return out;
}

std::string json_with_files(const json::object& request, std::string_view list, std::string_view content,
                            const std::vector<File>& files,
                            const std::function<json::object(const File&)>& describe) {
    std::string text = json::serialize(request);
    if (files.empty()) return text;
    std::size_t size = text.size() + 1000;
    for (const File& file : files) size += file.bytes.size() / 3 * 4 + file.name.size() + 1000;
    text.reserve(size);
    text.pop_back();
    text.append(request.empty() ? "\"" : ",\"").append(list).append("\":[");
    for (const File& file : files) {
        std::string entry = json::serialize(describe(file));
        entry.pop_back();
        text.append(&file == files.data() ? "" : ",").append(entry);
        text.append(entry.size() > 1 ? ",\"" : "\"").append(content).append("\":\"");
        text.append(base64(file.bytes)).append("\"}");
    }
    return text.append("]}");
}

}  // namespace mailrota::providers

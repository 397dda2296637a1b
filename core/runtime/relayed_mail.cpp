#include "core/runtime/relayed_mail.h"

#include <boost/json.hpp>
#include <exception>

#include "core/mail/address.h"
#include "core/mail/header_block.h"
#include "core/store/store.h"

namespace mailrota::runtime {
namespace {

namespace json = boost::json;

constexpr std::size_t most_header = std::size_t{64} << 10;

json::array to_array(const std::vector<std::string>& words) {
    json::array array;
    for (const std::string& word : words) array.emplace_back(word);
    return array;
}

std::vector<std::string> words_of(const json::value& value) {
    std::vector<std::string> words;
    for (const json::value& word : value.as_array()) words.emplace_back(word.as_string());
    return words;
}

RelayedMail mail_of(const json::object& object) {
    RelayedMail mail;
    mail.sender_parameters = words_of(object.at("sender_parameters"));
    for (const json::value& one : object.at("recipients").as_array()) {
        const json::object& recipient = one.as_object();
        mail.recipients.push_back(
            {std::string(recipient.at("address").as_string()), words_of(recipient.at("parameters"))});
    }
    mail.header = std::string(object.at("header").as_string());
    return mail;
}

}  // namespace

std::vector<std::string> RelayedMail::parameters_of(std::string_view address) const {
    const auto wanted = mail::Address::from_envelope(address);
    for (const Recipient& recipient : recipients)
        if (mail::Address::from_envelope(recipient.address) == wanted) return recipient.parameters;
    return {};
}

std::string relayed_mail_name(std::string_view mail_id) { return store::bytes_name_of(mail_id); }

std::string returned_header(const mail::Message& message) {
    mail::HeaderReader reader(message.bytes());
    std::size_t end = 0;
    while (reader.next() && reader.position() <= most_header) end = reader.position();
    return std::string(message.bytes().substr(0, end)) + "\r\n";
}

// Bytes of the mail may be no UTF-8: they are written as they are, and read back the same way.
std::string to_json(const RelayedMail& mail) {
    json::array recipients;
    for (const auto& recipient : mail.recipients)
        recipients.push_back(
            json::object{{"address", recipient.address}, {"parameters", to_array(recipient.parameters)}});
    return json::serialize(json::object{{"sender_parameters", to_array(mail.sender_parameters)},
                                        {"recipients", std::move(recipients)},
                                        {"header", mail.header}});
}

Result<RelayedMail> read_relayed_mail(std::string_view text) {
    json::parse_options options;
    options.allow_invalid_utf8 = true;
    try {
        return mail_of(json::parse(text, {}, options).as_object());
    } catch (const std::exception& fault) {
        return invalid(std::string("no relayed mail: ") + fault.what());
    }
}

}  // namespace mailrota::runtime

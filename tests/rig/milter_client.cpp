#include "tests/rig/milter_client.h"

#include <libmilter/mfdef.h>

#include <stdexcept>
#include <utility>

namespace mailrota::rig {

namespace {

/// The stages of the protocol's macro lists, as libmilter numbers them.
enum Stage { stage_connect, stage_helo, stage_mail, stage_rcpt, stage_data, stage_end, stage_headers };

/// What Postfix sends to a filter that asks for nothing.
const char* default_macros(int stage) {
    switch (stage) {
        case stage_connect:
            return "j {daemon_name} {daemon_addr} v _";
        case stage_helo:
            return "{tls_version} {cipher} {cipher_bits} {cert_subject} {cert_issuer}";
        case stage_mail:
            return "i {auth_type} {auth_authen} {auth_author} {mail_addr} {mail_host} {mail_mailer}";
        case stage_rcpt:
            return "i {rcpt_addr} {rcpt_host} {rcpt_mailer}";
        default:
            return "i";
    }
}

std::string number(std::uint32_t value) {
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
            static_cast<char>(value)};
}

std::uint32_t number_at(std::string_view bytes, std::size_t offset) {
    if (bytes.size() < offset + 4) throw std::runtime_error("a milter packet is too short");
    std::uint32_t result = 0;
    for (std::size_t i = 0; i < 4; ++i) result = result << 8 | static_cast<unsigned char>(bytes[offset + i]);
    return result;
}

std::string terminated(const std::vector<std::string>& texts) {
    std::string result;
    for (const auto& text : texts) result.append(text).push_back('\0');
    return result;
}

std::string connect_payload(const MilterMessage& message) {
    std::string result = terminated({message.client_name});
    if (message.client_address.empty()) return result + SMFIA_UNKNOWN;
    result += SMFIA_INET;
    result += static_cast<char>(message.client_port >> 8);
    result += static_cast<char>(message.client_port);
    return result + terminated({message.client_address});
}

std::vector<std::string> words(const std::string& text) {
    std::vector<std::string> result;
    std::size_t start = 0;
    while ((start = text.find_first_not_of(" ,", start)) != std::string::npos) {
        const auto end = std::min(text.find_first_of(" ,", start), text.size());
        result.push_back(text.substr(start, end - start));
        start = end;
    }
    return result;
}

std::map<std::string, std::string> with_address(const MilterMessage& message, const std::string& what,
                                                const std::string& address, bool queue_id_known) {
    auto macros = message.macros;
    const std::string plain = without_brackets(address);
    const auto at = plain.rfind('@');
    macros["{" + what + "_addr}"] = plain;
    macros["{" + what + "_host}"] = at == std::string::npos ? "" : plain.substr(at + 1);
    macros["{" + what + "_mailer}"] = what == "rcpt" ? "virtual" : "smtp";
    if (message.late_queue_id && !queue_id_known) macros.erase("i");
    return macros;
}

}  // namespace

MilterClient::MilterClient(Connection connection, MilterOptions offer)
    : connection_(std::move(connection)), agreed_(offer) {}

MilterClient MilterClient::to(std::string_view address, MilterOptions offer) {
    MilterClient client(Connection::to(address), offer);
    client.negotiate();
    return client;
}

void MilterClient::negotiate() {
    send(SMFIC_OPTNEG, number(agreed_.version) + number(agreed_.actions) + number(agreed_.steps));
    const std::string packet = read_packet();
    if (packet[0] != SMFIC_OPTNEG) throw std::runtime_error("the filter refused to negotiate: " + packet);
    const std::string_view payload = std::string_view(packet).substr(1);
    agreed_ = {number_at(payload, 0), number_at(payload, 4), number_at(payload, 8)};
    for (std::size_t offset = MILTER_OPTLEN; offset + 4 < payload.size();) {
        const auto stage = static_cast<int>(number_at(payload, offset));
        const auto end = std::min(payload.find('\0', offset + 4), payload.size());
        requested_[stage] = payload.substr(offset + 4, end - offset - 4);
        offset = end + 1;
    }
}

MilterOutcome MilterClient::send_message(const MilterMessage& message) {
    MilterOutcome outcome;
    outcome.stage = SMFIC_CONNECT;
    outcome.verdict = open_session(message);
    if (outcome.verdict.goes_on()) outcome.verdict = send_envelope(message, outcome);
    if (outcome.verdict.goes_on()) outcome.verdict = send_content(message, outcome);
    if (outcome.verdict.goes_on()) {
        MilterOutcome end = end_of_message(message);
        end.recipients = std::move(outcome.recipients);
        return end;
    }
    abort();
    return outcome;
}

MilterReply MilterClient::open_session(const MilterMessage& message) {
    if (std::exchange(in_session_, true)) return {};
    const MilterReply reply = connect(message);
    return reply.goes_on() ? helo(message) : reply;
}

/// A refused recipient does not settle the mail unless none is left.
MilterReply MilterClient::send_envelope(const MilterMessage& message, MilterOutcome& outcome) {
    outcome.stage = SMFIC_MAIL;
    MilterReply reply = mail(message);
    if (!reply.goes_on()) return reply;
    outcome.stage = SMFIC_RCPT;
    bool any_left = message.recipients.empty();
    for (std::size_t index = 0; index < message.recipients.size(); ++index) {
        reply = rcpt(message, index);
        outcome.recipients.push_back(reply);
        any_left = any_left || reply.goes_on();
        if (reply.kind == SMFIR_ACCEPT || reply.kind == SMFIR_DISCARD) return reply;
    }
    if (!any_left) return reply;
    outcome.stage = SMFIC_DATA;
    return data(message);
}

MilterReply MilterClient::send_content(const MilterMessage& message, MilterOutcome& outcome) {
    outcome.stage = SMFIC_HEADER;
    for (const auto& [name, value] : message.headers)
        if (const MilterReply reply = header(name, value); !reply.goes_on()) return reply;
    outcome.stage = SMFIC_EOH;
    if (const MilterReply reply = end_of_headers(message); !reply.goes_on()) return reply;
    outcome.stage = SMFIC_BODY;
    return send_body(message.body);
}

MilterReply MilterClient::send_body(std::string_view rest) {
    while (!rest.empty()) {
        const MilterReply reply = body(rest.substr(0, MILTER_CHUNK_SIZE));
        if (reply.kind == SMFIR_SKIP) break;
        if (!reply.goes_on()) return reply;
        rest.remove_prefix(std::min<std::size_t>(rest.size(), MILTER_CHUNK_SIZE));
    }
    return {};
}

MilterReply MilterClient::connect(const MilterMessage& message) {
    in_session_ = true;
    send_macros(SMFIC_CONNECT, stage_connect, message.macros);
    return step(SMFIC_CONNECT, connect_payload(message), SMFIP_NOCONNECT, SMFIP_NR_CONN);
}

MilterReply MilterClient::helo(const MilterMessage& message) {
    send_macros(SMFIC_HELO, stage_helo, message.macros);
    return step(SMFIC_HELO, terminated({message.helo}), SMFIP_NOHELO, SMFIP_NR_HELO);
}

MilterReply MilterClient::mail(const MilterMessage& message) {
    send_macros(SMFIC_MAIL, stage_mail, with_address(message, "mail", message.sender.at(0), false));
    return step(SMFIC_MAIL, terminated(message.sender), SMFIP_NOMAIL, SMFIP_NR_MAIL);
}

MilterReply MilterClient::rcpt(const MilterMessage& message, std::size_t index) {
    const auto& recipient = message.recipients.at(index);
    send_macros(SMFIC_RCPT, stage_rcpt, with_address(message, "rcpt", recipient.at(0), index > 0));
    return step(SMFIC_RCPT, terminated(recipient), SMFIP_NORCPT, SMFIP_NR_RCPT);
}

MilterReply MilterClient::data(const MilterMessage& message) {
    send_macros(SMFIC_DATA, stage_data, message.macros);
    return step(SMFIC_DATA, "", SMFIP_NODATA, SMFIP_NR_DATA);
}

MilterReply MilterClient::header(std::string_view name, std::string_view value) {
    const std::string blank = (agreed_.steps & SMFIP_HDR_LEADSPC) != 0 ? " " : "";
    return step(SMFIC_HEADER, terminated({std::string(name), blank + std::string(value)}), SMFIP_NOHDRS,
                SMFIP_NR_HDR);
}

MilterReply MilterClient::end_of_headers(const MilterMessage& message) {
    send_macros(SMFIC_EOH, stage_headers, message.macros);
    return step(SMFIC_EOH, "", SMFIP_NOEOH, SMFIP_NR_EOH);
}

MilterReply MilterClient::body(std::string_view chunk) {
    return step(SMFIC_BODY, chunk, SMFIP_NOBODY, SMFIP_NR_BODY);
}

MilterOutcome MilterClient::end_of_message(const MilterMessage& message) {
    MilterOutcome outcome;
    outcome.stage = SMFIC_BODYEOB;
    send_macros(SMFIC_BODYEOB, stage_end, message.macros);
    send(SMFIC_BODYEOB, "");
    for (;;) {
        const std::string packet = read_packet();
        if (packet[0] == SMFIR_PROGRESS) {
            ++outcome.progress;
        } else if (is_edit(packet)) {
            outcome.edits.push_back(parse_edit(packet));
        } else {
            outcome.verdict = {packet[0], packet.substr(1, packet.find('\0', 1) - 1)};
            return outcome;
        }
    }
}

void MilterClient::abort() { send(SMFIC_ABORT, ""); }

void MilterClient::quit_new_connection() {
    send(SMFIC_QUIT_NC, "");
    in_session_ = false;
}

void MilterClient::quit() {
    send(SMFIC_QUIT, "");
    flush();
    connection_.close();
}

void MilterClient::send(char command, std::string_view payload) {
    unsent_ += number(static_cast<std::uint32_t>(payload.size() + 1));
    unsent_ += command;
    unsent_ += payload;
}

void MilterClient::flush() {
    if (!unsent_.empty() && !connection_.write(std::exchange(unsent_, {})))
        throw std::runtime_error("the filter closed the connection");
}

std::string MilterClient::read_packet() {
    flush();
    const auto size = connection_.read(MILTER_LEN_BYTES);
    if (!size) throw std::runtime_error("the filter closed the connection");
    const std::uint32_t length = number_at(*size, 0);
    if (length == 0 || length > (1U << 24))
        throw std::runtime_error("the filter sent a packet of impossible length");
    auto packet = connection_.read(length);
    if (!packet) throw std::runtime_error("the filter closed the connection inside a packet");
    return std::move(*packet);
}

MilterReply MilterClient::step(char command, std::string_view payload, std::uint32_t unwanted,
                               std::uint32_t unanswered) {
    if ((agreed_.steps & unwanted) != 0) return {};
    send(command, payload);
    if ((agreed_.steps & unanswered) != 0) return {};
    std::string packet = read_packet();
    while (packet[0] == SMFIR_PROGRESS) packet = read_packet();
    return {packet[0], packet.substr(1, packet.find('\0', 1) - 1)};
}

/// As Postfix: once the filter has asked for the macros of any stage, the stages it did not name have none.
void MilterClient::send_macros(char command, int stage, const std::map<std::string, std::string>& values) {
    const auto asked = requested_.find(stage);
    const std::string list = requested_.empty()          ? default_macros(stage)
                             : asked == requested_.end() ? ""
                                                         : asked->second;
    std::string payload;
    for (const auto& name : words(list)) {
        const auto value = values.find(name);
        if (value != values.end()) payload += terminated({name, value->second});
    }
    if (!payload.empty()) send(SMFIC_MACRO, command + payload);
}

}  // namespace mailrota::rig

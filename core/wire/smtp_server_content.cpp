#include <exception>
#include <string>
#include <utility>

#include "core/wire/smtp_server_state.h"

namespace mailrota::wire {

void SmtpServer::State::begin_data(std::string_view argument) {
    if (!argument.empty()) return say_fault("501 5.5.4 no argument allowed");
    content.begin(options.max_size, sender_facts.size);
    data = DataReader();
    wait = SmtpWait::data;
    say("354 end data with <CR><LF>.<CR><LF>");
}

bool SmtpServer::State::read_content() {
    consumed += data.take(unread(), content);
    if (data.done()) end_content();
    return data.done();
}

void SmtpServer::State::begin_chunk(std::string_view argument) {
    const auto chunk = parse_chunk(argument);
    // Nobody knows how many bytes follow, and none of them is to be obeyed.
    if (!chunk) return close("554 5.5.4 syntax: BDAT size [LAST]");
    const bool useless = objection(SmtpVerb::bdat, stage).has_value();
    if (useless || stage == SmtpStage::recipients) {
        content.begin(useless ? 0 : options.max_size, sender_facts.size);
        chunks = ChunkReader();
    }
    if (!useless) stage = SmtpStage::chunks;
    if (!useless) faults = 0;
    chunks.begin(chunk->size);
    last_chunk = chunk->last;
    wait = useless ? SmtpWait::useless_chunk : SmtpWait::chunk;
}

bool SmtpServer::State::read_chunk() {
    consumed += chunks.take(unread(), content);
    if (!chunks.chunk_done()) return false;
    if (last_chunk) {
        chunks.finish(content);
        end_content();
    } else {
        wait = SmtpWait::command;
        say(content.fault() == MessageContent::Fault::none ? "250 2.0.0 chunk received" : content_fault());
    }
    return true;
}

bool SmtpServer::State::read_useless_chunk() {
    consumed += chunks.take(unread(), content);
    if (!chunks.chunk_done()) return false;
    wait = SmtpWait::command;
    if (const auto why_not = objection(SmtpVerb::bdat, stage)) say_out_of_order(*why_not);
    return true;
}

void SmtpServer::State::end_content() {
    if (content.fault() != MessageContent::Fault::none) return refuse_content();
    recipients_to_answer = envelope.recipients.size();
    release_input();
    event = MessageReceived{std::exchange(envelope, {}), forwarded.queue_id(), content.take()};
    wait = SmtpWait::message_answer;
}

// The answer may take minutes: until then the mail is all that is held.
void SmtpServer::State::release_input() {
    constexpr std::size_t not_worth_it = 8192;
    if (consumed < input.size() || input.capacity() <= not_worth_it) return;
    input = std::string();
    consumed = 0;
}

void SmtpServer::State::refuse_content() {
    const std::size_t replies = lmtp() ? envelope.recipients.size() : 1;
    for (std::size_t i = 0; i < replies; ++i) say(content_fault());
    end_transaction();
    wait = SmtpWait::command;
}

std::string_view SmtpServer::State::content_fault() const {
    return content.fault() == MessageContent::Fault::too_big ? "552 5.3.4 message too big"
                                                             : "550 5.6.11 bare CR or LF in the message";
}

void SmtpServer::State::answer_message(const std::vector<Reply>& replies) {
    if (replies.size() != (lmtp() ? recipients_to_answer : 1)) std::terminate();
    for (const Reply& reply : replies) output += to_wire(reply);
    end_transaction();
    wait = SmtpWait::command;
}

}  // namespace mailrota::wire

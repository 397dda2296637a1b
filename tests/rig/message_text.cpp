#include "tests/rig/message_text.h"

#include <atomic>
#include <random>

namespace mailrota::rig {

MessageText MessageText::fresh(std::string subject) {
    static const auto process = std::random_device{}();
    static std::atomic<unsigned> count{0};
    MessageText message;
    message.subject = std::move(subject);
    message.message_id =
        "<" + std::to_string(process) + "." + std::to_string(++count) + "@client.example.com>";
    return message;
}

MessageText MessageText::reply_to(const MessageText& earlier) {
    const bool is_reply = earlier.subject.starts_with("Re: ");
    MessageText reply = fresh(is_reply ? earlier.subject : "Re: " + earlier.subject);
    reply.in_reply_to = earlier.message_id;
    reply.references =
        earlier.references.empty() ? earlier.message_id : earlier.references + " " + earlier.message_id;
    return reply;
}

std::vector<std::pair<std::string, std::string>> MessageText::headers() const {
    std::vector<std::pair<std::string, std::string>> result;
    const auto add = [&result](const char* name, const std::string& value) {
        if (!value.empty()) result.emplace_back(name, value);
    };
    add("From", from);
    add("To", to);
    add("Subject", subject);
    add("Date", date);
    add("Message-ID", message_id);
    add("In-Reply-To", in_reply_to);
    add("References", references);
    result.insert(result.end(), more.begin(), more.end());
    return result;
}

std::string MessageText::text() const {
    std::string result;
    for (const auto& [name, value] : headers()) result.append(name).append(": ").append(value).append("\n");
    return result + "\n" + body;
}

}  // namespace mailrota::rig

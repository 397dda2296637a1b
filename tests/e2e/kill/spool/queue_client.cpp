#include "tests/e2e/kill/spool/queue_client.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "tests/rig/message_text.h"

namespace mailrota::rig {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds between_offers{10};
constexpr milliseconds between_mails{5};
constexpr std::chrono::minutes longest_in_queue{2};

/// As an MTA has it in its queue: with its Received line, the same at each offer.
std::string text_of(int mail) {
    MessageText text;
    text.message_id = message_id_of(mail);
    text.body = "Hello.\n" + text.message_id + "\n";
    return "Received: by mta.example.com with ESMTP id " + std::to_string(mail) +
           "; Mon, 02 Mar 2026 09:00:00 +0000\n" + text.text();
}

Offer::End end_of(const SmtpReply& reply) {
    if (reply.code == 0) return Offer::End::broken;
    return reply.positive() ? Offer::End::taken : Offer::End::refused;
}

}  // namespace

void QueueClient::send(int mail, const std::vector<Route>& routes) {
    std::vector<Part> open;
    for (const Route route : routes) open.push_back({mail, route});
    const auto give_up = Moment::clock::now() + longest_in_queue;
    while (offer(mail, open), !open.empty()) {
        if (Moment::clock::now() > give_up) throw std::runtime_error("a mail is not taken, ever");
        std::this_thread::sleep_for(between_offers);
    }
}

bool QueueClient::offer(int mail, std::vector<Part>& open) {
    const auto begun = Moment::clock::now();
    auto ends = attempt(mail, open);
    ends.resize(open.size(), Offer::End::broken);
    for (std::size_t i = 0; i < open.size(); ++i) evidence_.offered(open[i], {begun, ends[i]});
    const bool whole = std::find(ends.begin(), ends.end(), Offer::End::broken) == ends.end();
    if (!whole) client_.reset();
    std::erase_if(open, [&, i = 0U](const Part&) mutable { return ends[i++] == Offer::End::taken; });
    return whole;
}

/// What each part came to; fewer than there are if the session broke.
std::vector<Offer::End> QueueClient::attempt(int mail, const std::vector<Part>& parts) {
    std::vector<Offer::End> ends;
    try {
        if (!client_) {
            client_.emplace(Connection::to_path(path_), protocol_);
            if (!client_->hello().positive()) return ends;
        }
        const bool alone = protocol_ == SmtpClient::Protocol::smtp;
        if (!client_->command("MAIL FROM:<sender@example.com>").positive()) return ends;
        for (const Part& part : parts)
            if (!client_->command("RCPT TO:<" + recipient_of(part) + ">").positive()) return ends;
        if (client_->command("DATA").code != 354) return ends;
        client_->send_raw(dot_stuffed(text_of(mail)));
        for (std::size_t i = 0; i < parts.size(); ++i)
            ends.push_back(alone && i > 0 ? ends[0] : end_of(client_->read_reply()));
    } catch (const std::runtime_error&) {  // nobody is there, or not any more
    }
    return ends;
}

QueueLoad::QueueLoad(Evidence& evidence, const std::filesystem::path& lmtp, int lmtp_sessions,
                     const std::filesystem::path& smtp, int smtp_sessions)
    : evidence_(evidence) {
    for (int i = 0; i < lmtp_sessions; ++i)
        threads_.emplace_back([this, lmtp] { run(SmtpClient::Protocol::lmtp, lmtp); });
    for (int i = 0; i < smtp_sessions; ++i)
        threads_.emplace_back([this, smtp] { run(SmtpClient::Protocol::smtp, smtp); });
}

int QueueLoad::end() {
    ending_ = true;
    for (auto& thread : threads_)
        if (thread.joinable()) thread.join();
    return mails_;
}

void QueueLoad::run(SmtpClient::Protocol protocol, const std::filesystem::path& path) {
    static const std::vector<std::vector<Route>> by_lmtp = {
        {Route::kept, Route::rota, Route::spooled}, {Route::spooled}, {Route::kept}, {Route::rota}};
    const std::vector<Route> by_smtp = {Route::at_once, Route::later};
    QueueClient client(protocol, path, evidence_);
    try {
        while (!ending_) {
            std::this_thread::sleep_for(between_mails);
            if (evidence_.on_their_way() >= most_on_their_way) continue;
            const int mail = ++mails_;
            const auto which = static_cast<std::size_t>(mail) % by_lmtp.size();
            client.send(mail, protocol == SmtpClient::Protocol::lmtp ? by_lmtp[which] : by_smtp);
        }
    } catch (const std::exception& failure) {
        ADD_FAILURE() << failure.what();
    }
}

}  // namespace mailrota::rig

#include "tests/e2e/kill/relay/mail_queue.h"

#include <stdexcept>
#include <utility>

#include "tests/rig/message_text.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {

namespace {

constexpr std::chrono::milliseconds until_next_offer{300};
constexpr std::chrono::milliseconds nothing_to_do{10};

/// With a Received line, the same at each offer.
std::string text_of(int mail) {
    MessageText text;
    text.from = "ann@example.com";
    text.to = "list@example.net";
    text.subject = subject_of(mail);
    text.message_id = "<" + std::to_string(mail) + "@load.example.com>";
    return "Received: by mta.example.com with ESMTP id " + std::to_string(mail) +
           "; Mon, 02 Mar 2026 09:00:00 +0000\n" + text.text();
}

}  // namespace

std::string subject_of(int mail) { return "Mail " + std::to_string(mail) + "."; }

std::vector<SmtpReply> MailSession::offer(const QueuedMail& mail) {
    std::vector<SmtpReply> replies;
    try {
        converse(mail, replies);
    } catch (const std::runtime_error&) {  // nobody is there, or not any more
    }
    replies.resize(mail.open.size());
    if (replies.back().code == 0) client_.reset();
    return replies;
}

void MailSession::converse(const QueuedMail& mail, std::vector<SmtpReply>& replies) {
    if (!client_) {
        auto connection = Connection::to_path(socket_);
        connection.set_timeout(std::chrono::minutes(2));
        client_.emplace(std::move(connection), SmtpClient::Protocol::lmtp);
        if (!client_->hello().positive()) return;
    }
    if (!client_->command("MAIL FROM:<ann@example.com>").positive()) return;
    for (const auto& recipient : mail.open)
        if (!client_->command("RCPT TO:<" + recipient + ">").positive()) return;
    if (client_->command("DATA").code != 354) return;
    client_->send_raw(dot_stuffed(text_of(mail.number)));
    while (replies.size() < mail.open.size()) replies.push_back(client_->read_reply());
}

MailQueue::~MailQueue() {
    {
        const std::scoped_lock lock(mutex_);
        ending_ = true;
    }
    for (auto& thread : threads_) thread.join();
}

void MailQueue::start(int sessions, bool load) {
    const std::scoped_lock lock(mutex_);
    loading_ = load;
    for (int i = 0; i < sessions; ++i) threads_.emplace_back([this] { work(); });
}

void MailQueue::end_load() {
    const std::scoped_lock lock(mutex_);
    loading_ = false;
}

bool MailQueue::drained(std::chrono::seconds limit) const {
    return wait_until([this] { return waiting() == 0; }, limit);
}

std::size_t MailQueue::waiting() const {
    const std::scoped_lock lock(mutex_);
    return waiting_.size() + in_hand_;
}

void MailQueue::work() {
    MailSession session(socket_);
    for (;;) {
        {
            const std::scoped_lock lock(mutex_);
            if (ending_) return;
        }
        if (auto mail = next())
            offer(session, *std::move(mail));
        else
            std::this_thread::sleep_for(nothing_to_do);
    }
}

/// Under the lock.
QueuedMail MailQueue::make_mail(std::size_t recipients, const std::string& domain) {
    QueuedMail mail{++mails_, {}};
    for (std::size_t i = 1; i <= recipients; ++i) {
        mail.open.push_back("m" + std::to_string(mail.number) + "-" + std::to_string(i) + "@" + domain);
        recipients_.insert(mail.open.back());
    }
    ++in_hand_;
    return mail;
}

std::optional<QueuedMail> MailQueue::next() {
    const std::scoped_lock lock(mutex_);
    if (!waiting_.empty() && waiting_.begin()->first <= std::chrono::steady_clock::now()) {
        ++in_hand_;
        return std::move(waiting_.extract(waiting_.begin()).mapped());
    }
    if (!loading_ || waiting_.size() + in_hand_ >= most_waiting) return std::nullopt;
    return make_mail(1 + static_cast<std::size_t>(mails_) % 3, "example.net");
}

bool MailQueue::offer_new(MailSession& session, const std::string& domain) {
    QueuedMail mail;
    {
        const std::scoped_lock lock(mutex_);
        mail = make_mail(1, domain);
    }
    return offer(session, std::move(mail));
}

bool MailQueue::offer(MailSession& session, QueuedMail mail) {
    const auto replies = session.offer(mail);
    QueuedMail rest{mail.number, {}};
    const std::scoped_lock lock(mutex_);
    for (std::size_t i = 0; i < replies.size(); ++i) {
        const std::string said = std::to_string(replies[i].code) + " " + replies[i].text;
        if (replies[i].positive())
            taken_.push_back({mail.open[i], mail.number, said});
        else if (replies[i].code >= 500)
            refused_.push_back(mail.open[i] + ": " + said);
        else
            rest.open.push_back(mail.open[i]);
    }
    --in_hand_;
    if (!rest.open.empty())
        waiting_.emplace(std::chrono::steady_clock::now() + until_next_offer, std::move(rest));
    return replies.back().code != 0;
}

std::vector<MailQueue::Taken> MailQueue::taken(std::size_t from) const {
    const std::scoped_lock lock(mutex_);
    return {taken_.begin() + static_cast<std::ptrdiff_t>(from), taken_.end()};
}

std::vector<std::string> MailQueue::refused() const {
    const std::scoped_lock lock(mutex_);
    return refused_;
}

std::set<std::string> MailQueue::recipients() const {
    const std::scoped_lock lock(mutex_);
    return recipients_;
}

int MailQueue::mails() const {
    const std::scoped_lock lock(mutex_);
    return mails_;
}

}  // namespace mailrota::rig

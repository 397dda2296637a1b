#include "core/wire/transaction.h"

#include <algorithm>

#include "core/wire/envelope_commands.h"

namespace mailrota::wire {

namespace {

constexpr std::size_t most_unanswered = 200;

using Outcome = SmtpResult::Outcome;
using Stage = SmtpResult::Stage;

Outcome outcome_of(const Reply& reply) {
    if (is_success(reply)) return Outcome::done;
    return is_temporary(reply) ? Outcome::deferred : Outcome::failed;
}

bool is_verdict(const Reply& reply) { return reply.code / 100 != 3; }

std::string unexpected(const Reply& reply) { return "unexpected reply: " + to_line(reply); }

}  // namespace

Transaction::Transaction(const OutgoingMail& mail, Protocol protocol, const ServerFeatures& features)
    : mail_(&mail),
      protocol_(protocol),
      features_(features),
      results_(mail.recipients.size()),
      fates_(mail.recipients.size(), Fate::undecided),
      data_(mail.content) {
    refuse_locally();
    skip_decided();
    if (next_recipient_ == fates_.size()) next_ = Command::none;
}

void Transaction::refuse_locally() {
    const auto of_all = objection(*mail_, features_);
    for (std::size_t index = 0; index < fates_.size(); ++index) {
        const auto refusal = of_all ? of_all : objection(mail_->recipients[index], features_);
        if (!refusal) continue;
        results_[index] = {outcome_of(*refusal), *refusal, false, of_all ? Stage::sender : Stage::recipient};
        fates_[index] = Fate::decided;
    }
}

void Transaction::begin_with_reset() {
    if (next_ != Command::none) next_ = Command::reset;
}

void Transaction::begin_with_identity() {
    with_identity_ = true;
    if (next_ == Command::mail) next_ = Command::identity;
}

void Transaction::say(std::string& out, std::size_t most) {
    while (out.size() < most && may_say()) say_next(out, most);
}

bool Transaction::may_say() const {
    const std::size_t unanswered = asked_.size() - heard_;
    if (next_ == Command::none) return false;
    return unanswered == 0 || (features_.pipelining && unanswered < most_unanswered);
}

void Transaction::say_next(std::string& out, std::size_t most) {
    switch (next_) {
        case Command::reset:
            out += "RSET\r\n";
            return ask(Command::reset, with_identity_ ? Command::identity : Command::mail);
        case Command::identity:
            append_identity(out, mail_->identity);
            return ask(Command::identity, Command::mail);
        case Command::mail:
            append_mail(out, *mail_, features_);
            return ask(Command::mail, Command::recipient);
        case Command::recipient:
            return say_recipient(out);
        case Command::data:
            out += "DATA\r\n";
            return ask(Command::data, Command::none);
        case Command::content:
            return say_content(out, most);
        case Command::lone_dot:
            out += ".\r\n";
            return ask(Command::lone_dot, Command::none);
        case Command::none:
            return;
    }
}

void Transaction::say_recipient(std::string& out) {
    const std::size_t recipient = next_recipient_++;
    append_recipient(out, mail_->recipients[recipient], features_);
    skip_decided();
    const bool last = next_recipient_ == fates_.size();
    ask(Command::recipient, last ? Command::data : Command::recipient, recipient);
}

// To the next recipient that was not refused locally.
void Transaction::skip_decided() {
    while (next_recipient_ < fates_.size() && fates_[next_recipient_] == Fate::decided) ++next_recipient_;
}

void Transaction::say_content(std::string& out, std::size_t most) {
    data_.write(out, most);
    if (!data_.finished()) return;
    data_said_ = true;
    for (std::size_t recipient = 0; recipient < fates_.size(); ++recipient) {
        if (fates_[recipient] != Fate::accepted) continue;
        ask(Command::content, Command::none, recipient);
        if (protocol_ == Protocol::smtp) return;
    }
}

void Transaction::ask(Command command, Command next, std::size_t recipient) {
    if (heard_ == asked_.size()) {
        asked_.clear();
        heard_ = 0;
    }
    asked_.push_back({command, recipient});
    next_ = next;
}

std::string Transaction::hear(const Reply& reply) {
    if (heard_ == asked_.size()) return hear_early(reply);
    const Asked asked = asked_[heard_++];
    switch (asked.command) {
        case Command::reset:
            return is_success(reply) ? "" : "RSET was refused: " + to_line(reply);
        case Command::mail:
            return hear_mail(reply);
        case Command::recipient:
            return hear_recipient(reply, asked.recipient);
        case Command::data:
            return hear_data(reply);
        case Command::content:
            return hear_verdict(reply, asked.recipient);
        case Command::identity:
        case Command::lone_dot:
        case Command::none:
            break;
    }
    if (asked.command == Command::lone_dot) ended_ = true;
    return "";
}

// A refusal in the middle of the data counts for all; the connection cannot be used any more, since to end
// the data now would send a part of the mail.
std::string Transaction::hear_early(const Reply& reply) {
    if (next_ != Command::content || is_success(reply) || !is_verdict(reply)) return unexpected(reply);
    decide_all(Fate::accepted, reply, Stage::data);
    return "the server refused the data before its end: " + to_line(reply);
}

std::string Transaction::hear_mail(const Reply& reply) {
    if (!is_verdict(reply)) return unexpected(reply);
    mail_accepted_ = is_success(reply);
    if (mail_accepted_) return "";
    decide_all(Fate::undecided, reply, Stage::sender);
    next_ = Command::none;
    return "";
}

std::string Transaction::hear_recipient(const Reply& reply, std::size_t recipient) {
    if (!is_verdict(reply)) return unexpected(reply);
    if (fates_[recipient] == Fate::decided) return "";  // with MAIL
    if (is_success(reply)) {
        fates_[recipient] = Fate::accepted;
        ++accepted_;
    } else {
        decide(recipient, reply, Stage::recipient);
    }
    const bool nobody = next_ == Command::data && heard_ == asked_.size() && accepted_ == 0;
    if (nobody) next_ = Command::none;
    return "";
}

std::string Transaction::hear_data(const Reply& reply) {
    if (is_success(reply)) return unexpected(reply);
    if (is_verdict(reply)) return decide_all(Fate::accepted, reply, Stage::data), "";
    if (reply.code != 354) return unexpected(reply);
    if (accepted_ == 0) return take_data_without_recipients();
    next_ = Command::content;
    return "";
}

// LMTP answers the data once for each recipient, so here it could not be told whether a reply comes.
std::string Transaction::take_data_without_recipients() {
    if (protocol_ == Protocol::lmtp) return "the server takes data for no recipient";
    next_ = Command::lone_dot;
    return "";
}

std::string Transaction::hear_verdict(const Reply& reply, std::size_t recipient) {
    if (!is_verdict(reply)) return unexpected(reply);
    ended_ = true;
    if (protocol_ == Protocol::smtp)
        decide_all(Fate::accepted, reply, Stage::data);
    else
        decide(recipient, reply, Stage::data);
    return "";
}

void Transaction::decide(std::size_t recipient, const Reply& reply, Stage stage) {
    results_[recipient] = {outcome_of(reply), reply, true, stage};
    fates_[recipient] = Fate::decided;
}

void Transaction::decide_all(Fate fate, const Reply& reply, Stage stage) {
    for (std::size_t recipient = 0; recipient < fates_.size(); ++recipient)
        if (fates_[recipient] == fate) decide(recipient, reply, stage);
}

void Transaction::lose(const Reply& reply, bool spoken) {
    for (std::size_t recipient = 0; recipient < fates_.size(); ++recipient) {
        if (fates_[recipient] == Fate::decided) continue;
        const Outcome outcome = data_said_ && !spoken ? Outcome::uncertain : Outcome::deferred;
        results_[recipient] = {outcome, reply, spoken, data_said_ ? Stage::data : Stage::connection};
        fates_[recipient] = Fate::decided;
    }
}

}  // namespace mailrota::wire

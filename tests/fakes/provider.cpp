#include "tests/fakes/provider.h"

#include <algorithm>
#include <set>
#include <utility>

#include "tests/fakes/header_block.h"

namespace mailrota::fakes {

Provider::Provider(std::string name, PostOffice& office, Faults& faults)
    : Api(std::move(name)), office_(office), faults_(faults) {
    account_.key = this->name() + "-key";
}

void Provider::reset() { calls_ = {}; }

std::optional<Reply> Provider::route(const Request&) const { return {}; }

std::string Provider::sending_domain(const Request&, const Mail& mail) const {
    return domain_of(mail.sender);
}

std::optional<Reply> Provider::turn_down(const Mail&, const std::vector<std::string>&,
                                         const std::vector<std::string>&) const {
    return {};
}

bool Provider::is_bad(const std::string& recipient) const {
    return account_.bad.contains(small_letters(recipient));
}
bool Provider::is_suppressed(const std::string& recipient) const {
    return account_.suppressed.contains(small_letters(recipient));
}

Reply Provider::answer(const Request& request) {
    last_accepted_.reset();
    if (request.path == "/status/summary.json") return status_page();
    const bool sending = is_sending(request);
    Reply reply = dispatch(request);
    if (!sending) {
        ++calls_.others;
        return reply;
    }
    ++calls_.sending;
    if (reply.status / 100 != 2) ++calls_.refused;
    return reply;
}

Reply Provider::dispatch(const Request& request) {
    const bool sending = is_sending(request);
    fault_ = faults_.take(name(), sending);
    const bool own = fault_ && answers_itself(*fault_);
    const bool stops = fault_ && !own && !fault_->after && fault_->kind != Fault::Kind::drip;
    if (stops) return fault_->is_refusal() ? refusal(*fault_) : disturbed({}, *fault_);
    if (auto elsewhere = route(request)) return *std::move(elsewhere);
    if (!is_authorized(request)) {
        Fault wrong_key;
        wrong_key.kind = Fault::Kind::wrong_key;
        return refusal(wrong_key);
    }
    Reply reply = sending ? send(request) : look(request);
    if (!fault_ || own) return reply;
    return fault_->is_refusal() ? refusal(*fault_) : disturbed(std::move(reply), *fault_);
}

Reply Provider::send(const Request& request) {
    if (auto earlier = replay(request)) return *std::move(earlier);
    auto draft = read(request);
    if (auto* refused = std::get_if<Reply>(&draft)) return *std::move(refused);
    auto& mail = std::get<Mail>(draft);
    const auto domain = sending_domain(request, mail);
    if (!account_.domains.empty() && !domain.empty() && !account_.domains.contains(domain)) {
        Fault unverified;
        unverified.kind = Fault::Kind::unverified_domain;
        unverified.words = domain;
        return refusal(unverified);
    }
    Reply reply = deliver(request, std::move(mail));
    if (last_accepted_) remember(request, reply);
    return reply;
}

Reply Provider::deliver(const Request&, Mail mail) {
    mail.provider = name();
    std::vector<std::string> bad;
    std::vector<std::string> suppressed;
    for (const auto& recipient : mail.to) {
        if (is_bad(recipient)) bad.push_back(recipient);
        if (is_suppressed(recipient)) suppressed.push_back(recipient);
    }
    if (auto refused = turn_down(mail, bad, suppressed)) return *std::move(refused);
    std::erase_if(mail.deliveries, [&](const Delivery& delivery) {
        return is_bad(delivery.recipient) || is_suppressed(delivery.recipient);
    });
    Reply reply = accepted(mail);
    last_accepted_ = office_.accept(std::move(mail), account_.keep);
    return reply;
}

Reply Provider::status_page() const {
    const bool fine = account_.indicator == "none";
    return json_reply(
        200, {{"page",
               {{"id", name()},
                {"name", name()},
                {"url", "https://status.example.com"},
                {"time_zone", "Etc/UTC"},
                {"updated_at", iso_date(current_second())}}},
              {"components", boost::json::array{{{"id", "1"},
                                                 {"name", "Mail sending"},
                                                 {"status", fine ? "operational" : "major_outage"}}}},
              {"incidents", boost::json::array{}},
              {"scheduled_maintenances", boost::json::array{}},
              {"status",
               {{"indicator", account_.indicator},
                {"description", fine ? "All Systems Operational" : "Service outage"}}}});
}

void read_header(Mail& mail, std::string_view bytes) {
    const HeaderBlock header(bytes);
    mail.sender = bare_address(header.value("From").value_or(""));
    mail.subject = header.value("Subject").value_or("");
}

void deliver_to_all(Mail& mail) {
    std::set<std::string> seen;
    for (const auto& recipient : mail.to)
        if (seen.insert(small_letters(recipient)).second) mail.deliveries.push_back({recipient, mail.id, ""});
}

}  // namespace mailrota::fakes

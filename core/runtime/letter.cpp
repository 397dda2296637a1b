#include "core/runtime/letter.h"

#include "core/mail/header_edit.h"
#include "core/mail/keys.h"

namespace mailrota::runtime {

namespace {

using Way = Waybill::Way;

// A mail that only gains copies has no trace in its plan; its copies carry one, or two rules that copy to
// each other's recipients would never end.
mail::Trace trace_of(const Order& order, const mail::TraceSecret& secret) {
    if (order.plan.trace) return *order.plan.trace;
    mail::Trace trace = mail::read_trace(order.mail.message, secret);
    trace.rotas.insert(trace.rotas.end(), order.plan.marks.begin(), order.plan.marks.end());
    ++trace.hops;
    return trace;
}

}  // namespace

std::string Letter::header(Way way) const {
    const mail::Message& message = order_.mail.message;
    if (way != Way::reinject) return mail::edited_header(message, order_.plan.headers);
    const mail::Trace trace = trace_of(order_, secret_);
    return mail::edited_header(message, order_.plan.headers,
                               mail::sign_trace(trace, mail::trace_identity(message), secret_));
}

Letter::Copy& Letter::copy(Way way) { return way == Way::reinject ? reinject_ : next_hop_; }

const std::vector<std::string_view>& Letter::content(Way way) {
    Copy& made = copy(way);
    if (!made.pieces.empty()) return made.pieces;
    if (way != Way::reinject && order_.plan.headers.empty()) {
        made.pieces = {order_.mail.message.bytes()};
        return made.pieces;
    }
    made.header = header(way);
    made.pieces = {made.header, order_.mail.message.body()};
    return made.pieces;
}

std::string_view Letter::whole(Way way) {
    const auto& pieces = content(way);
    if (pieces.size() == 1) return pieces.front();
    Copy& made = copy(way);
    if (!made.whole) {
        made.whole.emplace();
        for (const std::string_view piece : pieces) made.whole->append(piece);
    }
    return *made.whole;
}

mail::Message Letter::message() {
    if (order_.plan.headers.empty()) return order_.mail.message;
    return mail::Message::from_bytes(std::string(whole(Way::relay)));
}

}  // namespace mailrota::runtime

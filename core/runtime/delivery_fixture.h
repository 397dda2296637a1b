#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "core/mail/offer.h"
#include "core/runtime/delivery.h"
#include "core/runtime/intake_fixture.h"

// What the tests of deliveries stand on: mails with a plan. Only for tests.
namespace mailrota::runtime::fixture {

using Fate = policy::RecipientPlan::Fate;

inline policy::RecipientPlan plan_of(Fate fate, std::vector<std::string> to = {}) {
    policy::RecipientPlan plan;
    plan.fate = fate;
    plan.to = std::move(to);
    return plan;
}
inline policy::RecipientPlan keep() { return plan_of(Fate::keep); }
inline policy::RecipientPlan drop() { return plan_of(Fate::drop); }
inline policy::RecipientPlan redirect(std::vector<std::string> to) {
    return plan_of(Fate::redirect, std::move(to));
}
inline policy::RecipientPlan refuse() {
    policy::RecipientPlan plan = plan_of(Fate::refuse);
    plan.reply = policy::Reply{550, "5.7.1", "no"};
    return plan;
}
inline policy::RecipientPlan wait() {
    policy::RecipientPlan plan = plan_of(Fate::defer);
    plan.reply = policy::Reply{451, "4.3.0", "nobody there"};
    return plan;
}
inline policy::RecipientPlan spool(std::string box) {
    policy::RecipientPlan plan = plan_of(Fate::spool);
    plan.box = std::move(box);
    return plan;
}

// One recipient of an order: the address that was received and what is to be done with it.
struct Wanted {
    std::string address;
    policy::RecipientPlan plan;
    std::vector<std::string> parameters = {};
};

inline constexpr const char* some_mail =
    "Received: by mx.example.com id 4XyZ\r\nMessage-ID: <1@example.net>\r\nFrom: customer@example.net\r\n"
    "Subject: An order\r\n\r\nTwo boxes, please.\r\n";

inline Order order_of(const std::vector<Wanted>& wanted, const std::string& bytes = some_mail) {
    Order order;
    order.mail.message = mail::Message::from_bytes(bytes);
    order.mail.queue_id = "4XyZ";
    order.mail.envelope.sender = mail::Address::from_envelope("<customer@example.net>");
    order.mail.arrived = start;
    for (const Wanted& one : wanted) {
        order.mail.envelope.recipients.push_back(
            {mail::Address::from_envelope("<" + one.address + ">"), one.parameters});
        order.plan.recipients.push_back(one.plan);
        if (one.plan.fate == Fate::redirect) order.plan.trace = mail::Trace{{"orders"}, 1};
    }
    order.mail_id = mail::mail_id(order.mail.envelope.sender, bytes);
    order.listener.name = "mailbox";
    order.listener.next_hop = config::Endpoint{config::Endpoint::Protocol::lmtp, "", 0, "/run/lmtp"};
    order.listener.reinject = config::Endpoint{config::Endpoint::Protocol::smtp, "127.0.0.1", 10026, ""};
    config::BoxSettings box;
    box.name = "web";
    order.boxes = {box};
    return order;
}

}  // namespace mailrota::runtime::fixture

#include <exception>
#include <iostream>
#include <string>

#include "demo/mailboxes.h"
#include "demo/oncall.h"
#include "demo/outbound.h"
#include "demo/remote.h"
#include "demo/stage.h"
#include "demo/story.h"

namespace {

using mailrota::demo::Mailboxes;
using mailrota::demo::OnCall;
using mailrota::demo::Outbound;
using mailrota::demo::Remote;
using mailrota::demo::Story;

void six_orders(Story& story) {
    const char* senders[] = {"dana@customer.test", "eli@shop.test", "fay@customer.test"};
    const char* goods[] = {"twelve chairs", "a desk", "forty lamps", "two shelves", "a sofa", "nine stools"};
    int number = 0;
    for (const char* good : goods) story.order(senders[number++ % 3], std::string("Order: ") + good);
}

void an_answer(Story& story) { story.reply_to(2, "eli@shop.test"); }

void somebody_away(Story& story) {
    story.run({"rota", "pause", "orders", "ann@example.com", "--for", "1h"});
    story.order("gil@customer.test", "Order: a carpet", "ann is away");
    story.run({"rota", "resume", "orders", "ann@example.com"});
}

// Each scene says whether what it promised came true.
bool turns() {
    std::cout << "\n1. Whose turn is it? A private Postfix with mailrota-milter beside it\n\n" << std::flush;
    Story story;
    std::cout << "Six orders to orders@example.com, whose rota is ann, ben, cho\n" << std::flush;
    six_orders(story);
    std::cout << "\nA reply in the thread of order 2\n" << std::flush;
    an_answer(story);
    std::cout << "\nAn order while a colleague is away\n" << std::flush;
    somebody_away(story);
    std::cout << "\nThe rota now\n";
    story.run({"rota", "show", "orders"});

    const auto messages = story.told();
    std::cout << "\nWhat happened, as the mailboxes have it\n" << mailrota::demo::table(messages);
    const bool proven = Story::each_once(messages);
    std::cout << '\n'
              << messages.size()
              << " messages sent; each arrived exactly once, at one colleague: " << (proven ? "yes" : "NO")
              << '\n';
    return proven;
}

bool behind_the_queue() {
    std::cout
        << "\n2. Behind the queue: Postfix hands mail to mailrota-lmtp, and that to the mailbox server\n\n"
        << std::flush;
    Mailboxes mailboxes;
    mailboxes.send("ann@example.com", "A question for Ann");
    mailboxes.send("orders@example.com", "Order: a carpet");
    mailboxes.send("orders@example.com", "Order: a bench");
    const auto mails = mailboxes.arrived();
    std::cout << "\nWhat the mailbox server has\n" << table(mails);
    const bool proven = Mailboxes::as_promised(mails);
    std::cout << "\nEach arrived once, where it should: " << (proven ? "yes" : "NO") << '\n';
    return proven;
}

bool from_another_host() {
    std::cout << "\n3. Mail that another host sends: SMTP, a box, mailrota-web, mailrota pull\n\n"
              << std::flush;
    Remote remote;
    remote.send();
    mailrota::demo::show_text("The header as the application sent it:",
                              mailrota::demo::header_of(remote.sent().text()));
    std::cout << "\nThe other host fetches it and gives it to its own Postfix\n" << std::flush;
    remote.pull();
    mailrota::demo::show_text("The header as it arrived:", mailrota::demo::header_of(remote.arrived()));
    const bool proven =
        Remote::hides_origin(remote.arrived()) && remote.arrived().ends_with(remote.sent().body);
    std::cout << "\nOne Received, the other host's; nothing in it names the origin: "
              << (proven ? "yes" : "NO") << "\n\nThe story of this mail, on the host that knows it\n";
    const auto& id = remote.sent().message_id;
    remote.run({"message", "show", id.substr(1, id.size() - 2)});
    return proven;
}

bool through_providers() {
    std::cout
        << "\n4. Outgoing mail through providers: Mailgun first, SendGrid while it fails (fakes of both)\n\n"
        << std::flush;
    Outbound outbound;
    outbound.send("eva@customer.test", "Invoice 1");
    std::cout << "Now Mailgun suspends the account\n" << std::flush;
    outbound.break_first();
    outbound.send("ida@customer.test", "Invoice 2");
    const auto lost = outbound.send("gone@customer.test", "Invoice 3");
    const auto carried = outbound.carried();
    std::cout << "\nWhat the providers have\n" << mailrota::demo::table(carried) << '\n' << std::flush;
    outbound.run({"provider", "status"});
    std::cout << "\nSendGrid took the last one, and tells later that it bounced\n" << std::flush;
    const auto told = outbound.bounce(lost);
    mailrota::demo::show_text("What the sender gets:",
                              told.substr(told.find("Reporting-MTA:")).substr(0, 400));
    outbound.run({"suppression", "list"});
    const bool survived = carried.size() == 3 && carried[0].provider == "mailgun" &&
                          carried[1].provider == "sendgrid" && carried[2].provider == "sendgrid";
    const bool heard = told.find("Final-Recipient: rfc822;gone@customer.test") != std::string::npos ||
                       told.find("Final-Recipient: rfc822; gone@customer.test") != std::string::npos;
    std::cout << "\nEach left once, the outage cost none of them, and the bounce came home: "
              << (survived && heard ? "yes" : "NO") << '\n';
    return survived && heard;
}

bool a_mail_that_rings() {
    std::cout
        << "\n5. A mail that rings somebody: an emergency, and three answers that quote it (a fake Twilio; "
           "time runs fast)\n\n"
        << std::flush;
    OnCall scene;
    const auto mails = scene.thread();
    std::cout << "What would follow if nobody reacted\n" << std::flush;
    scene.show_plan();
    std::cout << "\nThe mails, and the calls\n" << std::flush;
    scene.send(mails[0]);
    scene.send(mails[1]);
    scene.hear(1);
    scene.send(mails[2]);
    scene.hear(2);
    scene.send(mails[3]);
    std::cout << "\nWhat the key has stopped\n" << std::flush;
    scene.show_what_was_stopped();
    std::cout << "\nThe incident, as it is remembered\n" << std::flush;
    scene.run({"incident", "show", "1"});
    const bool proven = scene.as_promised();
    std::cout << "\nOne call that somebody answered, naming who raised it, for four mails: "
              << (proven ? "yes" : "NO") << '\n';
    return proven;
}

}  // namespace

int main() {
    mailrota::demo::hold_stop_signals();
    try {
        bool proven = turns();
        proven = behind_the_queue() && proven;
        proven = from_another_host() && proven;
        proven = through_providers() && proven;
        proven = a_mail_that_rings() && proven;
        return proven ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << "The demo failed: " << error.what() << '\n';
        return 1;
    }
}

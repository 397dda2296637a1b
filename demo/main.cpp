#include <exception>
#include <iostream>
#include <string>

#include "demo/mailboxes.h"
#include "demo/remote.h"
#include "demo/stage.h"
#include "demo/story.h"

namespace {

using mailrota::demo::Mailboxes;
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

}  // namespace

int main() {
    mailrota::demo::hold_stop_signals();
    try {
        bool proven = turns();
        proven = behind_the_queue() && proven;
        proven = from_another_host() && proven;
        return proven ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << "The demo failed: " << error.what() << '\n';
        return 1;
    }
}

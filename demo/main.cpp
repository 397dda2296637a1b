#include <exception>
#include <iostream>

#include "demo/story.h"

namespace {

using mailrota::demo::Story;

void nine_orders(Story& story) {
    const char* senders[] = {"dana@customer.test", "eli@shop.test", "fay@customer.test"};
    const char* goods[] = {"twelve chairs", "a desk",  "forty lamps", "two shelves", "a sofa",
                           "nine stools",   "a table", "six mirrors", "one bed"};
    int number = 0;
    for (const char* good : goods) story.order(senders[number++ % 3], std::string("Order: ") + good);
}

void an_answer(Story& story) { story.reply_to(2, "eli@shop.test"); }

void somebody_away(Story& story) {
    story.run({"rota", "pause", "orders", "ann@example.com", "--for", "1h"});
    story.order("gil@customer.test", "Order: a carpet", "ann is away");
    story.run({"rota", "resume", "orders", "ann@example.com"});
}

int tell() {
    std::cout << "Starting a private Postfix and mailrota-milter on loopback ports\n" << std::flush;
    Story story;
    std::cout << "\nNine orders to orders@example.com, whose rota is ann, ben, cho\n" << std::flush;
    nine_orders(story);
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
    return proven ? 0 : 1;
}

}  // namespace

int main() {
    mailrota::demo::hold_stop_signals();
    try {
        return tell();
    } catch (const std::exception& error) {
        std::cerr << "The demo failed: " << error.what() << '\n';
        return 1;
    }
}

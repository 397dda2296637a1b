#include <boost/json.hpp>
#include <ostream>

#include "core/policy/safe_text.h"
#include "ctl/amount_text.h"
#include "ctl/commands.h"
#include "ctl/message_story.h"
#include "ctl/message_text.h"
#include "ctl/state.h"

namespace mailrota::ctl {
namespace {

constexpr std::size_t most_shown = 20;

void print(const std::vector<MessageStory>& stories, Console& console) {
    if (console.json) {
        boost::json::array all;
        for (const MessageStory& story : stories) all.push_back(to_json(story, console.clock()));
        console.out << all << '\n';
        return;
    }
    for (std::size_t i = 0; i < stories.size(); ++i) {
        if (i > 0) console.out << "\n\n";
        print_text(stories[i], console);
    }
}

std::string not_found(const std::string& id, std::chrono::seconds keep) {
    return "no mail is known by " + policy::quoted(id) + "; mails are kept for " + span_text(keep) +
           " (store.keep). An id of ours needs its first 8 digits; a queue id is known behind a milter, and "
           "by "
           "LMTP and SMTP if the MTA tells it (Postfix: lmtp_send_xforward_command = yes). Of a mail that no "
           "rota, delivery or box had to do with, the log tells";
}

}  // namespace

Exit message_show(const std::string& config_file, const std::string& id, Console& console) {
    const auto view = open_view(config_file, console);
    if (!view) return view.error();
    const auto found = ask(*view->opened.store, [&](store::Transaction& transaction) {
        return find_messages(transaction, id, most_shown);
    });
    if (!found) return fail(console, found.error());
    if (found->stories.empty())
        return fail(console, Exit::no, not_found(id, view->loaded.config->store.keep));
    print(found->stories, console);
    if (found->more) console.err << "mailrota: these are the newest " << most_shown << "; there are more\n";
    return Exit::fine;
}

}  // namespace mailrota::ctl

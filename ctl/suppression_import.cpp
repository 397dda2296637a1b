#include <fmt/format.h>

#include <boost/json.hpp>
#include <fstream>
#include <ostream>

#include "core/mail/address.h"
#include "core/mail/text_encoding.h"
#include "core/policy/safe_text.h"
#include "ctl/address_file.h"
#include "ctl/relay_commands.h"
#include "ctl/state.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using policy::without_controls;

constexpr std::size_t batch_size = 500;      // addresses of one transaction
constexpr std::size_t most_told = 100;       // lines that are no address, each by itself
constexpr std::size_t told_every = 50'000;   // addresses
constexpr std::size_t longest_detail = 500;  // bytes

struct Imported {
    std::size_t fresh = 0;
    std::size_t known = 0;
    std::size_t invalid = 0;
    json::array told;  // the first of the invalid
};

// Reads a file into the list, a transaction for each batch: what was read before a fault stays.
class Import {
  public:
    Import(const SuppressionRequest& request, store::Store& store, Console& console)
        : request_(request), store_(store), console_(console), now_(console.clock()) {}

    Result<Imported> run(AddressFile& file) {
        while (const auto listed = file.next()) {
            take(*listed);
            if (batch_.size() < batch_size) continue;
            if (auto written = write(); !written) return tl::unexpected(written.error());
            tell_progress(file.lines());
        }
        if (auto written = write(); !written) return tl::unexpected(written.error());
        return std::move(imported_);
    }

  private:
    void take(const ListedAddress& listed) {
        auto address = mail::parse_address(listed.address);
        if (!address) {
            const std::string why = listed.address.empty() ? "there is no address" : address.error().text;
            return refuse(listed, why);
        }
        std::string detail = without_controls(request_.note.empty() ? listed.detail : request_.note);
        mail::cut_utf8(detail, longest_detail);
        batch_.push_back({address->text(), request_.reason, "", std::move(detail), now_});
    }

    void refuse(const ListedAddress& listed, const std::string& why) {
        ++imported_.invalid;
        if (imported_.told.size() >= most_told) return;
        imported_.told.push_back({{"line", listed.line}, {"text", without_controls(why)}});
        if (!console_.json)
            console_.err << fmt::format("mailrota: {}:{}: {}\n", request_.file, listed.line,
                                        without_controls(why));
    }

    Result<void> write() {
        std::size_t fresh = 0;
        auto written = store_.write({}, [&](store::Transaction& transaction) -> Result<void> {
            fresh = 0;
            for (const store::Suppression& entry : batch_) {
                const auto added = transaction.suppress(entry);
                if (!added) return tl::unexpected(added.error());
                fresh += *added ? 1 : 0;
            }
            return {};
        });
        if (!written) return written;
        imported_.fresh += fresh;
        imported_.known += batch_.size() - fresh;
        batch_.clear();
        return {};
    }

    void tell_progress(std::size_t lines) {
        const std::size_t taken = imported_.fresh + imported_.known;
        if (!console_.json && taken / told_every > told_ / told_every)
            console_.err << fmt::format("mailrota: {} lines so far, {} addresses new\n", lines,
                                        imported_.fresh);
        told_ = taken;
    }

    const SuppressionRequest& request_;
    store::Store& store_;
    Console& console_;
    const store::Time now_;
    Imported imported_;
    std::vector<store::Suppression> batch_;
    std::size_t told_ = 0;
};

Exit print(const Imported& imported, Console& console) {
    if (console.json) {
        console.out << json::object{{"new", imported.fresh},
                                    {"known", imported.known},
                                    {"invalid", imported.invalid},
                                    {"lines", imported.told}}
                    << '\n';
    } else {
        if (imported.invalid > most_told)
            console.err << "mailrota: and " << imported.invalid - most_told << " more\n";
        console.out << fmt::format("{} new, {} on the list already, {} invalid\n", imported.fresh,
                                   imported.known, imported.invalid);
    }
    return imported.invalid == 0 ? Exit::fine : Exit::no;
}

Exit import_from(std::istream& in, const SuppressionRequest& request, Console& console) {
    const auto loaded = load_configuration(request.config_file, console);
    if (!loaded) return Exit::no;
    const auto store = open_for_change(*loaded->config);
    if (!store) return fail(console, store.error());
    AddressFile file(in);
    if (file.without_column())
        return fail(console, Exit::no,
                    request.file +
                        ":1: no column is named \"email\", \"address\" or \"recipient\"; name it so "
                        "in the first line, or write one address a line");
    const auto imported = Import(request, **store, console).run(file);
    if (!imported) return fail(console, imported.error());
    return print(*imported, console);
}

}  // namespace

Exit suppression_import(const SuppressionRequest& request, Console& console) {
    if (request.file == "-") return import_from(console.in, request, console);
    std::ifstream in(request.file, std::ios::binary);
    if (!in) return fail(console, Exit::no, request.file + ": cannot be read");
    return import_from(in, request, console);
}

}  // namespace mailrota::ctl

#include "milter/libmilter_engine.h"

#include <libmilter/mfapi.h>

#include <cerrno>
#include <exception>
#include <memory>
#include <system_error>
#include <utility>

#include "core/runtime/listening_socket.h"
#include "milter/libmilter_connection.h"
#include "milter/libmilter_ending.h"
#include "milter/libmilter_options.h"
#include "milter/listening_socket.h"

namespace mailrota::milter {

namespace {

constexpr int seconds_of_silence = 7210;  // a session without a word from the MTA is dropped
constexpr int backlog = 1024;

// libmilter hands its callbacks nothing that would lead here.
LibmilterEngine* engine = nullptr;

void log_exception(runtime::Log& log, const char* what) noexcept {
    try {
        log.error(runtime::LogLine("exception").with("reason", what).with("outcome", "deferred"));
    } catch (...) {  // there is no memory even to say so
    }
}

}  // namespace

// The callbacks proper. Each is noexcept and defers on whatever goes wrong.
struct LibmilterCallbacks {
    // Runs `work` on the session; after a failure in it the mail that it belonged to is not accepted: the
    // session has forgotten it, so that its end comes out of order.
    template <class Work>
    static sfsistat guarded(SMFICTX* context, Work work) noexcept {
        auto* connection = connection_of(context);
        if (connection == nullptr) return SMFIS_TEMPFAIL;
        try {
            return work(*connection);
        } catch (const std::exception& failure) {
            log_exception(engine->services_.log, failure.what());
        } catch (...) {
            log_exception(engine->services_.log, "unknown");
        }
        try {
            connection->session.abort();
        } catch (...) {
            smfi_setpriv(context, nullptr);  // nothing of this session can be trusted any more
        }
        return SMFIS_TEMPFAIL;
    }

    template <class Work>
    static sfsistat step(SMFICTX* context, Step which, Work work) noexcept {
        const auto status = guarded(context, [&](Connection& connection) {
            return status_of(context, connection, work(connection.session));
        });
        const auto* connection = connection_of(context);
        return connection != nullptr && connection->unanswered.has(which) ? SMFIS_NOREPLY : status;
    }

    static void list_macros(SMFICTX* context, const Wanted& wanted) {
        for (const auto& [stage, names] : wanted.macros) {
            if (smfi_setsymlist(context, libmilter_stage(stage), const_cast<char*>(names.c_str())) ==
                MI_SUCCESS)
                continue;
            engine->services_.log.warning(
                runtime::LogLine("negotiation").with("reason", "macro list not taken"));
        }
    }

    static LibmilterOptions open_session(SMFICTX* context, unsigned long actions, unsigned long protocol) {
        auto connection = std::make_unique<Connection>(engine->services_, engine->sessions_);
        const auto offer = offer_from(actions, protocol);
        const auto wanted = connection->session.negotiate(offer);
        connection->unanswered = wanted.unanswered;
        connection->can_skip = offer.can_skip_body;
        const auto options = options_for(wanted, offer);
        list_macros(context, wanted);
        const std::unique_ptr<Connection> before(connection_of(context));
        if (smfi_setpriv(context, connection.get()) == MI_SUCCESS) static_cast<void>(connection.release());
        return options;
    }

    // A session that could not be opened has no private pointer, so that each of its mails is deferred.
    static sfsistat negotiate(SMFICTX* context, unsigned long actions, unsigned long protocol, unsigned long,
                              unsigned long, unsigned long* wanted_actions, unsigned long* wanted_protocol,
                              unsigned long* reserved, unsigned long* reserved_too) noexcept {
        LibmilterOptions options;
        try {
            options = open_session(context, actions, protocol);
        } catch (const std::exception& failure) {
            log_exception(engine->services_.log, failure.what());
        }
        *wanted_actions = options.actions;
        *wanted_protocol = options.protocol;
        *reserved = *reserved_too = 0;
        return SMFIS_CONTINUE;
    }

    static sfsistat connect(SMFICTX* context, char* name, sockaddr* address) noexcept {
        return step(context, Step::connect, [&](Session& session) {
            return session.connect(view(name), client_address(address), LibmilterMacros(context));
        });
    }
    static sfsistat helo(SMFICTX* context, char* name) noexcept {
        return step(context, Step::helo, [&](Session& session) { return session.helo(view(name)); });
    }
    static sfsistat mail(SMFICTX* context, char** arguments) noexcept {
        return step(context, Step::mail, [&](Session& session) {
            return session.mail(strings(arguments), LibmilterMacros(context));
        });
    }
    static sfsistat rcpt(SMFICTX* context, char** arguments) noexcept {
        return step(context, Step::rcpt, [&](Session& session) {
            return session.rcpt(strings(arguments), LibmilterMacros(context));
        });
    }
    static sfsistat data(SMFICTX* context) noexcept {
        return step(context, Step::data, [](Session&) { return StepAnswer(Continue{}); });
    }
    static sfsistat header(SMFICTX* context, char* name, char* value) noexcept {
        return step(context, Step::header,
                    [&](Session& session) { return session.header(view(name), view(value)); });
    }
    static sfsistat end_of_header(SMFICTX* context) noexcept {
        return step(context, Step::end_of_header, [](Session&) { return StepAnswer(Continue{}); });
    }
    static sfsistat body(SMFICTX* context, unsigned char* chunk, size_t size) noexcept {
        return step(context, Step::body, [&](Session& session) {
            return session.body({reinterpret_cast<const char*>(chunk), size});
        });
    }
    static sfsistat unknown(SMFICTX* context, const char*) noexcept {
        return step(context, Step::unknown, [](Session&) { return StepAnswer(Continue{}); });
    }

    static sfsistat end_of_message(SMFICTX* context) noexcept {
        return guarded(context, [context](Connection& connection) {
            auto ticket = engine->mails_.enter([context] { smfi_progress(context); });
            const auto ending = connection.session.end_of_message(LibmilterMacros(context));
            ticket.end_progress();
            return carry_out(context, connection.session, ending);
        });
    }

    static sfsistat carry_out(SMFICTX* context, Session& session, const Ending& ending) {
        if (ending.verdict == Ending::Verdict::discard) return SMFIS_DISCARD;
        if (ending.verdict == Ending::Verdict::reply) return answer_with(context, *ending.reply);
        const auto failed = send_edits(context, ending.edits);
        if (failed.empty()) return SMFIS_CONTINUE;
        session.edits_failed(failed);
        return answer_with(context, {451, "4.3.0", "mailrota: a change of the message could not be made"});
    }

    static sfsistat abort(SMFICTX* context) noexcept {
        if (connection_of(context) == nullptr) return SMFIS_CONTINUE;
        return guarded(context, [](Connection& connection) {
            connection.session.abort();
            return SMFIS_CONTINUE;
        });
    }
    // Comes without anything before it after a port probe.
    static sfsistat close(SMFICTX* context) noexcept {
        const std::unique_ptr<Connection> connection(connection_of(context));
        smfi_setpriv(context, nullptr);
        return SMFIS_CONTINUE;
    }
};

namespace {

smfiDesc description() {
    static char program[] = "mailrota-milter";
    smfiDesc filter{};
    filter.xxfi_name = program;
    filter.xxfi_version = SMFI_VERSION;
    filter.xxfi_flags = SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_ADDRCPT | SMFIF_ADDRCPT_PAR | SMFIF_DELRCPT |
                        SMFIF_QUARANTINE | SMFIF_SETSYMLIST;
    filter.xxfi_connect = LibmilterCallbacks::connect;
    filter.xxfi_helo = LibmilterCallbacks::helo;
    filter.xxfi_envfrom = LibmilterCallbacks::mail;
    filter.xxfi_envrcpt = LibmilterCallbacks::rcpt;
    filter.xxfi_header = LibmilterCallbacks::header;
    filter.xxfi_eoh = LibmilterCallbacks::end_of_header;
    filter.xxfi_body = LibmilterCallbacks::body;
    filter.xxfi_eom = LibmilterCallbacks::end_of_message;
    filter.xxfi_abort = LibmilterCallbacks::abort;
    filter.xxfi_close = LibmilterCallbacks::close;
    filter.xxfi_unknown = LibmilterCallbacks::unknown;
    filter.xxfi_data = LibmilterCallbacks::data;
    filter.xxfi_negotiate = LibmilterCallbacks::negotiate;
    return filter;
}

}  // namespace

LibmilterEngine::LibmilterEngine(Services services, MailsInProgress& mails)
    : services_(std::move(services)), mails_(mails) {
    engine = this;
}

LibmilterEngine::~LibmilterEngine() { engine = nullptr; }

Result<void> LibmilterEngine::open(const config::ListenerSettings& listener) {
    if (auto prepared = prepare_socket(listener); !prepared) return prepared;
    const runtime::NarrowUmask narrow(listener.socket_mode);
    auto socket = listener.socket;
    if (smfi_register(description()) != MI_SUCCESS) return unavailable("libmilter does not register us");
    if (smfi_setconn(socket.data()) != MI_SUCCESS)
        return invalid("libmilter does not take the socket " + socket);
    smfi_settimeout(seconds_of_silence);
    smfi_setbacklog(backlog);
    errno = 0;
    if (smfi_opensocket(true) != MI_SUCCESS) {
        const auto why = errno != 0 ? std::generic_category().message(errno) : "see the system's mail log";
        return unavailable("cannot listen on " + socket + ": " + why);
    }
    return adjust_socket(listener);
}

bool LibmilterEngine::run() { return smfi_main() == MI_SUCCESS; }

}  // namespace mailrota::milter

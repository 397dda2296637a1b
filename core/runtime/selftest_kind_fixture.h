#pragma once

#include "core/runtime/selftest_case_fixture.h"
#include "core/runtime/selftest_kind.h"
#include "tests/rig/smtp_sink.h"

// Attempts at the job of a self-test. Only for tests.
namespace mailrota::runtime::fixture {

class SelftestKindTest : public SelftestCase {
  protected:
    ~SelftestKindTest() override { await(connections.close()); }

    void submit_to(int port) {
        terms.worker.submit = {
            config::Endpoint::Protocol::smtp, "127.0.0.1", static_cast<std::uint16_t>(port), {}};
    }
    // One attempt, by a worker whose configuration has the self-test or not; what is left of the run is the
    // payload of the next.
    Attempted attempt(bool in_effect = true) {
        configured.clear();
        if (in_effect) configured.push_back(weekly);
        const JobKind kind = selftest_kind_on(services());
        std::optional<Attempted> attempted;
        boost::asio::co_spawn(context, kind(job, "", false),
                              [&attempted](const std::exception_ptr& fault, Attempted one) {
                                  EXPECT_FALSE(fault);
                                  attempted = std::move(one);
                              });
        context.restart();
        while (!attempted) context.run_one();
        if (const auto* rest = std::get_if<Postponed>(&*attempted)) {
            EXPECT_TRUE(rest->exactly);
            job.payload = rest->payload;
            last_wait = rest->wait;
            words = rest->last;
        }
        return *std::move(attempted);
    }
    void begin_job() {
        begin();
        job = jobs_of(selftest_kind).at(0);
    }
    SelftestRun left() { return read_selftest_run(job.payload).value(); }

    rig::SmtpSink sink{{.socket = rig::SmtpSinkOptions::Socket::inet}};
    store::Job job;
    std::chrono::seconds last_wait{};
    std::string words;
};

}  // namespace mailrota::runtime::fixture

#include "core/providers/status_page.h"

#include <gtest/gtest.h>

namespace mailrota::providers {
namespace {

using Indicator = StatusPage::Indicator;

StatusPage page(std::string body, int status = 200) {
    return read_status_page({status, {{"Content-Type", "application/json"}}, std::move(body)});
}

std::string with_status(const std::string& indicator, const std::string& more = "") {
    return R"({"page":{"id":"x"},"status":{"indicator":")" + indicator +
           R"(","description":"Partial System Outage"})" + more + "}";
}

std::string incident(const std::string& impact, const std::string& status = "investigating") {
    return R"({"name":"Delays of )" + impact + R"(","impact":")" + impact + R"(","status":")" + status +
           "\"}";
}

TEST(StatusPage, TellsItsIndicator) {
    const std::pair<const char*, Indicator> known[] = {
        {"none", Indicator::none},   {"minor", Indicator::minor},       {"maintenance", Indicator::minor},
        {"major", Indicator::major}, {"critical", Indicator::critical},
    };
    for (const auto& [word, indicator] : known) {
        const StatusPage told = page(with_status(word));
        EXPECT_EQ(told.indicator, indicator) << word;
        EXPECT_EQ(told.is_outage(), indicator >= Indicator::major) << word;
        EXPECT_EQ(told.words, "Partial System Outage") << word;
    }
}

TEST(StatusPage, NamesTheGravestIncidentOfATrouble) {
    const std::string incidents = R"(,"incidents":[)" + incident("minor") + "," + incident("major") + "]";
    EXPECT_EQ(page(with_status("major", incidents)).words, "Partial System Outage: Delays of major");
    EXPECT_EQ(page(with_status("none", incidents)).words, "Partial System Outage");
}

TEST(StatusPage, WithoutAnIndicatorIsJudgedByItsIncidents) {
    EXPECT_EQ(page(R"({"incidents":[]})").indicator, Indicator::none);
    EXPECT_EQ(page(R"({"incidents":[)" + incident("minor") + "," + incident("critical") + "]}").indicator,
              Indicator::critical);
    EXPECT_EQ(page(R"({"incidents":[)" + incident("critical", "resolved") + "]}").indicator, Indicator::none);
    EXPECT_EQ(page(R"({"incidents":[)" + incident("none") + "]}").indicator, Indicator::none);
    EXPECT_EQ(page(R"({"incidents":[{"name":"?"}]})").indicator, Indicator::minor);
    EXPECT_EQ(page(R"({"incidents":[1,null,[]]})").indicator, Indicator::none);
}

TEST(StatusPage, WhatIsNoSuchPageSaysNothing) {
    const std::string nothing[] = {
        "",
        "<html><body>All Systems Operational</body></html>",
        "null",
        "[]",
        "{}",
        R"({"status":"ok"})",
        R"({"status":{"indicator":"splendid"}})",
        R"({"status":{"indicator":3}})",
        R"({"incidents":"none"})",
        R"({"status":{"indicator":"major")",
        std::string(100'000, '['),
        std::string(5'000'000, ' ') + with_status("major"),
        std::string("\0\xff\xfe{", 4),
    };
    for (const std::string& body : nothing) {
        const StatusPage told = page(body);
        EXPECT_EQ(told.indicator, Indicator::unknown) << body.substr(0, 60);
        EXPECT_FALSE(told.is_outage());
        EXPECT_FALSE(told.words.empty());
    }
    for (const int status : {0, 204, 301, 404, 429, 500, 503})
        EXPECT_EQ(page(with_status("critical"), status).indicator, Indicator::unknown) << status;
}

TEST(StatusPage, WordsAreOneShortLine) {
    const std::string body =
        R"({"status":{"indicator":"major","description":"a\r\nb\u0007 )" + std::string(5000, 'x') + "\"}}";
    const StatusPage told = page(body);
    EXPECT_EQ(told.words.substr(0, 3), "a b");
    EXPECT_LE(told.words.size(), 400u);
    EXPECT_EQ(told.words.find_first_of("\r\n\a"), std::string::npos);
}

}  // namespace
}  // namespace mailrota::providers

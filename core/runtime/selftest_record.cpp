#include "core/runtime/selftest_record.h"

#include <boost/json.hpp>

namespace mailrota::runtime {
namespace {

namespace json = boost::json;
using store::Time;

// Boost.JSON's own checked access throws; what it throws stops in parsed().
std::string text_of(const json::object& object, std::string_view key) {
    return std::string(object.at(key).as_string());
}

std::int64_t seconds_of(Time time) { return time.time_since_epoch().count(); }

Time time_of(const json::value& value) { return Time(std::chrono::seconds(value.as_int64())); }

json::value to_value(const std::optional<Time>& time) {
    return time ? json::value(seconds_of(*time)) : json::value();
}

std::optional<Time> optional_time(const json::value& value) {
    return value.is_null() ? std::nullopt : std::optional(time_of(value));
}

json::object to_object(const SelftestRun& run) {
    return {{"selftest", run.selftest},     {"token", run.token},
            {"alert", run.alert},           {"begun", seconds_of(run.begun)},
            {"within", run.within.count()}, {"by", run.by},
            {"submitted", run.submitted},   {"trouble", run.trouble},
            {"refused", run.refused},       {"over", run.over}};
}

SelftestRun run_of(const json::object& object) {
    return {text_of(object, "selftest"),
            text_of(object, "token"),
            text_of(object, "alert"),
            time_of(object.at("begun")),
            std::chrono::seconds(object.at("within").as_int64()),
            text_of(object, "by"),
            text_of(object, "submitted"),
            text_of(object, "trouble"),
            object.at("refused").as_bool(),
            object.at("over").as_bool()};
}

json::object to_object(const SelftestRecord::Ended& ended) {
    return {{"token", ended.token},
            {"begun", seconds_of(ended.begun)},
            {"ended", seconds_of(ended.ended)},
            {"passed", ended.passed},
            {"words", ended.words},
            {"incident", ended.incident}};
}

SelftestRecord::Ended ended_of(const json::object& object) {
    return {text_of(object, "token"),      time_of(object.at("begun")), time_of(object.at("ended")),
            object.at("passed").as_bool(), text_of(object, "words"),    object.at("incident").as_int64()};
}

SelftestRecord record_of(const json::object& object) {
    SelftestRecord record;
    record.known = time_of(object.at("known"));
    record.scheduled = optional_time(object.at("scheduled"));
    record.passed = optional_time(object.at("passed"));
    if (const auto* run = object.at("run").if_object()) record.run = run_of(*run);
    if (const auto* last = object.at("last").if_object()) record.last = ended_of(*last);
    if (const auto* left = object.if_contains("left")) record.left = optional_time(*left);
    return record;
}

std::vector<std::string> names_of(const json::object& object) {
    std::vector<std::string> names;
    for (const json::value& name : object.at("names").as_array()) names.emplace_back(name.as_string());
    return names;
}

template <class Read>
auto parsed(std::string_view text, const char* what, Read read)
    -> Result<std::invoke_result_t<Read, const json::object&>> {
    json::parse_options options;
    options.allow_invalid_utf8 = true;
    try {
        return read(json::parse(text, {}, options).as_object());
    } catch (const std::exception& fault) {
        return invalid(std::string(what) + ": " + fault.what());
    }
}

constexpr std::string_view bytes_of_names = "selftests";

std::string bytes_name(std::string_view name) { return "selftest/" + std::string(name); }

}  // namespace

std::string to_json(const SelftestRun& run) { return json::serialize(to_object(run)); }

Result<SelftestRun> read_selftest_run(std::string_view text) {
    return parsed(text, "the payload is no self-test", run_of);
}

Result<std::optional<SelftestRecord>> selftest_record(store::Transaction& transaction,
                                                      std::string_view name) {
    const auto bytes = transaction.bytes(bytes_name(name));
    if (!bytes) return tl::unexpected(bytes.error());
    if (!*bytes) return std::optional<SelftestRecord>();
    auto record = parsed(**bytes, "what is remembered is no self-test", record_of);
    if (!record) return tl::unexpected(record.error());
    return std::optional(*std::move(record));
}

Result<void> put_selftest_record(store::Transaction& transaction, std::string_view name,
                                 const SelftestRecord& record) {
    const json::object object{{"known", seconds_of(record.known)},
                              {"scheduled", to_value(record.scheduled)},
                              {"passed", to_value(record.passed)},
                              {"run", record.run ? json::value(to_object(*record.run)) : json::value()},
                              {"last", record.last ? json::value(to_object(*record.last)) : json::value()},
                              {"left", to_value(record.left)}};
    return transaction.put_bytes(bytes_name(name), json::serialize(object));
}

Result<void> drop_selftest_record(store::Transaction& transaction, std::string_view name) {
    return transaction.drop_bytes(bytes_name(name));
}

Result<std::vector<std::string>> selftest_names(store::Transaction& transaction) {
    const auto bytes = transaction.bytes(bytes_of_names);
    if (!bytes) return tl::unexpected(bytes.error());
    if (!*bytes) return std::vector<std::string>();
    return parsed(**bytes, "what is remembered are no names of self-tests", names_of);
}

Result<void> put_selftest_names(store::Transaction& transaction, const std::vector<std::string>& names) {
    const json::object object{{"names", json::value_from(names)}};
    return transaction.put_bytes(bytes_of_names, json::serialize(object));
}

}  // namespace mailrota::runtime

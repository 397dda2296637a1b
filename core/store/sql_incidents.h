#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/store/sql_statements.h"

namespace mailrota::store {

// Incidents, calls and messages, and heartbeats in a transaction.
class SqlIncidents : public SqlStatements {
  public:
    Result<std::optional<policy::Incident>> live_incident(std::string_view alert, std::string_view key,
                                                          Time now) override;
    Result<std::optional<policy::Incident>> incident(std::int64_t number) override;
    Result<std::int64_t> open_incident(const policy::Incident& incident) override;
    Result<void> put_incident(const policy::Incident& incident) override;
    Result<std::vector<policy::Incident>> incidents(const IncidentFilter& filter, Time now,
                                                    std::size_t limit) override;

    Result<bool> note_trigger(std::string_view alert, std::string_view key, std::string_view mail,
                              Time at) override;
    Result<int> triggers_since(std::string_view alert, std::string_view key, Time since) override;
    Result<std::vector<std::string>> trigger_lines(std::int64_t incident) override;
    Result<void> remember_lines(std::int64_t incident, const std::vector<std::string>& lines) override;
    Result<void> add_line(const IncidentLine& line) override;
    Result<std::vector<IncidentLine>> lines_of(std::int64_t incident) override;

    Result<void> put_contact(const policy::Contact& contact) override;
    Result<std::optional<policy::Contact>> contact(std::string_view id) override;
    Result<std::vector<policy::Contact>> contacts_of(std::int64_t incident) override;
    Result<std::optional<policy::Contact>> last_sms_to(std::string_view number) override;
    Result<std::optional<policy::Contact>> contact_of_provider(std::string_view number,
                                                               std::string_view account,
                                                               std::string_view provider_id) override;
    Result<int> calls_under_way(std::string_view account, Time since) override;
    Result<bool> worse_waits(policy::ContactWay way, policy::Severity than, Time now) override;
    Result<int> contacts_to(std::string_view number, Time since) override;
    Result<std::optional<Milliseconds>> take_slot(std::string_view line, Milliseconds now,
                                                  std::chrono::milliseconds pace,
                                                  Milliseconds latest) override;
    Result<std::optional<std::string>> barred(std::string_view number) override;
    Result<void> bar(std::string_view number, std::string_view why, Time until) override;
    Result<bool> unbar(std::string_view number) override;

    Result<std::optional<Beat>> beat(std::string_view name) override;
    Result<void> put_beat(const Beat& beat) override;
    Result<std::vector<Beat>> beats() override;
    Result<void> forget_beat(std::string_view name) override;
    Result<bool> use_message(std::string_view account, std::string_view id, Time until) override;

    // Drop at most `limit`, those that ended first, with what belongs to them; return how many went.
    Result<std::size_t> purge_incidents(Time before, std::size_t limit);
    Result<std::size_t> purge_triggers(Time before, std::size_t limit);
    Result<std::size_t> purge_bars(Time now, std::size_t limit);

  protected:
    using SqlStatements::SqlStatements;

  private:
    // Takes the lock of all incidents, if this is a write and does not have it.
    Result<void> hold();
    // As ask(), write() and change() do, under that lock.
    Result<SqlRows> ask_held(std::string_view sql, std::span<const SqlParam> params);
    Result<SqlRows> ask_held(std::string_view sql, std::initializer_list<SqlParam> params) {
        return ask_held(sql, std::span<const SqlParam>(params.begin(), params.size()));
    }
    Result<std::size_t> change_held(std::string_view sql, std::span<const SqlParam> params);
    Result<std::size_t> change_held(std::string_view sql, std::initializer_list<SqlParam> params) {
        return change_held(sql, std::span<const SqlParam>(params.begin(), params.size()));
    }
    // Of incidents with these numbers.
    Result<void> drop_of_incidents(std::span<const SqlRow> incidents);

    bool held_ = false;
};

}  // namespace mailrota::store

// SPDX-License-Identifier: GPL-3.0-or-later
// Is the server well, and what is it doing.
#include "engine/api/api.h"

#include <fmt/format.h>

#include <iterator>

namespace penchant {

namespace {

/// An index's name inside a Prometheus label.
std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '\\' || c == '"') result += '\\';
        if (c == '\n') result += "\\n";
        else result += c;
    }
    return result;
}

template <class Value>
void write_by_index(std::string& out, std::string_view name, std::string_view help,
                    const std::vector<IndexDescription>& indices, Value&& value) {
    auto to = std::back_inserter(out);
    fmt::format_to(to, "# HELP {0} {1}\n# TYPE {0} gauge\n", name, help);
    for (const IndexDescription& index : indices) {
        fmt::format_to(to, "{}{{index=\"{}\"}} {}\n", name, escaped(index.name), value(index));
    }
}

Response metrics(Api& api) {
    Response response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    std::string& out = response.body;
    api.metrics.write(out);
    if (api.write_server_metrics) api.write_server_metrics(out);
    const std::vector<IndexDescription> indices = api.catalog.list();
    write_by_index(out, "penchant_index_records", "Records of an index.", indices,
                   [](const IndexDescription& index) { return index.entries; });
    write_by_index(out, "penchant_index_data_bytes", "JSON of an index's records.", indices,
                   [](const IndexDescription& index) { return index.data_bytes; });
    write_by_index(out, "penchant_index_file_bytes", "An index's files.", indices,
                   [](const IndexDescription& index) { return index.file_bytes; });
    write_by_index(out, "penchant_index_pending_tasks", "Writes accepted and not searchable yet.", indices,
                   [](const IndexDescription& index) { return index.pending_tasks; });
    write_by_index(out, "penchant_index_segments", "Posting segments of the current snapshot.", indices,
                   [&api](const IndexDescription& index) {
                       const auto snapshot = api.catalog.snapshot(index.name);
                       return snapshot ? snapshot->segments.size() : 0;
                   });
    write_by_index(out, "penchant_index_memory_bytes", "Memory of the current snapshot.", indices,
                   [&api](const IndexDescription& index) {
                       const auto snapshot = api.catalog.snapshot(index.name);
                       return snapshot ? snapshot->bytes() : 0;
                   });
    return response;
}

}  // namespace

void add_system_routes(Router& router, Api& api) {
    router.add({Method::get, "/health", {}, RouteFamily::open, [](const Call&) {
                    return json_response(boost::json::object{{"status", "ok"}});
                }});
    // Names of indices are nobody else's business, so this asks for the admin key.
    router.add({Method::get, "/metrics", {"admin"}, RouteFamily::search, [&api](const Call&) { return metrics(api); }});
}

}  // namespace penchant

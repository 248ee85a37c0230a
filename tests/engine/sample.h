// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small index in memory, without a data directory: records in, snapshots out.
#pragma once

#include "engine/json_body.h"
#include "engine/query.h"
#include "engine/selection.h"
#include "index/analysis.h"
#include "index/json_text.h"
#include "index/record.h"
#include "index/snapshot.h"
#include "tests/catch.h"

#include <boost/json/object.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penchant::testing {

inline boost::json::object object_of(std::string_view json) {
    auto value = parse_json_value(json);
    REQUIRE(value.has_value());
    REQUIRE(value.value().is_object());
    return value.value().get_object();
}

class Sample {
public:
    explicit Sample(std::string_view settings_json = "{}")
        : settings_(std::make_shared<const Settings>(Settings().merged(object_of(settings_json)).value())),
          builder_(settings_, [this](std::string_view path, std::string_view value) { return number(path, value); }) {}

    /// Adds a record and gives its document id.
    DocumentId add(std::string_view json) {
        const auto element = parse_json(json);
        REQUIRE(element.has_value());
        const AnalysedRecord record = analyse(element.value(), *settings_, attributes_);
        builder_.add(++last_, record);
        records_[last_] = std::string(json);
        return last_;
    }
    /// Changes a record; its words must stay as they are.
    void update_columns(DocumentId document, std::string_view json) {
        const auto element = parse_json(json);
        REQUIRE(element.has_value());
        builder_.update_columns(document, analyse(element.value(), *settings_, attributes_));
        records_[document] = std::string(json);
    }
    void remove(DocumentId document) { builder_.remove(document); }
    void publish() { snapshot_ = builder_.publish(attributes_); }

    [[nodiscard]] const Snapshot& snapshot() const { return *snapshot_; }
    [[nodiscard]] const Settings& settings() const { return *settings_; }
    [[nodiscard]] const std::string& record(Ordinal ordinal) const { return records_.at(snapshot_->document(ordinal)); }
    [[nodiscard]] std::string object_id(Ordinal ordinal) const {
        return std::string(std::string_view(object_of(record(ordinal)).at("objectID").get_string()));
    }
    FacetValueId number(std::string_view path, std::string_view value) {
        const auto [at, fresh] = ids_.emplace(std::pair(std::string(path), std::string(value)),
                                              static_cast<FacetValueId>(ids_.size() + 1));
        return at->second;
    }

    [[nodiscard]] Query query(std::string_view parameters) const {
        auto query = parse_query(object_of(parameters), *settings_);
        if (query.has_error()) FAIL(query.error().what);
        return query.value();
    }

    /// objectIDs of a page, joined by spaces.
    [[nodiscard]] std::string ids(std::string_view parameters, Boost* boost = nullptr) const {
        const Query parsed = query(parameters);
        auto selection = Selection::prepare(*snapshot_, parsed);
        if (selection.has_error()) FAIL(selection.error().what);
        std::string ids;
        for (const RankedHit& hit : selection.value().run("sample", boost, nullptr).hits)
            ids += (ids.empty() ? "" : " ") + object_id(hit.ordinal);
        return ids;
    }

private:
    std::shared_ptr<const Settings> settings_;
    std::map<std::pair<std::string, std::string>, FacetValueId> ids_;
    SnapshotBuilder builder_;
    AttributeTable attributes_;
    std::map<DocumentId, std::string> records_;
    std::shared_ptr<const Snapshot> snapshot_;
    DocumentId last_ = 0;
};

/// Scores by ordinal, as given.
class TableBoost : public Boost {
public:
    TableBoost(std::vector<float> scores, int impact) : scores_(std::move(scores)), impact_(impact) {}
    void score(std::span<const Ordinal> ordinals, std::span<float> scores) override {
        for (std::size_t i = 0; i < ordinals.size(); ++i) scores[i] = scores_[ordinals[i]];
    }
    [[nodiscard]] float upper_bound() const override { return *std::max_element(scores_.begin(), scores_.end()); }
    [[nodiscard]] int impact() const override { return impact_; }
    [[nodiscard]] boost::json::array explain(Ordinal ordinal) const override {
        return {boost::json::object{{"facet", "table"}, {"score", static_cast<double>(scores_[ordinal])}}};
    }

private:
    std::vector<float> scores_;
    int impact_;
};

}  // namespace penchant::testing

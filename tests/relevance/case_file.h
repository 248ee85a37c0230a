// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tests as data: one JSON file a rule of the contract, with a few records, queries, and what each must give. A file is loaded and
// asked through the server's own endpoints, so whatever a client can send a file can say. README.md beside this tells
// how a file is written.
#pragma once

#include "tests/engine/server_fixture.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace penchant::test {

/// One file. One thread; the server outlives it.
class CaseFile {
public:
    /// `name` is the index its records go to; `text` the file's JSON. What is wrong with the file itself is a difference, too.
    CaseFile(std::string name, std::string_view text);

    /// Settings, records, synonyms and rules. Wait for the server's tasks before check().
    void load(ServerFixture& server);

    /// Asks every case. Gives one sentence a difference, beginning with the file's name and the case's number.
    [[nodiscard]] std::vector<std::string> check(ServerFixture& server);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::size_t cases() const;

private:
    void load_index(ServerFixture& server, const std::string& index, const boost::json::object& content);
    void check_case(ServerFixture& server, const boost::json::object& one);
    void check_answer(const boost::json::object& one, const JsonAnswer& answer);
    void differ(std::string what);

    std::string name_;
    boost::json::object content_;
    std::string place_;  // of the case at work
    std::vector<std::string> differences_;
};

}  // namespace penchant::test

// SPDX-License-Identifier: GPL-3.0-or-later
//
// A visitor's affinities as a Xapian::PostingSource: for C++ programs that search with plain Xapian and keep facet values in
// value slots.
//
//     penchant::AffinityPostingSource liked;
//     liked.add(SLOT_BRAND, "Corvale", 20);
//     liked.add(SLOT_COLOR, "green", 9);
//     Xapian::Query query(Xapian::Query::OP_AND_MAYBE, words, Xapian::Query(&liked));
//
// A document's weight is the sum of the scores of the values it carries, times `scale`. Only documents that carry any are
// returned, so with OP_AND_MAYBE the source moves hits and adds none. The maximum weight it announces is never below
// a weight it gives, so Xapian may leave out what cannot reach the page.
//
// Needs nothing but Xapian. As with all of Xapian, a source belongs to one thread; errors are Xapian's exceptions.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <xapian.h>

namespace penchant {

class AffinityPostingSource : public Xapian::PostingSource {
public:
    /// `separator`, if not NUL, stands between the values of a slot that holds several ("green|blue").
    explicit AffinityPostingSource(double scale = 1.0, char separator = '\0');

    /// The visitor likes documents whose slot holds `value`. Scores of the same pair add up. Throws
    /// Xapian::InvalidArgumentError for a score that is not a positive number.
    void add(Xapian::valueno slot, const std::string& value, double score);

    // What Xapian asks of a source -------------------------------------------------------------------------------
    [[nodiscard]] Xapian::doccount get_termfreq_min() const override { return 0; }
    [[nodiscard]] Xapian::doccount get_termfreq_est() const override { return carriers_max_; }
    [[nodiscard]] Xapian::doccount get_termfreq_max() const override { return carriers_max_; }
    [[nodiscard]] double get_weight() const override { return weight_; }
    [[nodiscard]] Xapian::docid get_docid() const override { return document_; }
    void next(double weight_min) override;
    void skip_to(Xapian::docid document, double weight_min) override;
    [[nodiscard]] bool at_end() const override { return at_end_; }
    [[nodiscard]] AffinityPostingSource* clone() const override;
    [[nodiscard]] std::string name() const override { return "penchant::AffinityPostingSource"; }
    [[nodiscard]] std::string serialise() const override;
    [[nodiscard]] AffinityPostingSource* unserialise(const std::string& serialised) const override;
    void init(const Xapian::Database& database) override;
    [[nodiscard]] std::string get_description() const override;

private:
    using Scores = std::map<std::string, double>;
    struct Stream {
        Xapian::ValueIterator at;
        Xapian::ValueIterator end;
        const Scores* scores;
    };
    [[nodiscard]] double score_of(const Scores& scores, const std::string& value) const;
    /// Moves on from the streams' places to the first document of at least `weight_min`.
    void settle(double weight_min);

    double scale_;
    char separator_;
    std::map<Xapian::valueno, Scores> slots_;
    std::vector<Stream> streams_;
    Xapian::doccount carriers_max_ = 0;
    Xapian::docid document_ = 0;
    double weight_ = 0;
    double weight_max_ = 0;
    bool at_end_ = false;
};

}  // namespace penchant

// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/affinity_posting_source.h"

#include <algorithm>
#include <cmath>
#include <memory>

namespace penchant {

AffinityPostingSource::AffinityPostingSource(double scale, char separator) : scale_(scale), separator_(separator) {
    if (!(scale > 0) || !std::isfinite(scale)) throw Xapian::InvalidArgumentError("scale must be a positive number");
}

void AffinityPostingSource::add(Xapian::valueno slot, const std::string& value, double score) {
    if (!(score > 0) || !std::isfinite(score)) throw Xapian::InvalidArgumentError("score must be a positive number");
    slots_[slot][value] += score;
}

double AffinityPostingSource::score_of(const Scores& scores, const std::string& value) const {
    const auto find = [&](const std::string& one) {
        const auto at = scores.find(one);
        return at == scores.end() ? 0.0 : at->second;
    };
    if (separator_ == '\0' || value.find(separator_) == std::string::npos) return find(value);
    // A value that stands there twice counts once, or the maximum would not hold.
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= value.size();) {
        const std::size_t end = std::min(value.find(separator_, begin), value.size());
        parts.push_back(value.substr(begin, end - begin));
        begin = end + 1;
    }
    std::sort(parts.begin(), parts.end());
    parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
    double sum = 0;
    for (const std::string& part : parts) sum += find(part);
    return sum;
}

void AffinityPostingSource::init(const Xapian::Database& database) {
    streams_.clear();
    carriers_max_ = 0;
    document_ = 0;
    weight_ = 0;
    at_end_ = false;
    double bound = 0;
    for (const auto& [slot, scores] : slots_) {
        const Xapian::doccount carriers = database.get_value_freq(slot);
        if (carriers == 0) continue;
        streams_.push_back({database.valuestream_begin(slot), database.valuestream_end(slot), &scores});
        carriers_max_ = std::min(database.get_doccount(), carriers_max_ + carriers);
        // One value a slot: at best the best. Several: at best all.
        double best = 0;
        for (const auto& [value, score] : scores) best = separator_ == '\0' ? std::max(best, score) : best + score;
        bound += best;
    }
    // Sums in another order may differ in the last bits; the maximum must not be the smaller one.
    weight_max_ = bound * scale_ * (1 + 1e-9);
    set_maxweight(weight_max_);
}

void AffinityPostingSource::settle(double weight_min) {
    if (weight_min > weight_max_) {
        at_end_ = true;
        return;
    }
    for (;;) {
        Xapian::docid first = 0;
        for (const Stream& stream : streams_)
            if (stream.at != stream.end && (first == 0 || stream.at.get_docid() < first)) first = stream.at.get_docid();
        if (first == 0) {
            at_end_ = true;
            return;
        }
        double sum = 0;
        for (Stream& stream : streams_)
            if (stream.at != stream.end && stream.at.get_docid() == first) sum += score_of(*stream.scores, *stream.at);
        const double weight = sum * scale_;
        if (weight > 0 && weight >= weight_min) {
            document_ = first;
            weight_ = weight;
            return;
        }
        for (Stream& stream : streams_)
            if (stream.at != stream.end && stream.at.get_docid() == first) ++stream.at;
    }
}

void AffinityPostingSource::next(double weight_min) {
    if (document_ != 0)
        for (Stream& stream : streams_)
            if (stream.at != stream.end && stream.at.get_docid() == document_) ++stream.at;
    settle(weight_min);
}

void AffinityPostingSource::skip_to(Xapian::docid document, double weight_min) {
    if (document_ != 0 && document <= document_) return;
    for (Stream& stream : streams_)
        if (stream.at != stream.end && stream.at.get_docid() < document) stream.at.skip_to(document);
    settle(weight_min);
}

AffinityPostingSource* AffinityPostingSource::clone() const {
    auto* copy = new AffinityPostingSource(scale_, separator_);
    copy->slots_ = slots_;
    return copy;
}

std::string AffinityPostingSource::serialise() const {
    const auto append = [](std::string& out, const std::string& part) {
        out += std::to_string(part.size());
        out.push_back(':');
        out += part;
    };
    std::string out;
    append(out, Xapian::sortable_serialise(scale_));
    out.push_back(separator_);
    for (const auto& [slot, scores] : slots_) {
        for (const auto& [value, score] : scores) {
            append(out, std::to_string(slot));
            append(out, value);
            append(out, Xapian::sortable_serialise(score));
        }
    }
    return out;
}

AffinityPostingSource* AffinityPostingSource::unserialise(const std::string& serialised) const {
    std::size_t at = 0;
    const auto take = [&]() -> std::string {
        std::size_t size = 0;
        const std::size_t begin = at;
        while (at < serialised.size() && serialised[at] >= '0' && serialised[at] <= '9' && at - begin < 10)
            size = size * 10 + static_cast<std::size_t>(serialised[at++] - '0');
        if (at == begin || at >= serialised.size() || serialised[at] != ':' || size > serialised.size() - at - 1)
            throw Xapian::NetworkError("Bad serialised AffinityPostingSource");
        std::string part = serialised.substr(at + 1, size);
        at += size + 1;
        return part;
    };
    const double scale = Xapian::sortable_unserialise(take());
    if (at >= serialised.size()) throw Xapian::NetworkError("Bad serialised AffinityPostingSource");
    const char separator = serialised[at++];
    auto source = std::make_unique<AffinityPostingSource>(scale, separator);
    while (at < serialised.size()) {
        const std::string slot = take();
        if (slot.empty() || slot.size() > 9 || slot.find_first_not_of("0123456789") != std::string::npos)
            throw Xapian::NetworkError("Bad serialised AffinityPostingSource");
        const std::string value = take();
        source->add(static_cast<Xapian::valueno>(std::stoul(slot)), value, Xapian::sortable_unserialise(take()));
    }
    return source.release();
}

std::string AffinityPostingSource::get_description() const {
    std::size_t values = 0;
    for (const auto& [slot, scores] : slots_) values += scores.size();
    return "AffinityPostingSource(" + std::to_string(values) + " values in " + std::to_string(slots_.size()) + " slots)";
}

}  // namespace penchant

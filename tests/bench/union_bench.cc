// SPDX-License-Identifier: GPL-3.0-or-later
//
// What typos and unions of posting lists cost in one segment, without Xapian, ranking and HTTP. Processor time of the one
// thread that works, so that a busy machine disturbs little.
//
//     union_bench [records = 1000000]
#include "index/fuzzy.h"
#include "index/segment.h"
#include "tests/bench/generator.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <set>
#include <string>
#include <vector>

using namespace penchant;

namespace {

double now_us() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

/// Times of one kind of work, in microseconds.
class Times {
public:
    template <class Work>
    void take(Work&& work) {
        const double begin = now_us();
        count_ += work();
        times_.push_back(now_us() - begin);
    }
    void print(const std::string& what, const std::string& counted) {
        std::sort(times_.begin(), times_.end());
        double sum = 0;
        for (const double time : times_) sum += time;
        const auto size = static_cast<double>(times_.size());
        fmt::print("{}: mean {:.1f} us, p50 {:.1f}, p99 {:.1f}, most {:.1f}; {:.0f} {} each\n", what, sum / size,
                   times_[times_.size() / 2], times_[times_.size() * 99 / 100], times_.back(), static_cast<double>(count_) / size, counted);
    }

private:
    std::vector<double> times_;
    std::size_t count_ = 0;
};

std::shared_ptr<const Segment> segment_of(std::uint32_t records, std::vector<std::string>& titles) {
    bench::Generator generator(1);
    std::vector<std::string> words;
    for (std::uint32_t i = 0; i < bench::vocabulary_words; ++i) words.push_back(bench::word_text(i));
    SegmentBuilder builder(0);
    std::vector<AnalysedWord> record;
    for (Ordinal ordinal = 0; ordinal < records; ++ordinal) {
        const bench::Product product = generator.next();
        std::vector<std::pair<std::uint32_t, Place>> places;
        std::uint32_t position = 0;
        for (const std::uint32_t word : product.title) places.emplace_back(word, make_place(0, position++, false));
        position = 0;
        for (const std::uint32_t word : product.description) places.emplace_back(word, make_place(1, position++, false));
        std::sort(places.begin(), places.end());
        record.clear();
        for (const auto& [word, place] : places) {
            if (record.empty() || record.back().word != words[word]) record.push_back({words[word], {}});
            record.back().places.push_back(place);
        }
        builder.add(ordinal, record);
        if (ordinal % 997 == 0) titles.push_back(words[product.title[ordinal % product.title.size()]]);
    }
    return builder.finish(records);
}

/// A swap of two letters that are not the first, as people do it.
std::string misspelt(std::string word, std::size_t times) {
    for (std::size_t i = 0; i < times && word.size() > 2 + 2 * i; ++i) {
        const std::size_t at = 1 + (word.size() * 7 + i * 3) % (word.size() - 2);
        if (word[at] != word[at + 1]) std::swap(word[at], word[at + 1]);
        else word[at] = word[at] == 'e' ? 'a' : 'e';
    }
    return word;
}

}  // namespace

int main(int argc, char** argv) {
    const auto records = static_cast<std::uint32_t>(argc > 1 ? std::atoi(argv[1]) : 1'000'000);
    std::vector<std::string> titles;
    const double begin = now_us();
    const auto segment = segment_of(records, titles);
    fmt::print("{} records, {} words, {} postings, {:.0f} bytes a record, made in {:.1f} s\n", records, segment->words(),
               segment->postings(), static_cast<double>(segment->bytes()) / records, (now_us() - begin) / 1e6);

    for (const bool prefix : {false, true}) {
        for (std::uint8_t typos = 1; typos <= typo_distance_max; ++typos) {
            Times times;
            for (const std::string& title : titles) {
                if (title.size() < (prefix ? 4U : 5U)) continue;
                const std::string typed = misspelt(prefix ? title.substr(0, std::max<std::size_t>(4, title.size() - 2)) : title, 1);
                std::vector<SimilarWord> found;
                times.take([&] {
                    segment->find_similar(FuzzyPattern(typed, typos, prefix), found);
                    return found.size();
                });
            }
            times.print(fmt::format("find_similar, {} typos{}", int{typos}, prefix ? ", prefix" : ""), "found");
        }
    }

    std::set<std::string> prefixes[4];
    for (const std::string& title : titles) {
        for (std::size_t letters = 1; letters <= 4; ++letters) {
            if (prefixes[letters - 1].size() < 40) prefixes[letters - 1].insert(title.substr(0, letters));
        }
    }
    for (const auto& some : prefixes) {
        Times cold;
        Times warm;
        for (const std::string& one : some) cold.take([&] { return segment->prefix(one)->ordinals.size(); });
        for (const std::string& one : some) warm.take([&] { return segment->prefix(one)->ordinals.size(); });
        const std::size_t letters = some.begin()->size();
        cold.print(fmt::format("prefix of {} letters, cold", letters), "records");
        warm.print(fmt::format("prefix of {} letters, warm", letters), "records");
    }

    struct Kind {
        const char* what;
        std::size_t letters;  ///< 0: the whole word
        std::uint8_t typos;
    };
    for (const Kind& kind : {Kind{"prefix of 4 letters with 1 typo", 4, 1}, Kind{"word with 1 typo", 0, 1}, Kind{"word with 2 typos", 0, 2}}) {
        Times cold;
        Times warm;
        std::set<std::string> seen;
        for (std::size_t i = 0; i < titles.size() && seen.size() < 100; ++i) {
            if (titles[i].size() < 5) continue;
            const std::string typed = misspelt(kind.letters > 0 ? titles[i].substr(0, kind.letters) : titles[i], 1);
            if (!seen.insert(typed).second) continue;
            std::vector<SimilarWord> found;
            segment->find_similar(FuzzyPattern(typed, kind.typos, kind.letters > 0), found);
            std::vector<Alternative> alternatives{{{typed}, kind.letters > 0}};
            for (const SimilarWord& word : found) alternatives.push_back({{word.word}, word.prefix, word.typos, false});
            cold.take([&] { return segment->alternatives(alternatives)->ordinals.size(); });
            warm.take([&] { return segment->alternatives(alternatives)->ordinals.size(); });
        }
        cold.print(fmt::format("union of a {}, cold", kind.what), "records");
        warm.print(fmt::format("union of a {}, warm", kind.what), "records");
    }

    Times phrases;
    for (std::size_t i = 0; i + 1 < titles.size() && i < 200; i += 2) {
        const Alternative phrase{{titles[i], titles[i + 1]}};
        phrases.take([&] { return segment->alternatives(std::span(&phrase, 1))->ordinals.size(); });
    }
    phrases.print("phrase of two words", "records");
    return 0;
}

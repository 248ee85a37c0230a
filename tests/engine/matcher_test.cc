// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/matcher.h"

#include "tests/engine/sample.h"

#include <fmt/format.h>

#include <functional>

namespace penchant::testing {
namespace {

Sample titles(std::initializer_list<const char*> texts, std::string_view settings = R"({"searchableAttributes":["title"]})") {
    Sample sample(settings);
    int number = 0;
    for (const char* text : texts)
        sample.add(json_text(boost::json::object{{"objectID", std::to_string(++number)}, {"title", text}}));
    sample.publish();
    return sample;
}

TEST_CASE("all words must be there, the last one as far as it is typed") {
    const Sample sample = titles({"trail running shoe", "trail shoe", "running", "trainer", "Traïl Ruñner"});
    CHECK(sample.ids(R"({"query":"trail shoe"})") == "2 1");
    CHECK(sample.ids(R"({"query":"tra"})") == "1 2 4 5");
    CHECK(sample.ids(R"({"query":"tra shoe"})").empty());
    CHECK(sample.ids(R"({"query":"tra run","queryType":"prefixAll"})") == "1 5");
    CHECK(sample.ids(R"({"query":"trail run","queryType":"prefixNone"})").empty());
    CHECK(sample.ids(R"({"query":"TRAIL run"})") == "1 5");
    CHECK(sample.ids(R"({"query":"nothing"})").empty());
    CHECK(sample.ids(R"({"query":""})") == "1 2 3 4 5");
    CHECK(sample.ids(R"({"query":" !? "})") == "1 2 3 4 5");
}

TEST_CASE("proximity: nearer is better, and the order of words counts") {
    const Sample sample = titles({"shoe a b trail", "a trail b shoe", "shoe trail", "trail shoe"});
    CHECK(sample.ids(R"({"query":"trail shoe"})") == "4 3 2 1");
    const auto proximity = [&](Ordinal ordinal, const char* parameters) {
        const Query query = sample.query(parameters);
        return Selection::prepare(sample.snapshot(), query).value().describe(ordinal).proximity;
    };
    CHECK(proximity(3, R"({"query":"trail shoe"})") == 1);
    CHECK(proximity(2, R"({"query":"trail shoe"})") == 2);
    CHECK(proximity(1, R"({"query":"trail shoe"})") == 2);
    CHECK(proximity(0, R"({"query":"trail shoe"})") == 4);
    CHECK(proximity(3, R"({"query":"trail"})") == 0);
    CHECK(proximity(3, R"({"query":"trail shoe","minProximity":3})") == 3);
    CHECK(proximity(0, R"({"query":"trail shoe","minProximity":3})") == 4);
}

TEST_CASE("attribute: the better attribute, then the earlier word") {
    Sample sample(R"j({"searchableAttributes":["title","unordered(body)"]})j");
    sample.add(R"({"objectID":"body late","title":"x","body":"a b run"})");
    sample.add(R"({"objectID":"title second","title":"x run","body":"y"})");
    sample.add(R"({"objectID":"title first","title":"run x","body":"y"})");
    sample.add(R"({"objectID":"body early","title":"x","body":"run a b"})");
    sample.publish();
    CHECK(sample.ids(R"({"query":"run"})") == "title first title second body late body early");
    const Query query = sample.query(R"({"query":"run"})");
    const Selection selection = Selection::prepare(sample.snapshot(), query).value();
    CHECK(selection.describe(0).attribute == 1000);
    CHECK(selection.describe(1).attribute == 1);
    CHECK(selection.describe(2).attribute == 0);
    CHECK(sample.ids(R"({"query":"run","restrictSearchableAttributes":["body"]})") == "body late body early");
    CHECK(sample.ids(R"({"query":"run","restrictSearchableAttributes":["objectID"]})").empty());
}

TEST_CASE("exact: words as they are typed before words that go on") {
    const Sample sample = titles({"runner trail", "run trail", "run"});
    CHECK(sample.ids(R"({"query":"run"})") == "3 1 2");  // the whole value, then by attribute alone
    CHECK(sample.ids(R"({"query":"run","exactOnSingleWordQuery":"word"})") == "2 3 1");
    CHECK(sample.ids(R"({"query":"run","exactOnSingleWordQuery":"none"})") == "1 2 3");
    const Sample many = titles({"trail runner", "trail run"});
    CHECK(many.ids(R"({"query":"trail run"})") == "2 1");
}

TEST_CASE("attributes may refuse prefixes") {
    Sample sample(R"({"searchableAttributes":["title","sku"],"disablePrefixOnAttributes":["sku"]})");
    sample.add(R"({"objectID":"1","title":"boots","sku":"rt500"})");
    sample.add(R"({"objectID":"2","title":"rt","sku":"x"})");
    sample.add(R"({"objectID":"3","title":"x","sku":"rt"})");
    sample.publish();
    CHECK(sample.ids(R"({"query":"rt"})") == "2 3");
    CHECK(sample.ids(R"({"query":"rt500"})") == "1");
}

TEST_CASE("deleted records are not found, in any segment") {
    Sample sample(R"({"searchableAttributes":["title"]})");
    for (int i = 0; i < 30; ++i) {
        sample.add("{\"objectID\":\"" + std::to_string(i) + "\",\"title\":\"run " + (i % 2 ? "odd" : "even") + "\"}");
        if (i % 7 == 0) sample.publish();
    }
    for (DocumentId document = 1; document <= 30; document += 2) sample.remove(document);  // the even ones
    sample.publish();
    CHECK(sample.ids(R"({"query":"even"})").empty());
    const Query query = sample.query(R"({"query":"run odd"})");
    CHECK(Selection::prepare(sample.snapshot(), query).value().matches("x", nullptr)->ordinals.size() == 15);
}

// Matching with words made by hand ------------------------------------------------------------------------------------

QueryWord word(std::string text) {
    QueryWord word;
    word.alternatives.push_back({Alternative{.words = {std::move(text)}}});
    return word;
}
QueryWord or_else(QueryWord word, std::string text, std::uint8_t typos) {
    word.alternatives.push_back({Alternative{.words = {std::move(text)}, .typos = typos, .exact = false}});
    return word;
}
QueryWord phrase(std::vector<std::string> words) {
    QueryWord word;
    word.typed_words = static_cast<std::uint32_t>(words.size());
    word.phrase = true;
    word.alternatives.push_back({Alternative{.words = std::move(words)}});
    return word;
}
QueryWord optional(QueryWord word) {
    word.optional = true;
    return word;
}

TextQuery text_of(std::vector<QueryWord> words, std::vector<QueryWord> excluded = {}) {
    TextQuery text;
    text.words = std::move(words);
    text.excluded = std::move(excluded);
    return text;
}

class Matching {
public:
    Matching(const Sample& sample, TextQuery text, const char* parameters = "{}",
             const std::function<void(Query&)>& change = [](Query&) {})
        : sample_(sample), query_(sample.query(parameters)), text_(std::move(text)) {
        change(query_);
        rules_ = attribute_rules(sample.settings(), query_.words, *sample.snapshot().attributes, query_.restrict_searchable_attributes);
        filter_.emplace(parse_query_filters(query_).value(), sample.snapshot(), false);
        geo_.emplace(query_.geo, sample.snapshot());
        matcher_ = std::make_unique<Matcher>(
            sample.snapshot(), text_, rules_, *filter_, *geo_,
            MatchOptions{.exact_on_single_word = query_.words.exact_on_single_word_query,
                         .min_proximity = query_.words.min_proximity,
                         .attribute_by_min_proximity = query_.words.attribute_criteria_computed_by_min_proximity,
                         .typo_tolerance = query_.words.typo_tolerance});
        matcher_->run(matches_);
    }
    [[nodiscard]] std::string ids() const {
        std::string ids;
        for (const RankedHit& hit : rank_plain(matches_, {}, {0, 100})) ids += (ids.empty() ? "" : " ") + sample_.object_id(hit.ordinal);
        return ids;
    }
    [[nodiscard]] std::size_t count() const { return matches_.ordinals.size(); }
    [[nodiscard]] MatchDetails details(Ordinal ordinal) const { return matcher_->describe(ordinal); }

private:
    const Sample& sample_;
    Query query_;
    TextQuery text_;
    AttributeRules rules_;
    std::optional<Filter> filter_;
    std::optional<GeoFilter> geo_;
    std::unique_ptr<Matcher> matcher_;
    Matches matches_;
};

TEST_CASE("typo: fewer are better, the sum over the words counts") {
    const Sample sample = titles({"trial shoos", "trail shoos", "trail shoe", "trial shoe", "other"});
    const TextQuery text = text_of({or_else(word("trail"), "trial", 1), or_else(word("shoe"), "shoos", 2)});
    const Matching all(sample, text);
    CHECK(all.ids() == "3 4 2 1");
    CHECK(all.details(0).typos == 3);
    CHECK(all.details(1).typos == 2);
    CHECK(all.details(2).typos == 0);
    CHECK(all.details(2).exact_words == 2);
    CHECK(all.details(3).exact_words == 1);
    CHECK(Matching(sample, text, "{}", [](Query& query) { query.words.typo_tolerance = TypoTolerance::min; }).ids() == "3");
    CHECK(Matching(sample, text, "{}", [](Query& query) { query.words.typo_tolerance = TypoTolerance::strict; }).ids() == "3 4");
}

TEST_CASE("strict puts typo before everything") {
    Sample sample(R"j({"searchableAttributes":["title"],"ranking":["desc(price)","attribute"]})j");
    sample.add(R"({"objectID":"dear","title":"trial","price":9})");
    sample.add(R"({"objectID":"cheap","title":"trail","price":1})");
    sample.add(R"({"objectID":"wrong","title":"trials","price":20})");
    sample.publish();
    const TextQuery text = text_of({or_else(or_else(word("trail"), "trial", 1), "trials", 2)});
    CHECK(Matching(sample, text).ids() == "wrong dear cheap");
    const auto strict = [](Query& query) { query.words.typo_tolerance = TypoTolerance::strict; };
    CHECK(Matching(sample, text, "{}", strict).ids() == "cheap dear");
}

TEST_CASE("attributes may refuse typos") {
    Sample sample(R"j({"searchableAttributes":["title","sku"]})j");
    sample.add(R"({"objectID":"1","title":"x","sku":"trial"})");
    sample.add(R"({"objectID":"2","title":"trial","sku":"x"})");
    sample.add(R"({"objectID":"3","title":"x","sku":"trail"})");
    sample.publish();
    const TextQuery text = text_of({or_else(word("trail"), "trial", 1)});
    CHECK(Matching(sample, text).ids() == "3 2 1");
    const auto refuse = [](Query& query) { query.words.disable_typo_tolerance_on_attributes = {"sku"}; };
    CHECK(Matching(sample, text, "{}", refuse).ids() == "3 2");
    CHECK(Matching(sample, text, R"({"restrictSearchableAttributes":["title"]})").ids() == "2");
}

TEST_CASE("a dearer alternative in a place that counts is found behind a cheaper one that does not count") {
    Sample sample(R"j({"searchableAttributes":["title","brand"]})j");
    sample.add(R"({"objectID":"1","title":"trial","brand":"trail"})");
    sample.publish();
    const TextQuery text = text_of({or_else(word("trail"), "trial", 1)});
    CHECK(Matching(sample, text).details(0).typos == 0);
    const Matching restricted(sample, text, R"({"restrictSearchableAttributes":["title"]})");
    CHECK(restricted.ids() == "1");
    CHECK(restricted.details(0).typos == 1);
}

TEST_CASE("phrases stand together and count as their words") {
    const Sample sample = titles({"black trail shoe", "trail black shoe", "shoe", "black trail x shoe"});
    CHECK(Matching(sample, text_of({phrase({"black", "trail"})})).ids() == "1 4");
    const Matching two(sample, text_of({phrase({"black", "trail"}), word("shoe")}));
    CHECK(two.ids() == "1 4");
    CHECK(two.details(0).words == 3);
    CHECK(two.details(0).exact_words == 3);
    CHECK(two.details(0).proximity == 2);  // one inside the phrase, one from its last word
    CHECK(two.details(3).proximity == 3);
}

TEST_CASE("excluded words keep records out") {
    const Sample sample = titles({"trail shoe", "trail boot", "boot", "shoe"});
    CHECK(Matching(sample, text_of({word("trail")}, {word("boot")})).ids() == "1");
    CHECK(Matching(sample, text_of({}, {word("boot")})).ids() == "1 4");
    CHECK(Matching(sample, text_of({}, {phrase({"trail", "shoe"}), word("nothing")})).ids() == "2 3 4");
    Sample two(R"j({"searchableAttributes":["title","brand"]})j");
    two.add(R"({"objectID":"1","title":"trail","brand":"boot"})");
    two.publish();
    CHECK(Matching(two, text_of({word("trail")}, {word("boot")})).count() == 0);
    CHECK(Matching(two, text_of({word("trail")}, {word("boot")}),
                   R"({"restrictSearchableAttributes":["title"]})").count() == 1);
}

TEST_CASE("optional words: more of them are better, and one is enough") {
    const Sample sample = titles({"trail", "shoe trail", "shoe", "red shoe trail", "red"});
    CHECK(Matching(sample, text_of({word("trail"), optional(word("shoe"))})).ids() == "2 4 1");
    const Matching all(sample, text_of({optional(word("trail")), optional(word("shoe")), optional(word("blue"))}));
    CHECK(all.ids() == "2 4 1 3");
    CHECK(all.details(1).words == 2);
    CHECK(all.details(0).words == 1);
    CHECK(all.details(4).words == 0);
    CHECK(Matching(sample, text_of({optional(word("red"))})).ids() == "5 4");
    CHECK(Matching(sample, text_of({optional(word("green"))})).count() == 0);
    CHECK(Matching(sample, text_of({optional(word("green")), optional(word("yellow"))})).count() == 0);
}

TEST_CASE("with four optional words every thousand results ask for one more") {
    Sample sample(R"j({"searchableAttributes":["title"]})j");
    int number = 0;
    const auto add = [&](int count, const char* title) {
        for (int i = 0; i < count; ++i) sample.add(fmt::format(R"({{"objectID":"{}","title":"{}"}})", number++, title));
        sample.publish();
    };
    add(1'200, "a");
    add(400, "a b");
    add(700, "b c d");
    add(30, "a b c d");
    const auto optional_words = [](std::initializer_list<const char*> texts) {
        TextQuery text;
        for (const char* each : texts) text.words.push_back(optional(word(each)));
        return text;
    };
    // 30 have four words, 730 three, 1,130 two, 2,330 one: the last ones come behind more than a thousand.
    CHECK(Matching(sample, optional_words({"a", "b", "c", "d"})).count() == 1'130);
    CHECK(Matching(sample, optional_words({"a", "b", "c"})).count() == 2'330);
    TextQuery mixed = optional_words({"a", "b", "c", "d"});
    mixed.words[3].optional = false;
    CHECK(Matching(sample, mixed).count() == 730);
    // Ten words: two more each time.
    CHECK(Matching(sample, optional_words({"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"})).count() == 1'130);
    add(400, "b c");
    // Two words come behind 730, one behind 1,530.
    CHECK(Matching(sample, optional_words({"a", "b", "c", "d"})).count() == 1'530);
    add(300, "b c d");
    // Now two words come behind 1,030: two are asked for, and with ten words three.
    CHECK(Matching(sample, optional_words({"a", "b", "c", "d"})).count() == 1'830);
    CHECK(Matching(sample, optional_words({"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"})).count() == 1'030);
}

TEST_CASE("attribute by the places that stand nearest") {
    Sample sample(R"j({"searchableAttributes":["title","body"],"ranking":["attribute"]})j");
    sample.add(R"({"objectID":"near in body","title":"trail a b c shoe","body":"trail shoe"})");
    sample.add(R"({"objectID":"near in title","title":"x trail shoe","body":"trail"})");
    sample.add(R"({"objectID":"never near","title":"trail","body":"shoe"})");
    sample.publish();
    const TextQuery text = text_of({word("trail"), word("shoe")});
    CHECK(Matching(sample, text).ids() == "near in body never near near in title");
    const Matching near(sample, text, "{}", [](Query& query) { query.words.attribute_criteria_computed_by_min_proximity = true; });
    CHECK(near.ids() == "never near near in title near in body");
    CHECK(near.details(0).attribute == 1000);
    CHECK(near.details(1).attribute == 1);
    CHECK(near.details(2).attribute == 0);
}

TEST_CASE("relevance: rare words, often, in short texts") {
    Sample sample(R"j({"searchableAttributes":["title"],"ranking":["relevance"]})j");
    sample.add(R"({"objectID":"long","title":"trail one two three four five six seven eight nine ten"})");
    sample.add(R"({"objectID":"short","title":"trail one"})");
    sample.add(R"({"objectID":"often","title":"trail trail"})");
    sample.add(R"({"objectID":"rare","title":"shoe one"})");
    sample.publish();
    CHECK(Matching(sample, text_of({word("trail")})).ids() == "often short long");
    CHECK(Matching(sample, text_of({optional(word("trail")), optional(word("shoe"))})).ids().starts_with("rare"));
    CHECK(Matching(sample, text_of({or_else(word("trail"), "shoe", 1)})).ids() == "often short rare long");  // short and rare are of a length
}

}  // namespace
}  // namespace penchant::testing

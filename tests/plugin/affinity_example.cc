// SPDX-License-Identifier: GPL-3.0-or-later
//
// A program that knows Xapian only, and personalizes its search with penchant::AffinityPostingSource. Makes a small
// database, searches it as nobody and as a visitor who likes green things by Corvale, and prints both orders. Run as
// a test: fails when the visitor's order is not the expected one.
#include "plugin/affinity_posting_source.h"

#include <cstdio>
#include <string>
#include <vector>

namespace {

constexpr Xapian::valueno slot_brand = 0;
constexpr Xapian::valueno slot_color = 1;

struct Product {
    const char* name;
    const char* brand;
    const char* color;
};

std::vector<std::string> names(const Xapian::Database& database, const Xapian::Query& query) {
    Xapian::Enquire enquire(database);
    enquire.set_query(query);
    const Xapian::MSet hits = enquire.get_mset(0, 10);
    std::vector<std::string> found;
    for (Xapian::MSetIterator hit = hits.begin(); hit != hits.end(); ++hit) found.push_back(hit.get_document().get_data());
    return found;
}

void print(const char* title, const std::vector<std::string>& found) {
    std::printf("%s\n", title);
    for (const std::string& name : found) std::printf("  %s\n", name.c_str());
}

}  // namespace

int main() {
    try {
        const std::vector<Product> products{{"red tent", "Oxbow", "red"},
                                            {"blue tent", "Corvale", "blue"},
                                            {"green tent", "Oxbow", "green"},
                                            {"mossy tent", "Corvale", "green"},
                                            {"green kettle", "Corvale", "green"}};
        Xapian::WritableDatabase database(std::string(), Xapian::DB_BACKEND_INMEMORY);
        Xapian::TermGenerator generator;
        for (const Product& product : products) {
            Xapian::Document document;
            generator.set_document(document);
            generator.index_text(product.name);
            document.set_data(product.name);
            document.add_value(slot_brand, product.brand);
            document.add_value(slot_color, product.color);
            database.add_document(document);
        }
        database.commit();

        const Xapian::Query tent("tent");
        const std::vector<std::string> plain = names(database, tent);

        penchant::AffinityPostingSource liked;
        liked.add(slot_brand, "Corvale", 20);
        liked.add(slot_color, "green", 9);
        const std::vector<std::string> personal =
            names(database, Xapian::Query(Xapian::Query::OP_AND_MAYBE, tent, Xapian::Query(&liked)));

        print("as nobody:", plain);
        print("who likes Corvale and green:", personal);
        const std::vector<std::string> expected{"mossy tent", "blue tent", "green tent", "red tent"};
        return personal == expected && plain.size() == personal.size() ? 0 : 1;
    } catch (const Xapian::Error& error) {
        std::fprintf(stderr, "%s\n", error.get_description().c_str());
        return 1;
    }
}

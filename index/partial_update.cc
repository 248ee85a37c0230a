// SPDX-License-Identifier: GPL-3.0-or-later
//
// Partial updates of records (A 3.4), declared in index/operation.h.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <unordered_map>
#include <utility>

#include "index/json_text.h"
#include "index/limits.h"
#include "index/operation.h"
#include "index/record.h"

namespace penchant {
namespace {

namespace dom = simdjson::dom;
__extension__ using WideInteger = __int128;  // holds the sum of any two integers of JSON

Error bad(std::string what) { return {Errc::bad_request, std::move(what)}; }

// --- numbers ---

struct Number {
    bool fraction = false;
    WideInteger integer = 0;
    double real = 0;  // of integers, too
};

std::optional<Number> number_of(dom::element element) {
    if (std::int64_t value = 0; element.get(value) == simdjson::SUCCESS) return Number{false, value, static_cast<double>(value)};
    if (std::uint64_t value = 0; element.get(value) == simdjson::SUCCESS) return Number{false, value, static_cast<double>(value)};
    // Last, since simdjson gives integers as doubles, too.
    if (double value = 0; element.get(value) == simdjson::SUCCESS) return Number{true, 0, value};
    return std::nullopt;
}

Number plus(const Number& a, const Number& b) {
    constexpr WideInteger min = std::numeric_limits<std::int64_t>::min();
    constexpr WideInteger max = std::numeric_limits<std::uint64_t>::max();
    const WideInteger sum = a.integer + b.integer;
    if (!a.fraction && !b.fraction && sum >= min && sum <= max) return {false, sum, static_cast<double>(sum)};
    return {true, 0, a.real + b.real};
}

Number negated(const Number& number) { return {number.fraction, -number.integer, -number.real}; }

bool equal(const Number& a, const Number& b) {
    return a.fraction || b.fraction ? a.real == b.real : a.integer == b.integer;
}

bool greater(const Number& a, const Number& b) {
    return a.fraction || b.fraction ? a.real > b.real : a.integer > b.integer;
}

void append_number(std::string& out, const Number& number) {
    if (number.fraction) return append_json_fraction(out, number.real);
    std::array<char, 24> buffer;
    char* const end = buffer.data() + buffer.size();
    const auto result = number.integer < 0
                            ? std::to_chars(buffer.data(), end, static_cast<std::int64_t>(number.integer))
                            : std::to_chars(buffer.data(), end, static_cast<std::uint64_t>(number.integer));
    out.append(buffer.data(), result.ptr);
}

// --- operations on attributes ---

enum class Verb { increment, decrement, add, remove, add_unique, increment_from, increment_set };

constexpr std::array<std::pair<std::string_view, Verb>, 7> verbs{{{"Increment", Verb::increment},
                                                                  {"Decrement", Verb::decrement},
                                                                  {"Add", Verb::add},
                                                                  {"Remove", Verb::remove},
                                                                  {"AddUnique", Verb::add_unique},
                                                                  {"IncrementFrom", Verb::increment_from},
                                                                  {"IncrementSet", Verb::increment_set}}};

struct AttributeOperation {
    Verb verb = Verb::increment;
    std::string_view name;  // of the verb
    dom::element value;
};

// A name with dots that no client wrote by accident: every part has a letter.
bool is_dotted(std::string_view name) {
    return name.find('.') != std::string_view::npos && name.front() != '.' && name.back() != '.' &&
           name.find("..") == std::string_view::npos;
}

// The operation that a value asks for; none for plain values.
Result<std::optional<AttributeOperation>> operation_of(std::string_view attribute, dom::element value) {
    std::optional<dom::element> verb;
    std::optional<dom::element> operand;
    dom::object fields;
    if (value.get(fields) != simdjson::SUCCESS) return std::optional<AttributeOperation>{};
    for (const dom::key_value_pair field : fields) {
        if (field.key == "_operation") verb = field.value;
        if (field.key == "value") operand = field.value;
    }
    if (!verb) return std::optional<AttributeOperation>{};

    std::string_view name;
    if (verb->get(name) != simdjson::SUCCESS) return bad(fmt::format("attribute \"{}\": _operation must be a string", attribute));
    const auto known = std::find_if(verbs.begin(), verbs.end(), [&](const auto& entry) { return entry.first == name; });
    if (known == verbs.end()) return bad(fmt::format("attribute \"{}\": unknown _operation \"{}\"", attribute, name.substr(0, 40)));
    if (is_dotted(attribute)) {
        return bad(fmt::format("attribute \"{}\": {} works on first-level attributes only", attribute, name));
    }
    if (!operand) return bad(fmt::format("attribute \"{}\": {} needs a value", attribute, name));
    const std::optional<Number> number = number_of(*operand);
    switch (known->second) {
        case Verb::increment:
        case Verb::decrement:
            if (!number) return bad(fmt::format("attribute \"{}\": the value of {} must be a number", attribute, name));
            break;
        case Verb::add:
        case Verb::remove:
        case Verb::add_unique:
            if (!number && !operand->is_string()) {
                return bad(fmt::format("attribute \"{}\": the value of {} must be a number or a string", attribute, name));
            }
            break;
        case Verb::increment_from:
        case Verb::increment_set:
            if (!number || number->fraction) {
                return bad(fmt::format("attribute \"{}\": the value of {} must be an integer", attribute, name));
            }
    }
    return std::optional{AttributeOperation{known->second, known->first, *operand}};
}

bool equal(dom::element a, dom::element b) {
    std::string_view a_text;
    std::string_view b_text;
    if (a.get(a_text) == simdjson::SUCCESS) return b.get(b_text) == simdjson::SUCCESS && a_text == b_text;
    const std::optional<Number> a_number = number_of(a);
    const std::optional<Number> b_number = number_of(b);
    return a_number && b_number && equal(*a_number, *b_number);
}

enum class Effect { write, leave, skip_update };

struct Outcome {
    Effect effect = Effect::write;
    std::string json;
};

Result<Outcome> count(const AttributeOperation& operation, std::string_view attribute, std::optional<dom::element> current) {
    std::optional<Number> before = Number{};
    if (current) before = number_of(*current);
    const Number operand = *number_of(operation.value);
    Number after;
    switch (operation.verb) {
        case Verb::increment_from:
            if (!before || !equal(*before, operand)) return Outcome{Effect::skip_update, {}};
            after = plus(*before, Number{false, 1, 1});
            break;
        case Verb::increment_set:
            if (!before || !greater(operand, *before)) return Outcome{Effect::skip_update, {}};
            after = operand;
            break;
        default:
            if (!before) return bad(fmt::format("attribute \"{}\": {} works on a number only", attribute, operation.name));
            after = plus(*before, operation.verb == Verb::decrement ? negated(operand) : operand);
    }
    if (after.fraction && !std::isfinite(after.real)) {
        return bad(fmt::format("attribute \"{}\": the outcome of {} is out of range", attribute, operation.name));
    }
    Outcome outcome;
    append_number(outcome.json, after);
    return outcome;
}

Result<Outcome> change_list(const AttributeOperation& operation, std::string_view attribute,
                            std::optional<dom::element> current) {
    dom::array list;
    if (current && current->get(list) != simdjson::SUCCESS) {
        return bad(fmt::format("attribute \"{}\": {} works on an array only", attribute, operation.name));
    }
    if (!current && operation.verb == Verb::remove) return Outcome{Effect::leave, {}};
    Outcome outcome{Effect::write, "["};
    const auto append = [&](dom::element item) {
        if (outcome.json.size() > 1) outcome.json.push_back(',');
        append_json(outcome.json, item);
    };
    bool found = false;
    if (current) {
        for (const dom::element item : list) {
            const bool same = equal(item, operation.value);
            found = found || same;
            if (!same || operation.verb != Verb::remove) append(item);
        }
    }
    if (operation.verb == Verb::add || (operation.verb == Verb::add_unique && !found)) append(operation.value);
    outcome.json.push_back(']');
    return outcome;
}

Result<Outcome> apply(const AttributeOperation& operation, std::string_view attribute, std::optional<dom::element> current) {
    if (current && current->is_null()) current.reset();
    switch (operation.verb) {
        case Verb::add:
        case Verb::remove:
        case Verb::add_unique: return change_list(operation, attribute, current);
        default: return count(operation, attribute, current);
    }
}

// --- what becomes of a first-level attribute ---

// Values at the ends of dotted names, as the object they make: "a.b" and "a.c.d" are {"b": .., "c": {"d": ..}}.
struct Tree {
    std::optional<dom::element> value;
    std::vector<std::pair<std::string_view, Tree>> branches;

    void set(std::string_view path, dom::element element) {
        value.reset();
        const std::size_t dot = path.find('.');
        const std::string_view name = path.substr(0, dot);
        auto branch = std::find_if(branches.begin(), branches.end(), [&](const auto& entry) { return entry.first == name; });
        if (branch == branches.end()) branch = branches.insert(branches.end(), {name, Tree{}});
        if (dot != std::string_view::npos) branch->second.set(path.substr(dot + 1), element);
        else branch->second = Tree{element, {}};
    }
    void append_to(std::string& out) const {
        if (value) return append_json(out, *value);
        out.push_back('{');
        for (std::size_t i = 0; i < branches.size(); ++i) {
            if (i != 0) out.push_back(',');
            append_json_string(out, branches[i].first);
            out.push_back(':');
            branches[i].second.append_to(out);
        }
        out.push_back('}');
    }
};

// The attributes of a record, or what is to become of them: in order, and found by name.
template <class T>
class Attributes {
public:
    /// The value of a name; a new one, at the end, when there is none yet.
    T& operator[](std::string_view name) {
        const auto [place, added] = places_.try_emplace(name, entries_.size());
        if (added) entries_.emplace_back(name, T{});
        return entries_[place->second].second;
    }
    [[nodiscard]] const T* find(std::string_view name) const {
        const auto place = places_.find(name);
        return place == places_.end() ? nullptr : &entries_[place->second].second;
    }
    [[nodiscard]] auto begin() const { return entries_.begin(); }
    [[nodiscard]] auto end() const { return entries_.end(); }

private:
    std::vector<std::pair<std::string_view, T>> entries_;
    std::unordered_map<std::string_view, std::size_t> places_;
};

std::optional<std::string_view> long_name(dom::element value) {
    dom::object fields;
    dom::array items;
    if (value.get(fields) == simdjson::SUCCESS) {
        for (const dom::key_value_pair field : fields) {
            if (field.key.size() > limits::attribute_name_bytes_max) return field.key;
            if (const auto inside = long_name(field.value)) return inside;
        }
    } else if (value.get(items) == simdjson::SUCCESS) {
        for (const dom::element item : items) {
            if (const auto inside = long_name(item)) return inside;
        }
    }
    return std::nullopt;
}

bool is_fixed(std::string_view name) { return name == "objectID" || is_output_only(name); }

}  // namespace

Result<void> check_partial_update(dom::element changes) {
    dom::object fields;
    if (changes.get(fields) != simdjson::SUCCESS) return bad("a partial update must be a JSON object");
    if (const auto name = long_name(changes)) {
        return bad(fmt::format("the attribute name \"{:.40}...\" is longer than {} bytes", *name,
                               limits::attribute_name_bytes_max));
    }
    std::string minified;
    append_json(minified, changes);
    if (minified.size() > limits::record_bytes_max) {
        return bad(fmt::format("the partial update is too big: {} bytes of minified JSON, the limit is {}", minified.size(),
                               limits::record_bytes_max));
    }
    for (const dom::key_value_pair field : fields) {
        if (is_fixed(field.key)) continue;
        const auto depth = static_cast<std::size_t>(std::count(field.key.begin(), field.key.end(), '.'));
        if (is_dotted(field.key) && depth >= limits::json_depth_max) {
            return bad(fmt::format("attribute \"{:.40}...\" is nested deeper than {} levels", field.key, limits::json_depth_max));
        }
        PENCHANT_CHECK(operation_of(field.key, field.value));
    }
    return {};
}

Result<void> check_partial_update(std::string_view changes) {
    PENCHANT_TRY(const dom::element root, parse_json(changes));
    return check_partial_update(root);
}

Result<std::string> apply_partial_update(std::string_view record, std::string_view object_id, std::string_view changes) {
    thread_local dom::parser record_parser;  // parse_json() has but one, and that holds the changes
    Attributes<dom::element> attributes;
    if (!record.empty()) {
        dom::object fields;
        if (record_parser.parse(record.data(), record.size(), true).get(fields) != simdjson::SUCCESS) {
            return Error{Errc::corrupt, fmt::format("the stored record objectID=\"{}\" is not a JSON object", object_id)};
        }
        for (const dom::key_value_pair field : fields) {
            if (!is_fixed(field.key)) attributes[field.key] = field.value;
        }
    }
    PENCHANT_TRY(const dom::element root, parse_json(changes));
    PENCHANT_CHECK(check_partial_update(root));
    Attributes<Tree> wanted;
    const dom::object fields = root.get_object();
    for (const dom::key_value_pair field : fields) {
        if (is_fixed(field.key)) continue;
        if (is_dotted(field.key) && attributes.find(field.key) == nullptr) {
            const std::size_t dot = field.key.find('.');
            wanted[field.key.substr(0, dot)].set(field.key.substr(dot + 1), field.value);
        } else {
            wanted[field.key] = Tree{field.value, {}};
        }
    }

    Attributes<std::string> written;  // the new JSON of every attribute that gets one
    for (const auto& [name, tree] : wanted) {
        std::optional<AttributeOperation> operation;
        if (tree.value) {
            PENCHANT_TRY(operation, operation_of(name, *tree.value));
        }
        Outcome outcome;
        if (operation) {
            const dom::element* current = attributes.find(name);
            PENCHANT_TRY(outcome, apply(*operation, name, current ? std::optional{*current} : std::nullopt));
        } else {
            tree.append_to(outcome.json);
        }
        if (outcome.effect == Effect::skip_update) return std::string{};
        if (outcome.effect == Effect::write) written[name] = std::move(outcome.json);
    }

    std::string json = "{\"objectID\":";
    append_json_string(json, object_id);
    const auto append_name = [&](std::string_view name) {
        json.push_back(',');
        append_json_string(json, name);
        json.push_back(':');
    };
    for (const auto& [name, value] : attributes) {
        append_name(name);
        if (const std::string* update = written.find(name)) json.append(*update);
        else append_json(json, value);
    }
    for (const auto& [name, value] : written) {
        if (attributes.find(name) != nullptr) continue;
        append_name(name);
        json.append(value);
    }
    json.push_back('}');

    // What comes out is held to what records are held to; this also settles names that came twice.
    PENCHANT_TRY(const dom::element outcome, parse_json(json));
    PENCHANT_TRY(Record checked, check_record(outcome, object_id, false));
    return std::move(checked.json);
}

}  // namespace penchant

// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/command.h"

#include "plugin/affinity.h"
#include "plugin/event.h"
#include "plugin/event_log.h"
#include "plugin/time_text.h"
#include "plugin/user_list.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <boost/json/serialize.hpp>

namespace penchant {
namespace {

constexpr int done = 0;
constexpr int failed = 1;
constexpr int wrong_use = 2;

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

int fail(const Error& error) {
    fmt::print(stderr, "penchant: {}\n", error.what);
    return failed;
}

int usage() {
    fmt::print(stderr,
               "penchant: profile USER [--json]        the visitor's affinities\n"
               "          profile USER --export        the visitor's events, one JSON object a line\n"
               "          profile USER --link PERSON   say that the token belongs to a person\n"
               "          profile USER --unlink        take that back\n"
               "          profile USER --rebuild       count the visitor's events anew\n"
               "          profile USER --erase         remove the visitor from answers and files\n");
    return wrong_use;
}

int show(Personalization& personalization, const std::string& user, bool json) {
    auto profile = personalization.named_profile(user, Personalization::View::searches, true);
    if (profile.has_error()) return fail(profile.error());
    if (!*profile) return fail({Errc::not_found, "user not found"});
    if (json) {
        print(boost::json::serialize(user_json(user, **profile)) + "\n");
        return done;
    }
    print(fmt::format("last event {}\n", time_text((*profile)->last_event_ms)));
    for (const std::string& token : (*profile)->tokens)
        if (token != user) print(fmt::format("linked to  {}\n", token));
    for (const Personalization::NamedAffinity& affinity : (*profile)->affinities)
        print(fmt::format("{:6.2f}  {}\n", affinity.score,
                          optional_filter_text(affinity.facet, affinity.value, affinity.score, affinity.weight)));
    return done;
}

int export_events(Personalization& personalization, const std::string& user) {
    const auto scanned = scan_events(personalization.visitors().store(), user, 0, [](LoggedEvent& event) {
        event.json.push_back('\n');
        print(event.json);
        return true;
    });
    return scanned.has_error() ? fail(scanned.error()) : done;
}

int rebuild(Personalization& personalization, const std::string& user) {
    const auto report = personalization.visitors().rebuild(user);
    if (report.has_error()) return fail(report.error());
    print(fmt::format("{} events counted anew, {} credits found, counters {}\n", report->events, report->credits_found,
                      report->changed ? "changed" : "as before"));
    return done;
}

int erase(Personalization& personalization, const std::string& user) {
    const auto erased = personalization.erase(user);
    if (erased.has_error()) return fail(erased.error());
    personalization.erasure().wait();
    print("erased\n");
    return done;
}

}  // namespace

int profile_command(Personalization& personalization, int argc, const char* const* argv) {
    std::string user;
    std::string action = "--show";
    std::string person;
    bool json = false;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        constexpr std::array<std::string_view, 5> actions{"--show", "--export", "--unlink", "--rebuild", "--erase"};
        if (argument == "--json") {
            json = true;
        } else if (argument == "--link") {
            if (++i == argc) return usage();
            action = argument;
            person = argv[i];
        } else if (std::find(actions.begin(), actions.end(), argument) != actions.end()) {
            action = argument;
        } else if (user.empty() && (argument.empty() || argument.substr(0, 2) != "--")) {
            user = argument;
        } else {
            return usage();
        }
    }
    if (!valid_user_token(user) || (action == "--link" && !valid_user_token(person))) {
        fmt::print(stderr, "penchant: {}\n", bad_user_token_message);
        return wrong_use;
    }
    if (action == "--show") return show(personalization, user, json);
    if (action == "--export") return export_events(personalization, user);
    if (action == "--rebuild") return rebuild(personalization, user);
    if (action == "--erase") return erase(personalization, user);
    const std::int64_t now_ms = personalization.context().now_ms();
    const auto changed = action == "--link" ? personalization.visitors().link(user, person, now_ms)
                                            : personalization.visitors().unlink(user, now_ms);
    return changed.has_error() ? fail(changed.error()) : done;
}

}  // namespace penchant

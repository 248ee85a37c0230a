// SPDX-License-Identifier: GPL-3.0-or-later
// Catch2 under one name: Debian 12 has version 2, newer distributions have version 3.
#pragma once

#include "index/error.h"

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

/// A failed check of a Result shows its sentence; values need not be printable for that.
template <class T>
struct Catch::StringMaker<penchant::Result<T>> {
    static std::string convert(const penchant::Result<T>& result) {
        return result ? std::string{"(a value)"} : "failed: " + result.error().what;
    }
};

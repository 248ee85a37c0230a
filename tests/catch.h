// SPDX-License-Identifier: GPL-3.0-or-later
// Catch2 under one name: Debian 12 has version 2, newer distributions have version 3.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

# SPDX-License-Identifier: GPL-3.0-or-later
# From figures (row TAB set TAB value) to the table of tests/bench/run.
{ value[$1, $2] = $3; have[$1] = 1 }

function line(what, set, number, unit, ratio, baseline) {
  printf "| %-44s | %-5s | %12s %-10s | %8s | %-44s |\n", what, set, number, unit, ratio, baseline
}
function plain(number) { return number >= 100 ? sprintf("%.0f", number) : sprintf("%.2f", number) }
function us(row, what,   i, set) { # a time in each set, no baseline
  for (i = 1; i <= sets; ++i) if ((row, set = names[i]) in value) line(what, set, plain(value[row, set]), "us", "", "")
}
# How many times `row` is slower or faster than `base`, in each set and in the mean over the sets.
function compare(row, what, base, baseline, faster,   i, set, a, b, ratio, sum, count, low, low_set) {
  if (!have[row] || !have[base]) return
  for (i = 1; i <= sets; ++i) {
    set = names[i]
    if (!((row, set) in value) || !((base, set) in value)) continue
    a = value[row, set]; b = value[base, set]
    ratio = faster ? b / a : a / b
    line(what, set, plain(a), "us", sprintf("%.2fx", ratio), baseline (faster ? ", faster by" : ", of its time") )
    sum_a += a; sum_b += b; ++count
  }
  if (count) line(what, "mean", plain(sum_a / count), "us", sprintf("%.2fx", faster ? sum_b / sum_a : sum_a / sum_b), baseline (faster ? ", faster by" : ", of its time"))
  sum_a = sum_b = 0
}

END {
  sets = split("q1 q2 q3 p1 p2 p3", names, " ")
  printf "| %-44s | %-5s | %-23s | %8s | %-44s |\n", "What", "Set", "Value", "Ratio", "Baseline of the same run"
  printf "|%s|%s|%s|%s|%s|\n", "---", "---", "---", "---:", "---"
  if (have["index_records_per_second"])
    line("records indexed until searchable", "all", plain(value["index_records_per_second", "all"]), "a second",
         sprintf("%.2fx", value["index_records_per_second", "all"] / value["bare_xapian_records_per_second", "all"]),
         "bare Xapian, same documents, of its rate")
  if (have["index_disk_bytes_per_record"]) line("disk", "all", plain(value["index_disk_bytes_per_record", "all"]), "B/record", "", "")
  if (have["memory_bytes_per_record"]) {
    line("memory, opened", "all", plain(value["memory_bytes_per_record", "opened"]), "B/record", "", "")
    line("memory, after all queries", "all", plain(value["memory_bytes_per_record", "after_queries"]), "B/record", "", "")
    line("time to open", "all", plain(value["open_milliseconds", "all"]), "ms", "", "")
  }
  for (i = 1; i <= sets; ++i) if (("matches", names[i]) in value) line("matches", names[i], plain(value["matches", names[i]]), "records", "", "")
  us("plain", "plain top 20, exact count")
  us("plain_p99", "plain top 20, p99")
  compare("personal", "personalised top 20, exact count", "plain", "plain search", 0)
  compare("personal_facets", "personalised, six exact facets", "facets", "plain search with the same facets", 0)
  compare("personal_repeated", "personalised, repeated query", "plain_repeated", "plain search, repeated", 0)
  us("personal_p99", "personalised top 20, p99")
  compare("plain", "plain top 20, exact count", "xapian", "Xapian's own matcher, top 20", 1)
  compare("personal_facets", "personalised, facets, exact count", "xapian_count", "Xapian's own matcher, exact count", 1)
  compare("plain", "plain top 20, exact count", "lucene_plain", "Lucene top 20, block-max", 1)
  compare("personal", "personalised top 20, exact count", "lucene_should", "Lucene, 20 optional boosts", 1)
  compare("personal", "personalised top 20, exact count", "lucene_function", "Lucene, function score", 1)
  compare("personal_facets", "personalised, six exact facets", "lucene_facets", "Lucene's facets, not personalised", 1)
  if (have["visible_milliseconds"]) {
    line("acknowledged to searchable, beside searches", "p50", plain(value["visible_milliseconds", "p50"]), "ms", "", "")
    line("acknowledged to searchable, beside searches", "p99", plain(value["visible_milliseconds", "p99"]), "ms", "", "")
    line("search beside a busy writer", "p99", plain(value["search_beside_writer", "p99"]), "us",
         sprintf("%.2fx", value["search_beside_writer", "p99"] / value["search_quiet", "p99"]), "the same searches, quiet")
  }
  if (have["update_visible_ms"]) {
    line("price, stock and facet updates at 300 a second, acknowledged to searchable", "p99", plain(value["update_visible_ms", "p99"]), "ms", "", "")
    line("search beside these updates", "p99", plain(value["search_updating_ms", "p99"] * 1000), "us",
         sprintf("%.2fx", value["search_updating_ms", "p99"] / value["search_quiet_ms", "p99"]), "the same searches, quiet")
  }
  if (have["search_reindexing_ms"])
    line("search while all is indexed anew and moved", "p99", plain(value["search_reindexing_ms", "p99"] * 1000), "us",
         sprintf("%.2fx", value["search_reindexing_ms", "p99"] / value["search_quiet_ms", "p99"]), "the same searches, quiet")
  if (have["http_plain"]) for (p = 50; p <= 99; p += 49)
    line("personalised over HTTP, Zipf stream", "p" p, plain(value["http_personal", "p" p]), "us",
         sprintf("%.2fx", value["http_personal", "p" p] / value["http_plain", "p" p]), "plain over HTTP, of its time")
  if (have["felt"]) line("event to felt on the next search", "all", value["felt", "missed"], "missed", "", "of " value["felt", "tries"] " tries beside a load")
  for (key in value) {
    split(key, part, SUBSEP)
    if (part[1] == "real_records_per_second") line("import until searchable", "", plain(value[key]), "a second", "", part[2])
    if (part[1] == "real_disk_bytes_per_record") line("disk", "", plain(value[key]), "B/record", "", part[2])
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
//
// The same corpus, queries and visitors as penchant_bench, answered by Lucene: the baseline of the rows that name it.
//
//   java -Xmx6g -XX:+UseSerialGC -cp <lucene jars>:DIR LuceneBench CORPUS_DIR ROUNDS
//
// CORPUS_DIR holds what `penchant_bench --write-corpus` wrote: documents.tsv, queries.tsv, visitors.tsv. Prints one line a
// mode and query set, "mode<TAB>set<TAB>mean microseconds", the mean over queries of the fastest of ROUNDS passes.
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.queries.function.FunctionScoreQuery;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.DoubleValues;
import org.apache.lucene.search.DoubleValuesSource;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MultiCollector;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.store.MMapDirectory;

public final class LuceneBench {
  static final String[] FACETS = {"brand", "category", "colour", "size", "price_band", "rating"};
  static final int[] FACET_VALUES = {5000, 400, 20, 12, 20, 6};
  static final int TOP = 20;

  /** A visitor's affinities: facet number, value number, score. */
  record Affinity(int facet, int value, float score) {}

  record SearchCase(String set, String query, boolean lastIsPrefix) {}

  public static void main(String[] arguments) throws Exception {
    final Path corpus = Path.of(arguments[0]);
    final int rounds = Integer.parseInt(arguments[1]);
    final Path directory = corpus.resolve("lucene");
    final long begin = System.nanoTime();
    if (!Files.exists(directory)) {
      final int documents = index(corpus, directory);
      final double seconds = (System.nanoTime() - begin) / 1e9;
      System.out.printf("index\tdocuments_per_second\t%.0f%n", documents / seconds);
    }
    final List<SearchCase> cases = new ArrayList<>();
    for (String line : Files.readAllLines(corpus.resolve("queries.tsv"))) {
      final String[] cells = line.split("\t", -1);
      cases.add(new SearchCase(cells[0], cells[2], cells[1].equals("1")));
    }
    final List<List<Affinity>> visitors = new ArrayList<>();
    for (String line : Files.readAllLines(corpus.resolve("visitors.tsv"))) {
      final List<Affinity> affinities = new ArrayList<>();
      for (String entry : line.split("\t")) {
        final String[] parts = entry.split(":");
        affinities.add(new Affinity(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Float.parseFloat(parts[2])));
      }
      visitors.add(affinities);
    }
    try (DirectoryReader reader = DirectoryReader.open(new MMapDirectory(directory))) {
      final IndexSearcher searcher = new IndexSearcher(reader);
      searcher.setQueryCache(null);
      for (String mode : new String[] {"plain", "count", "should", "function", "facets"}) {
        final Map<String, double[]> best = new LinkedHashMap<>();
        final Map<String, Integer> counts = new LinkedHashMap<>();
        long matches = 0;
        for (int round = 0; round < rounds + 2; ++round) { // the first two warm the compiler up
          final Map<String, Long> sums = new LinkedHashMap<>();
          counts.clear();
          for (int i = 0; i < cases.size(); ++i) {
            final SearchCase searchCase = cases.get(i);
            final List<Affinity> visitor = visitors.get(i % visitors.size());
            final long start = System.nanoTime();
            matches += run(searcher, mode, searchCase, visitor);
            sums.merge(searchCase.set(), System.nanoTime() - start, Long::sum);
            counts.merge(searchCase.set(), 1, Integer::sum);
          }
          if (round < 2) continue;
          for (Map.Entry<String, Long> sum : sums.entrySet()) {
            best.computeIfAbsent(sum.getKey(), key -> new double[] {Double.MAX_VALUE});
            best.get(sum.getKey())[0] = Math.min(best.get(sum.getKey())[0], sum.getValue() / 1e3);
          }
        }
        for (Map.Entry<String, double[]> entry : best.entrySet()) {
          System.out.printf("%s\t%s\t%.1f%n", mode, entry.getKey(), entry.getValue()[0] / counts.get(entry.getKey()));
        }
        if (matches == 0) throw new IllegalStateException("no query matched anything");
      }
    }
  }

  static int index(Path corpus, Path directory) throws Exception {
    final FieldType words = new FieldType();
    words.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
    words.setTokenized(true);
    words.freeze();
    final FieldType edges = new FieldType();
    edges.setIndexOptions(IndexOptions.DOCS);
    edges.setOmitNorms(true);
    edges.setTokenized(true);
    edges.freeze();
    int documents = 0;
    final IndexWriterConfig config = new IndexWriterConfig(new WhitespaceAnalyzer());
    config.setRAMBufferSizeMB(256);
    try (IndexWriter writer = new IndexWriter(new MMapDirectory(directory), config);
        BufferedReader lines = Files.newBufferedReader(corpus.resolve("documents.tsv"), StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        final String[] cells = line.split("\t");
        final Document document = new Document();
        document.add(new Field("text", cells[1] + " " + cells[2], words));
        final TreeSet<String> prefixes = new TreeSet<>();
        for (String word : (cells[1] + " " + cells[2]).split(" "))
          for (int letters = 1; letters <= 3; ++letters) prefixes.add(word.substring(0, letters));
        document.add(new Field("edge", String.join(" ", prefixes), edges));
        for (int facet = 0; facet < FACETS.length; ++facet) {
          document.add(new StringField(FACETS[facet], cells[3 + facet], Field.Store.NO));
          document.add(new NumericDocValuesField(FACETS[facet], Integer.parseInt(cells[3 + facet])));
        }
        writer.addDocument(document);
        ++documents;
      }
      writer.forceMerge(1);
    }
    return documents;
  }

  static Query words(SearchCase searchCase) {
    final BooleanQuery.Builder query = new BooleanQuery.Builder();
    final String[] words = searchCase.query().split(" ");
    for (int i = 0; i < words.length; ++i) {
      final boolean prefix = searchCase.lastIsPrefix() && i + 1 == words.length;
      query.add(new TermQuery(new Term(prefix ? "edge" : "text", words[i])), BooleanClause.Occur.MUST);
    }
    return query.build();
  }

  static long run(IndexSearcher searcher, String mode, SearchCase searchCase, List<Affinity> visitor) throws Exception {
    Query query = words(searchCase);
    switch (mode) {
      case "should" -> {
        final BooleanQuery.Builder boosted = new BooleanQuery.Builder();
        boosted.add(query, BooleanClause.Occur.MUST);
        for (Affinity affinity : visitor) {
          final Query term = new TermQuery(new Term(FACETS[affinity.facet()], Integer.toString(affinity.value())));
          boosted.add(new BoostQuery(new ConstantScoreQuery(term), affinity.score()), BooleanClause.Occur.SHOULD);
        }
        query = boosted.build();
      }
      case "function" -> query = new FunctionScoreQuery(query, new AffinitySource(visitor));
      default -> { }
    }
    final TopScoreDocCollector top =
        TopScoreDocCollector.create(TOP, mode.equals("plain") ? TOP : Integer.MAX_VALUE);
    if (mode.equals("facets")) {
      final FacetCounter counter = new FacetCounter();
      searcher.search(query, MultiCollector.wrap(top, counter));
      long sum = 0;
      for (int[] counts : counter.counts) sum += counts[0];
      return top.getTotalHits() + (sum & 1);
    }
    searcher.search(query, top);
    return top.topDocs().totalHits.value;
  }

  /** Counts the values of all six facets over every match. */
  static final class FacetCounter extends SimpleCollector {
    final int[][] counts = Arrays.stream(FACET_VALUES).mapToObj(int[]::new).toArray(int[][]::new);
    private final NumericDocValues[] columns = new NumericDocValues[FACETS.length];

    @Override
    protected void doSetNextReader(LeafReaderContext context) throws java.io.IOException {
      for (int i = 0; i < FACETS.length; ++i) columns[i] = context.reader().getNumericDocValues(FACETS[i]);
    }

    @Override
    public void collect(int document) throws java.io.IOException {
      for (int i = 0; i < FACETS.length; ++i)
        if (columns[i].advanceExact(document)) ++counts[i][(int) columns[i].longValue()];
    }

    @Override
    public ScoreMode scoreMode() {
      return ScoreMode.COMPLETE_NO_SCORES;
    }
  }

  /** The text score plus the visitor's score of the document's facet values, from doc values. */
  static final class AffinitySource extends DoubleValuesSource {
    private final float[][] table = new float[FACETS.length][];

    AffinitySource(List<Affinity> visitor) {
      for (Affinity affinity : visitor) {
        if (table[affinity.facet()] == null) table[affinity.facet()] = new float[FACET_VALUES[affinity.facet()]];
        table[affinity.facet()][affinity.value()] = affinity.score();
      }
    }

    @Override
    public DoubleValues getValues(LeafReaderContext context, DoubleValues scores) throws java.io.IOException {
      final NumericDocValues[] columns = new NumericDocValues[FACETS.length];
      for (int i = 0; i < FACETS.length; ++i)
        if (table[i] != null) columns[i] = context.reader().getNumericDocValues(FACETS[i]);
      return new DoubleValues() {
        private double value;

        @Override
        public double doubleValue() {
          return value;
        }

        @Override
        public boolean advanceExact(int document) throws java.io.IOException {
          value = scores.advanceExact(document) ? scores.doubleValue() : 0;
          for (int i = 0; i < columns.length; ++i)
            if (columns[i] != null && columns[i].advanceExact(document)) value += table[i][(int) columns[i].longValue()];
          return true;
        }
      };
    }

    @Override
    public boolean needsScores() {
      return true;
    }

    @Override
    public DoubleValuesSource rewrite(IndexSearcher searcher) {
      return this;
    }

    @Override
    public boolean isCacheable(LeafReaderContext context) {
      return false;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public String toString() {
      return "affinities";
    }
  }
}

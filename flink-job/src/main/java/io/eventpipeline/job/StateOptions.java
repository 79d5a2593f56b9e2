package io.eventpipeline.job;

import java.util.Collection;
import java.util.List;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.state.rocksdb.ConfigurableRocksDBOptionsFactory;
import org.apache.flink.state.rocksdb.RocksDBOptionsFactory;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;

/**
 * How RocksDB keeps this job's state: small values, asked for once each, flushed with every
 * checkpoint.
 *
 * <p>A checkpoint a second leaves a small file a second. The default, levels, rewrites the first
 * level for every four of them; universal compaction merges files of like size, so that a value is
 * rewritten a few times in all. The price is up to twice the disk. Most identities are new, and a
 * Bloom filter (10 bits a key: one file in a hundred is read in vain) answers for each file without
 * reading it.
 *
 * <p>Most new identities are not looked up at all ({@link RecentIdentities}).
 *
 * <p>Filters and indices are cut into blocks ({@code RocksDBOptions.USE_PARTITIONED_INDEX_FILTERS},
 * set in {@link Main}; Flink then puts a filter of the same size in place of this one). Whole, the
 * filter of a file of 2 million identities is larger than any of the cache's 64 shards may hold,
 * and is read from the disk anew for every event: 3,200 events/s instead of 70,000 with 192 MB of
 * managed memory ({@code bench/run dedup 6000000 1024}).
 */
public class StateOptions implements ConfigurableRocksDBOptionsFactory {
  private static final long serialVersionUID = 1L;
  private static final double BLOOM_BITS = 10;
  private static final int FILES_UNMERGED = 8;

  @Override
  public RocksDBOptionsFactory configure(ReadableConfig configuration) {
    return this;
  }

  @Override
  public DBOptions createDBOptions(DBOptions options, Collection<AutoCloseable> handles) {
    return options;
  }

  @Override
  public ColumnFamilyOptions createColumnOptions(
      ColumnFamilyOptions options, Collection<AutoCloseable> handles) {
    BloomFilter bloom = new BloomFilter(BLOOM_BITS, false);
    handles.add(bloom);
    if (options.tableFormatConfig() instanceof BlockBasedTableConfig table) {
      table.setFilterPolicy(bloom);
      options.setTableFormatConfig(table);
    }
    return options
        .setCompactionStyle(CompactionStyle.UNIVERSAL)
        .setLevel0FileNumCompactionTrigger(FILES_UNMERGED)
        // Not setCompressionType: Flink sets Snappy for all levels, and levels go before it
        .setCompressionPerLevel(List.of(CompressionType.LZ4_COMPRESSION));
  }
}

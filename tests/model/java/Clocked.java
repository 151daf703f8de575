package model;

import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.classic.StreamingQuery;
import org.apache.spark.sql.execution.streaming.sources.MemorySink;
import org.apache.spark.sql.streaming.OutputMode;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.util.ManualClock;
import scala.Option;
import scala.collection.immutable.Map$;

/** A query whose trigger goes by a clock that is moved by hand. */
public class Clocked {
  private static class Ticker extends ManualClock {
    volatile long waitsFor = 0;

    Ticker(long now) {
      super(now);
    }

    public long waitTillTime(long target) {
      waitsFor = target;
      return super.waitTillTime(target);
    }
  }

  private final MemorySink sink = new MemorySink();
  private final StreamingQuery query;
  private final Ticker clock;

  public Clocked(Dataset rows, String checkpoint, OutputMode mode, String every, long begin)
      throws Exception {
    clock = new Ticker(begin);
    Option none = Option.empty();
    query = ((SparkSession) rows.sparkSession()).streams().startQuery(
        none, none, Option.apply(checkpoint), rows, Map$.MODULE$.empty(), sink, mode,
        false, true, Trigger.ProcessingTime(every), clock, none, none);
    settle(begin);
  }

  public MemorySink sink() {
    return sink;
  }

  public StreamingQuery query() {
    return query;
  }

  /** Moves the clock, and waits until the query has done what it does at that time. */
  public void tick(long now) throws Exception {
    clock.setTime(now);
    settle(now);
  }

  private void settle(long now) throws Exception {
    while (clock.waitsFor <= now && query.isActive()) Thread.sleep(2);
  }
}

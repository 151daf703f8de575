package model;

import java.util.List;
import org.apache.spark.sql.execution.streaming.runtime.MemoryStreamBaseClass;
import org.apache.spark.sql.execution.streaming.runtime.MicroBatchExecution;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction0;

/** Adds to all of a query's streams while it cannot look. */
public class Together {
  public static void add(MicroBatchExecution query, final List streams, final List lines) {
    query.withProgressLocked(new AbstractFunction0() {
      public Object apply() {
        for (int side = 0; side < streams.size(); side++) {
          List some = (List) lines.get(side);
          if (some.isEmpty() && streams.size() > 1) continue;
          MemoryStreamBaseClass stream = (MemoryStreamBaseClass) streams.get(side);
          stream.addData(CollectionConverters.asScala(some).toSeq());
        }
        return null;
      }
    });
  }
}

package model;

import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What each micro-batch writes, as the memory sink would tell it, which in complete forgets. */
public class Collected implements VoidFunction2 {
  private final Map batches = new TreeMap();

  public synchronized void call(Object rows, Object id) {
    batches.put(id, ((Dataset) rows).collectAsList());
  }

  public synchronized String toDebugString() {
    StringBuilder text = new StringBuilder();
    for (Iterator all = batches.entrySet().iterator(); all.hasNext();) {
      Map.Entry batch = (Map.Entry) all.next();
      text.append(batch.getKey()).append(":");
      for (Iterator rows = ((java.util.List) batch.getValue()).iterator(); rows.hasNext();) {
        text.append(" ").append(rows.next());
      }
      text.append("\n");
    }
    return text.toString();
  }
}

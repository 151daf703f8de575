package model;

import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/** The local disk without .crc files, and without a process of chmod for each file. */
public class QuickFs extends RawLocalFileSystem {
  @Override
  public void setPermission(Path path, FsPermission permission) {}
}

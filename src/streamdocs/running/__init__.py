"""Pages are run here: a build, its JVM, a kernel a page, and the cache of what they printed."""

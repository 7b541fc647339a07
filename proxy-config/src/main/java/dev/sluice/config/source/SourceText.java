package dev.sluice.config.source;

/** The text of a file that was read, as far as it is kept: whole, or in parts that are read again one by one. */
sealed interface SourceText permits SourceFile, FileParts {}

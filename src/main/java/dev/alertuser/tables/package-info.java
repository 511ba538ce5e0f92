/** Tables in Azure Storage: how to ask one, and kept answers and lookups in theirs. */
@NullMarked
package dev.alertuser.tables;

import org.jspecify.annotations.NullMarked;

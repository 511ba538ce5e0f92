/** Tables in Azure Storage: access to one table, and the adapters for the answer cache, pending lookups and their retention. */
@NullMarked
package dev.alertuser.tables;

import org.jspecify.annotations.NullMarked;

/** Kept answers and lookups in Table storage. */
@NullMarked
package dev.alertuser.lookups;

import org.jspecify.annotations.NullMarked;

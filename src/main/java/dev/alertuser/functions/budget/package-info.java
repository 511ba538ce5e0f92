/** {@code GET budget}: the state of the shared budget as JSON and as a page. */
@NullMarked
package dev.alertuser.functions.budget;

import org.jspecify.annotations.NullMarked;

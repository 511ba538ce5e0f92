/** {@code GET analyst}: the page for analysts. */
@NullMarked
package dev.alertuser.functions.analyst;

import org.jspecify.annotations.NullMarked;

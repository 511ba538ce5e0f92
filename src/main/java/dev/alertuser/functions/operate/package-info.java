/** Functions for operators and the platform: health, warm-up, purge, and the API documents. */
@NullMarked
package dev.alertuser.functions.operate;

import org.jspecify.annotations.NullMarked;

/** Sentinel Account entities, made from users. */
@NullMarked
package dev.alertuser.payload.account;

import org.jspecify.annotations.NullMarked;
